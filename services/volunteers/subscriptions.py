"""What volunteers hears of the others, and of itself: durable consumers by name.

Apart from consumers.py, because `linli migrate` makes them and needs nothing of what they do.
"""

from shared.infra.bus import Subscription

DIRECTORY = Subscription("volunteers", "directory", "directory", ("directory.changed",))
HAND_OVERS = Subscription("volunteers", "hand_overs", "directory", ("office.handed_over",))
PETITIONS = Subscription("volunteers", "petitions", "petitions", ("petition.*",))
AWARDS = Subscription("volunteers", "awards", "volunteers", ("service_record.approved",))

SUBSCRIPTIONS = [DIRECTORY, HAND_OVERS, PETITIONS, AWARDS]
