"""Examples for the documentation, as they come out of a running system."""

from typing import Any

from services.volunteers.schemas.points import MY_POINTS

_OPENING_ROW: dict[str, Any] = {
    "id": "01932f0b-7c55-7d0e-9a53-2f3c1d1c8a11",
    "version": 1,
    "kind": "task",
    "status": "open",
    "title": "修门期间帮忙看门",
    "petition": {"id": "01932f0a-7c55-7d0e-9a53-2f3c1d1c8a11", "number": "271828188"},
    "area": {"id": "01932f08-2222-7d0e-9a53-2f3c1d1c8a11", "name": "3号楼"},
    "tenant": {"id": "01932f08-4444-7d0e-9a53-2f3c1d1c8a11", "name": "长征社区"},
    "leader": {"id": "01932f08-6666-7d0e-9a53-2f3c1d1c8a11", "name": "刘新梅"},
    "location": {"lat": 45.5932, "lon": 84.8731, "coord_sys": "wgs84"},
    "starts_at": "2026-03-01T11:00:00+00:00",
    "ends_at": "2026-03-01T13:00:00+00:00",
    "capacity": 2,
    "taken": 1,
    "points": 15,
}
NOTHING: dict[str, Any] = {}
OPEN: dict[str, Any] = {
    "kind": "task",
    "petition_id": "01932f0a-7c55-7d0e-9a53-2f3c1d1c8a11",
    "title": "修门期间帮忙看门",
    "text": "门禁修好之前，晚饭后在单元门口值守两小时，帮老人开门。",
    "starts_at": "2026-03-01T19:00:00+08:00",
    "ends_at": "2026-03-01T21:00:00+08:00",
    "capacity": 2,
    "points": 15,
}
SHOW_CODE: dict[str, Any] = {"code": "7K2P X94D"}
HAND_IN: dict[str, Any] = {
    "text": "晚上七点到九点值守，帮六位老人开了门。",
    "attachments": ["01932f0b-8888-7d0e-9a53-2f3c1d1c8a11"],
}
REJECT: dict[str, Any] = {"text": "签到后就离开了，没有参加服务。"}
CANCEL: dict[str, Any] = {"text": "临时有事，来不了了。"}
OPENINGS: dict[str, Any] = {"items": [_OPENING_ROW | {"distance_m": 320}], "next_cursor": None}
OPENING: dict[str, Any] = {
    **_OPENING_ROW,
    "text": "门禁修好之前，晚饭后在单元门口值守两小时，帮老人开门。",
    "rule_version": 1,
    "own_record": None,
    "created_at": "2026-03-01T02:30:00+00:00",
    "updated_at": "2026-03-01T02:30:00+00:00",
    "allowed_actions": ["claim"],
}
CODE: dict[str, Any] = {"code": "7K2PX94D", "expires_at": "2026-03-01T11:00:30+00:00"}
_RECORD_ROW: dict[str, Any] = {
    "id": "01932f0c-7c55-7d0e-9a53-2f3c1d1c8a11",
    "version": 4,
    "status": "submitted",
    "opening": {
        "id": _OPENING_ROW["id"],
        "kind": "task",
        "title": "修门期间帮忙看门",
        "starts_at": "2026-03-01T11:00:00+00:00",
        "ends_at": "2026-03-01T13:00:00+00:00",
    },
    "petition_id": "01932f0a-7c55-7d0e-9a53-2f3c1d1c8a11",
    "area": _OPENING_ROW["area"],
    "person": {"id": "01932f08-7777-7d0e-9a53-2f3c1d1c8a11", "name": "古丽娜尔·艾山"},
    "checked_in_at": "2026-03-01T10:55:00+00:00",
    "checked_out_at": "2026-03-01T13:02:00+00:00",
    "minutes": 120,
    "evidence_grade": "A",
    "points": 0,
    "created_at": "2026-03-01T03:00:00+00:00",
    "updated_at": "2026-03-01T13:10:00+00:00",
}
RECORDS: dict[str, Any] = {"items": [_RECORD_ROW], "next_cursor": None}
FIRST_SCREEN: dict[str, Any] = {"tasks": [_RECORD_ROW], "points": MY_POINTS}
RECORD: dict[str, Any] = {
    **_RECORD_ROW,
    "view": "full",
    "text": "晚上七点到九点值守，帮六位老人开了门。",
    "attachments": [],
    "rule_version": 1,
    "transfer_id": None,
    "history": [
        {
            "version": 1,
            "at": "2026-03-01T03:00:00+00:00",
            "action": "claim",
            "from": None,
            "to": "confirmed",
            "actor_role": "volunteer",
            "facts": {},
            "note": None,
        }
    ],
    "allowed_actions": ["approve", "reject"],
}


def after(status: str, *allowed: str) -> dict[str, Any]:
    """The service record as an action leaves it."""
    return RECORD | {"status": status, "allowed_actions": list(allowed)}
