"""Which day it is: offices, memberships and roles begin and end with a day of Beijing time."""

from datetime import date, datetime

from shared.kernel.clock import BEIJING


def day_of(moment: datetime) -> date:
    """The day in China at that moment."""
    return moment.astimezone(BEIJING).date()


def next_turn(starts_on: date | None, ends_on: date | None, day: date) -> date | None:
    """The next day after `day` on which something that is held begins or ends; None when nothing is to come."""
    return min((turn for turn in (starts_on, ends_on) if turn is not None and turn > day), default=None)
