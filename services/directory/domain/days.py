"""Which day it is: offices, memberships and roles begin and end with a day of Beijing time."""

from datetime import date, datetime, timedelta, timezone

#: China has one time zone and, since 1991, no summer time.
_BEIJING = timezone(timedelta(hours=8))


def day_of(moment: datetime) -> date:
    """The day in China at that moment."""
    return moment.astimezone(_BEIJING).date()
