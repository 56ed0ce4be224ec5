"""The pure rules of petitions: states and who may act, deadlines, numbers, search terms, levels."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.petitions.domain.deadlines import Urgency, is_working_day, promise
from services.petitions.domain.levels import level_after_dispute
from services.petitions.domain.numbers import is_number, number_of
from services.petitions.domain.permissions import Relation, Standing, acting_as, relations
from services.petitions.domain.search import query_terms, terms
from services.petitions.domain.states import ENDED, MOVES, OPEN, Action, Status, allowed_actions
from shared.kernel.actor import Actor, Grant, Role

AREA, TENANT, STREET, ELSEWHERE, COMPANY = (uuid4() for _ in range(5))


def actor(*grants: tuple[Role, UUID | None, UUID | None]) -> Actor:
    return Actor(uuid4(), tuple(Grant(*grant) for grant in grants))


def standing(**more: object) -> Standing:
    given = {"reporter_id": uuid4(), "holder_id": uuid4(), "co_handler_ids": frozenset()} | more
    return Standing(**given, area_path=frozenset({STREET, TENANT, AREA}))


@pytest.mark.parametrize(("status", "relation"), list(product(Status, Relation)))
def test_the_table_alone_says_what_is_allowed(status: Status, relation: Relation) -> None:
    allowed = allowed_actions(status, frozenset({relation}))
    assert allowed == [a for a in Action if status in MOVES[a].starts and relation in MOVES[a].who]


def test_nothing_leaves_an_end_and_every_open_state_has_a_way_out() -> None:
    for status in ENDED:
        assert allowed_actions(status, frozenset(Relation)) == []
    for status in OPEN:
        assert allowed_actions(status, frozenset(Relation))


def test_every_state_can_be_reached_from_submission() -> None:
    reached = {Status.SUBMITTED}
    for _ in Status:
        reached |= {move.leads_to for move in MOVES.values() if move.starts & reached}
    assert reached == set(Status)


@pytest.mark.parametrize("relation", [Relation.CO_HANDLER, Relation.OFFICER, Relation.OVERSIGHT])
def test_those_who_only_see_it_may_do_nothing(relation: Relation) -> None:
    assert all(allowed_actions(status, frozenset({relation})) == [] for status in Status)


@pytest.mark.parametrize("root", [AREA, TENANT, STREET])
def test_staff_of_the_place_and_above_are_staff(root: UUID) -> None:
    assert relations(actor((Role.COMMUNITY_STAFF, root, None)), standing()) == {Relation.STAFF}


def test_staff_of_another_place_are_nothing() -> None:
    assert relations(actor((Role.COMMUNITY_STAFF, ELSEWHERE, None)), standing()) == frozenset()
    assert relations(actor((Role.RESIDENT, TENANT, None)), standing()) == frozenset()


def test_an_organisation_holds_through_its_staff_only() -> None:
    held = standing(holder_id=COMPANY)
    assert relations(actor((Role.ORGANISATION_STAFF, None, COMPANY)), held) == {Relation.HOLDER}
    assert relations(actor((Role.TEAM_LEADER, None, COMPANY)), held) == frozenset()


def test_the_history_names_the_role_that_let_somebody_act() -> None:
    officer = actor((Role.RESIDENT, TENANT, None), (Role.GRID_OFFICER, AREA, None))
    held = standing(holder_id=officer.person_id)
    assert acting_as(officer, frozenset({Relation.HOLDER}), held) == "grid_officer"
    clerk = actor((Role.ORGANISATION_STAFF, None, COMPANY))
    assert acting_as(clerk, frozenset({Relation.HOLDER}), standing(holder_id=COMPANY)) == "organisation_staff"
    staff = actor((Role.STREET_STAFF, STREET, None))
    assert acting_as(staff, frozenset({Relation.STAFF}), standing()) == "street_staff"
    assert acting_as(actor(), frozenset({Relation.REPORTER}), standing()) == "reporter"
    assert acting_as(actor(), frozenset({Relation.HOLDER}), standing()) == "holder"


@pytest.mark.parametrize(
    ("urgency", "response", "resolution"),
    [
        (Urgency.DANGER, timedelta(hours=1), timedelta(hours=24)),
        (Urgency.UTILITY, timedelta(hours=2), timedelta(hours=48)),
        (Urgency.ORDINARY, timedelta(hours=24), timedelta(days=7)),
        (Urgency.COMPLEX, timedelta(hours=24), timedelta(days=15)),
    ],
)
def test_each_class_has_its_deadlines(urgency: Urgency, response: timedelta, resolution: timedelta) -> None:
    since = datetime(2025, 3, 3, 4, 0, tzinfo=UTC)
    due = promise(urgency, since)
    assert (due.respond_by - since, due.resolve_by - since) == (response, resolution)


def test_a_consultation_takes_three_working_days_over_a_holiday() -> None:
    # 2025: 1 to 8 October off for National Day and Mid-Autumn, 28 September and 11 October worked.
    asked = datetime(2025, 9, 29, 2, 0, tzinfo=UTC)  # a Monday, 10:00 in China
    assert promise(Urgency.CONSULTATION, asked).resolve_by == datetime(2025, 10, 10, 2, 0, tzinfo=UTC)
    saturday = datetime(2025, 3, 8, 2, 0, tzinfo=UTC)  # as if asked first thing on Monday
    assert promise(Urgency.CONSULTATION, saturday).resolve_by == datetime(2025, 3, 12, 16, 0, tzinfo=UTC)


def test_a_make_up_day_is_worked_and_an_unknown_year_falls_back_to_weekdays() -> None:
    assert is_working_day(date(2025, 9, 28)) and not is_working_day(date(2025, 10, 3))
    assert is_working_day(date(2090, 1, 2)) and not is_working_day(date(2090, 1, 1))


@given(st.integers(0, 10**8 - 1), st.integers(0, 10**8 - 1))
def test_numbers_are_different_and_well_formed(one: int, other: int) -> None:
    assert is_number(number_of(one))
    assert (number_of(one) == number_of(other)) == (one == other)


@given(st.integers(0, 10**8 - 1), st.integers(0, 8), st.integers(1, 9))
def test_a_wrong_digit_is_noticed(sequence: int, position: int, by: int) -> None:
    number = number_of(sequence)
    wrong = str((int(number[position]) + by) % 10)
    assert not is_number(number[:position] + wrong + number[position + 1 :])


def test_numbers_do_not_tell_how_many_came_before() -> None:
    first, second = int(number_of(1)[:8]), int(number_of(2)[:8])
    assert abs(first - second) > 1000


@pytest.mark.parametrize("text", ["", "12345678", "1234567890", "１２３４５６７８９", "12345678x"])
def test_what_is_no_number(text: str) -> None:
    assert not is_number(text)


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=2, max_size=40), st.data())
def test_every_substring_of_two_or_more_characters_is_found(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 2))
    end = data.draw(st.integers(start + 2, len(text)))
    assert set(query_terms(text[start:end])) <= set(terms(text))


@given(st.text(max_size=200))
def test_terms_are_plain_words(text: str) -> None:
    for term in terms(text):
        assert term and "'" not in term and "\\" not in term and not term.isspace()


def test_single_characters_are_no_search() -> None:
    assert query_terms("灯") == [] and query_terms("？！") == [] and query_terms("LED 灯泡") == ["led", "灯泡"]


def test_levels() -> None:
    district, street, community, grid = (uuid4() for _ in range(4))
    path = [district, street, community, grid]
    assert level_after_dispute(path, community, 1) == community
    assert level_after_dispute(path, community, 2) == street
    assert level_after_dispute(path, street, 3) == district
    assert level_after_dispute(path, district, 4) == district
