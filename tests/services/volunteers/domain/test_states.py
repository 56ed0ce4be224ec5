"""The table of a service record: who may do what in which state, and when."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.volunteers.domain.permissions import Relation
from services.volunteers.domain.states import MOVES, Action, Status, allowed_actions, diagram
from services.volunteers.domain.windows import Window

R = Relation
START = datetime(2026, 3, 2, 11, tzinfo=UTC)
WINDOW = Window(START, START + timedelta(hours=2))
DURING = START + timedelta(hours=1)

#: Every state in which somebody may do something while the opening runs; all else is nothing.
MAY = {
    (Status.CONFIRMED, R.VOLUNTEER): {Action.CHECK_IN, Action.CANCEL},
    (Status.CONFIRMED, R.LEADER): {Action.CANCEL},
    (Status.CONFIRMED, R.STAFF): {Action.CANCEL},
    (Status.CHECKED_IN, R.VOLUNTEER): {Action.CHECK_OUT},
    (Status.CHECKED_OUT, R.VOLUNTEER): {Action.SUBMIT},
    (Status.SUBMITTED, R.LEADER): {Action.APPROVE, Action.REJECT},
    (Status.SUBMITTED, R.STAFF): {Action.APPROVE, Action.REJECT},
    (Status.SUBMITTED, R.TEAM_LEADER): {Action.APPROVE, Action.REJECT},
}


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("relation", Relation)
def test_each_relation_may_do_in_each_state_what_the_table_says(status: Status, relation: Relation) -> None:
    allowed = allowed_actions(status, frozenset({relation}), WINDOW, DURING)
    assert set(allowed) == MAY.get((status, relation), set())


@pytest.mark.parametrize("relation", [R.LEADER, R.STAFF, R.TEAM_LEADER])
@pytest.mark.parametrize("involved", [R.VOLUNTEER, R.RECORDER])
def test_nobody_approves_their_own_service_or_what_they_recorded(relation: Relation, involved: Relation) -> None:
    mine = frozenset({relation, involved})
    assert not {Action.APPROVE, Action.REJECT} & set(allowed_actions(Status.SUBMITTED, mine, WINDOW, DURING))


@pytest.mark.parametrize(
    ("action", "minutes_from_start", "allowed"),
    [
        (Action.CHECK_IN, -31, False),
        (Action.CHECK_IN, -30, True),
        (Action.CHECK_IN, 119, True),
        (Action.CHECK_IN, 120, False),
        (Action.CANCEL, -10_000, True),
        (Action.CANCEL, 120, False),
        (Action.CHECK_OUT, -29, True),
        (Action.CHECK_OUT, 120 + 359, True),
        (Action.CHECK_OUT, 120 + 360, False),
        (Action.SUBMIT, 100_000, True),
    ],
)
def test_actions_have_their_time(action: Action, minutes_from_start: int, allowed: bool) -> None:
    (status,) = MOVES[action].starts
    now = START + timedelta(minutes=minutes_from_start)
    assert (action in allowed_actions(status, frozenset({R.VOLUNTEER}), WINDOW, now)) is allowed


def test_the_readme_shows_the_diagram_of_the_table() -> None:
    readme = Path(__file__).parents[4] / "services" / "volunteers" / "README.md"
    assert diagram() in readme.read_text(encoding="utf-8")
