"""A problem speaks to people in their words and their time, and to programs in codes."""

from datetime import UTC, datetime

import orjson

from services.petitions.domain.states import Action, Status
from services.volunteers.domain.errors import NotNow
from shared.kernel.errors import Conflict


def test_states_and_actions_are_said_in_chinese_and_stand_as_codes_beside() -> None:
    problem = Conflict(state=Status.RESOLVED, allowed_actions=[Action.CONFIRM, Action.DISPUTE])
    body = orjson.loads(orjson.dumps(problem.body("zh-CN")))
    assert "已办结（待确认）" in body["detail"] and "确认、不认可" in body["detail"]
    assert body["state"] == "resolved" and body["allowed_actions"] == ["confirm", "dispute"]
    assert "resolved" in problem.body("en")["detail"]


def test_times_are_those_of_beijing_to_the_minute_and_exact_beside() -> None:
    problem = NotNow(opens_at=datetime(2026, 3, 2, 16, 30, tzinfo=UTC))
    assert "3月3日 00:30" in problem.body("zh-CN")["detail"] and "—" in problem.body("zh-CN")["detail"]
    assert "2026-03-03 00:30 (Beijing time)" in problem.body("en")["detail"]
    assert orjson.loads(orjson.dumps(problem.body("en")))["opens_at"] == "2026-03-02T16:30:00+00:00"
