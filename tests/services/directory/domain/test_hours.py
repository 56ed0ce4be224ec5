"""domain/hours: open now and next, at midnight, on holidays and make-up days, on exceptions, through the night."""

from datetime import date, datetime
from typing import Any

import pytest

from services.directory.domain.hours import DAYS, Opening, last_day, opening, read
from shared.kernel.clock import BEIJING

_WORKDAYS = list(DAYS[:5])


def at(text: str) -> datetime:
    """A moment of Beijing time."""
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


def weekly(opens: str, closes: str, days: list[str] = _WORKDAYS, **more: Any) -> dict[str, Any]:
    return {"days": days, "opens": opens, "closes": closes, **more}


def schedule(
    *weeks: dict[str, Any], dates: dict[str, list[dict[str, Any]]] | None = None, holidays: bool = True
) -> Any:
    days = [{"on": day, "hours": hours} for day, hours in (dates or {}).items()]
    return read({"weekly": list(weeks), "dates": days, "observes_holidays": holidays})


HALL = schedule(weekly("09:30", "13:30"), weekly("16:00", "19:30"))


def said(found: Opening) -> tuple[bool, str | None]:
    """Open, and until when; or closed, and until when that is."""
    moment = found.until if found.open else found.opens
    return found.open, moment.strftime("%m-%d %H:%M") if moment else None


@pytest.mark.parametrize(
    ("moment", "open", "turns"),
    [
        ("2026-03-02 09:29:59", False, "03-02 09:30"),
        ("2026-03-02 09:30:00", True, "03-02 13:30"),
        ("2026-03-02 13:29:59", True, "03-02 13:30"),
        ("2026-03-02 13:30:00", False, "03-02 16:00"),
        ("2026-03-02 19:30:00", False, "03-03 09:30"),
        ("2026-03-06 20:00:00", False, "03-09 09:30"),  # over the weekend
        ("2026-03-02 00:00:00", False, "03-02 09:30"),
    ],
)
def test_a_hall_opens_with_its_first_minute_and_closes_with_its_last(moment: str, open: bool, turns: str) -> None:
    assert said(opening(HALL, at(moment))) == (open, turns)


def test_a_moment_is_judged_by_beijing_time_whatever_its_zone() -> None:
    utc = datetime.fromisoformat("2026-03-01T16:30:00+00:00")  # half past midnight on Monday in Beijing
    night = schedule(weekly("00:00", "01:00", ["mo"]), holidays=False)
    assert said(opening(night, utc)) == (True, "03-02 01:00")


def test_a_public_holiday_is_closed_and_its_make_up_day_has_mondays_hours() -> None:
    # The notice for 2026: Labour Day is 1–5 May, and Saturday 9 May is worked.
    assert said(opening(HALL, at("2026-05-01 10:00"))) == (False, "05-06 09:30")
    assert said(opening(HALL, at("2026-05-09 10:00"))) == (True, "05-09 13:30")
    assert opening(HALL, at("2026-05-01 10:00")).holidays_known


def test_a_saturday_within_a_holiday_is_closed_for_who_opens_on_saturdays() -> None:
    saturdays = schedule(weekly("09:00", "12:00", ["sa"]))
    assert said(opening(saturdays, at("2026-05-02 10:00"))) == (False, "05-16 09:00")  # 9 May is worked: as a Monday
    assert said(opening(saturdays, at("2026-04-25 10:00"))) == (True, "04-25 12:00")


def test_a_market_pays_no_heed_to_holidays() -> None:
    market = schedule(weekly("06:00", "20:00", list(DAYS)), holidays=False)
    assert said(opening(market, at("2026-05-01 10:00"))) == (True, "05-01 20:00")


def test_a_year_whose_holidays_nobody_knows_goes_by_the_day_of_the_week_and_says_so() -> None:
    found = opening(HALL, at("2099-10-01 10:00"))  # a Thursday
    assert said(found) == (True, "10-01 13:30") and not found.holidays_known
    market = schedule(weekly("06:00", "20:00", list(DAYS)), holidays=False)
    assert opening(market, at("2099-10-01 10:00")).holidays_known


def test_a_single_date_goes_before_the_week_and_before_a_holiday() -> None:
    hours = [{"opens": "10:00", "closes": "11:00"}]
    hall = schedule(weekly("09:30", "13:30"), dates={"2026-03-03": [], "2026-05-01": hours})
    assert said(opening(hall, at("2026-03-03 10:00"))) == (False, "03-04 09:30")
    assert said(opening(hall, at("2026-05-01 10:30"))) == (True, "05-01 11:00")


def test_hours_through_the_night_go_on_after_midnight_also_into_a_closed_day() -> None:
    pharmacy = schedule(weekly("22:00", "06:00", ["mo"], overnight=True), dates={"2026-03-03": []})
    assert said(opening(pharmacy, at("2026-03-02 23:59"))) == (True, "03-03 06:00")
    assert said(opening(pharmacy, at("2026-03-03 00:00"))) == (True, "03-03 06:00")
    assert said(opening(pharmacy, at("2026-03-03 05:59"))) == (True, "03-03 06:00")
    assert said(opening(pharmacy, at("2026-03-03 06:00"))) == (False, "03-09 22:00")


def test_hours_that_meet_at_midnight_are_one_stretch_and_day_and_night_never_closes() -> None:
    evening = schedule(weekly("20:00", "24:00", ["mo"]), weekly("00:00", "02:00", ["tu"]), holidays=False)
    assert said(opening(evening, at("2026-03-02 23:00"))) == (True, "03-03 02:00")
    always = schedule(weekly("00:00", "24:00", list(DAYS)), holidays=False)
    assert said(opening(always, at("2026-03-02 23:00"))) == (True, None)


def test_who_comes_on_single_days_opens_on_the_next_of_them_however_far_away() -> None:
    hours = [{"opens": "08:30", "closes": "11:30"}]
    sharpener = schedule(dates={"2026-05-03": hours, "2026-11-03": hours})
    assert said(opening(sharpener, at("2026-03-02 09:00"))) == (False, "05-03 08:30")
    assert said(opening(sharpener, at("2026-05-03 09:00"))) == (True, "05-03 11:30")
    assert said(opening(sharpener, at("2026-05-03 11:30"))) == (False, "11-03 08:30")
    assert said(opening(sharpener, at("2026-11-04 09:00"))) == (False, None)
    assert last_day(sharpener) == date(2026, 11, 3)
    assert last_day(HALL) is None


def test_summer_hours_hold_from_their_first_day_until_the_day_before_the_last() -> None:
    season = {"valid_from": "2026-06-01", "valid_until": "2026-10-01"}
    afternoons = schedule(weekly("15:00", "18:00", **season))
    assert said(opening(afternoons, at("2026-03-02 09:00"))) == (False, "06-01 15:00")
    assert said(opening(afternoons, at("2026-09-30 16:00"))) == (True, "09-30 18:00")
    assert said(opening(afternoons, at("2026-09-30 18:00"))) == (False, None)
    assert last_day(afternoons) == date(2026, 9, 30)
