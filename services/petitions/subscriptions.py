"""What petitions hears of the others: durable consumers by name.

Apart from consumers.py, because `linli migrate` makes them and needs nothing of what they do.
"""

from shared.infra.bus import Subscription

DIRECTORY = Subscription("petitions", "directory", "directory", ("directory.changed",))
HAND_OVERS = Subscription("petitions", "hand_overs", "directory", ("office.handed_over",))
MERGERS = Subscription("petitions", "mergers", "directory", ("organisation.merged",))
SERVICE_RECORDS = Subscription("petitions", "service_records", "volunteers", ("service_record.approved",))

SUBSCRIPTIONS = [DIRECTORY, HAND_OVERS, MERGERS, SERVICE_RECORDS]
