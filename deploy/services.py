"""Which services there are, and what they hear of each other. Costs nothing to import: no app is built from here."""

from services.petitions import subscriptions as petitions
from services.volunteers import subscriptions as volunteers

SERVICES = ("directory", "petitions", "volunteers")

SUBSCRIPTIONS = [*petitions.SUBSCRIPTIONS, *volunteers.SUBSCRIPTIONS]
