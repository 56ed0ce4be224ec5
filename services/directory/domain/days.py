"""Which day it is: offices, memberships and roles begin and end with a day of Beijing time."""

from datetime import date, datetime

from shared.kernel.clock import BEIJING


def day_of(moment: datetime) -> date:
    """The day in China at that moment."""
    return moment.astimezone(BEIJING).date()
