"""By when somebody must respond, and by when it must be resolved.

Classes and lengths: design 4-petitions, "Deadlines". Working days are China's, with the public holidays and make-up
working days that the State Council publishes each year.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

import chinese_calendar

from shared.kernel.clock import BEIJING


class Urgency(StrEnum):
    """How urgent a petition is; also its deadline class."""

    DANGER = "danger"  # life or property at risk
    UTILITY = "utility"  # water, power, gas, heating, lifts
    ORDINARY = "ordinary"
    COMPLEX = "complex"  # several organisations, or money
    CONSULTATION = "consultation"  # a question


@dataclass(frozen=True, slots=True)
class Promise:
    """What the reporter is told."""

    respond_by: datetime
    resolve_by: datetime


_LENGTHS = {
    Urgency.DANGER: (timedelta(hours=1), timedelta(hours=24)),
    Urgency.UTILITY: (timedelta(hours=2), timedelta(hours=48)),
    Urgency.ORDINARY: (timedelta(hours=24), timedelta(days=7)),
    Urgency.COMPLEX: (timedelta(hours=24), timedelta(days=15)),
}
_CONSULTATION_RESPONSE = timedelta(hours=24)
_CONSULTATION_WORKING_DAYS = 3


def promise(urgency: Urgency, since: datetime) -> Promise:
    """The deadlines of a petition submitted at `since`."""
    if urgency is Urgency.CONSULTATION:
        return Promise(since + _CONSULTATION_RESPONSE, _working_days_later(since, _CONSULTATION_WORKING_DAYS))
    response, resolution = _LENGTHS[urgency]
    return Promise(since + response, since + resolution)


def is_working_day(day: date) -> bool:
    """Whether offices are open. A year whose holidays are not published yet falls back to Monday to Friday."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


def _working_days_later(since: datetime, days: int) -> datetime:
    """The same time of day, `days` working days later; what comes in on a day off counts from the next working day."""
    local = since.astimezone(BEIJING)
    while not is_working_day(local.date()):
        local = datetime.combine(local.date() + timedelta(days=1), time(), BEIJING)
    while days:
        local += timedelta(days=1)
        if is_working_day(local.date()):
            days -= 1
    return local.astimezone(since.tzinfo)
