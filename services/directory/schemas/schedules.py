"""Schedules as people write them (domain/hours.py says what they mean)."""

import re
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, Field, model_validator

from services.directory.domain.hours import minutes
from shared.infra.web.problems import Bilingual
from shared.infra.web.types import Body, Day, Line

_TIME = r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"


def _time(given: str) -> str:
    if not re.fullmatch(_TIME, given):
        raise Bilingual(
            "time_form", "应为 00:00–24:00 之间的时刻，例如 09:00", "a time from 00:00 to 24:00, like 09:00"
        )
    return given


Time = Annotated[str, AfterValidator(_time), Field(json_schema_extra={"pattern": _TIME}, examples=["09:00"])]
DayOfWeek = Literal["mo", "tu", "we", "th", "fr", "sa", "su"]
Note = Annotated[Line, Field(min_length=1, max_length=200)]


class Hours(Body):
    """From when until when, Beijing time; what ends on the next day says so."""

    opens: Time
    closes: Time
    overnight: bool = Field(default=False, description="It closes on the next day.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        opens, closes = minutes(self.opens), minutes(self.closes)
        if opens == 1440:
            raise Bilingual("interval_order", "24:00 不能是开始时间，请写 00:00", "nothing begins at 24:00; say 00:00")
        if not self.overnight and closes <= opens:
            zh = "结束时间不晚于开始时间；如到次日才结束，请写 overnight: true"
            raise Bilingual("interval_order", zh, "it ends before it begins; if on the next day, say overnight: true")
        if self.overnight and closes > opens:
            raise Bilingual("interval_order", "一段时间不能超过 24 小时", "hours last 24 at most")
        return self


class WeeklyHours(Hours):
    """Hours of some days of the week, within a season if it has one; `valid_until` is the first day without."""

    days: list[DayOfWeek] = Field(min_length=1, max_length=7, examples=[["mo", "tu", "we", "th", "fr"]])
    valid_from: Day | None = None
    valid_until: Day | None = None

    @model_validator(mode="after")
    def _season(self) -> Self:
        if self.valid_from and self.valid_until and self.valid_until <= self.valid_from:
            raise Bilingual("season_order", "结束日期应晚于开始日期", "the season ends before it begins")
        return self


class DateHours(Body):
    """One day with hours of its own, or with none: closed. Goes before everything else."""

    on: Day
    hours: list[Hours] = Field(max_length=10)
    note: Note | None = None


class Schedule(Body):
    """When it is open. Public holidays are closed, and make-up working days 调休 have Monday's hours, unless
    `observes_holidays` is false. A timetable of single days has `dates` alone.
    """

    weekly: list[WeeklyHours] = Field(default=[], max_length=50)
    dates: list[DateHours] = Field(default=[], max_length=400)
    observes_holidays: bool = True

    @model_validator(mode="after")
    def _each_day_once(self) -> Self:
        days = [one.on for one in self.dates]
        if len(set(days)) < len(days):
            raise Bilingual("duplicate", "同一个日期出现了两次", "the same date twice")
        return self


class OpenNow(BaseModel):
    """Open now until `until` (null: round the clock), or closed until it `opens` (null: nothing is planned).

    `holidays_known` is false when the public holidays of that year are not published yet and the day of the week was
    taken instead.
    """

    open: bool
    until: datetime | None
    opens: datetime | None
    holidays_known: bool


class Walking(BaseModel):
    """The way on foot, always an estimate: a quarter more than the straight line, 80 m a minute."""

    metres: int
    minutes: int
    estimated: Literal[True]
