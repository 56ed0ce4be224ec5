"""Examples for the documentation, as they come out of a running system."""

from typing import Any

_ROW: dict[str, Any] = {
    "id": "01932f0a-7c55-7d0e-9a53-2f3c1d1c8a11",
    "number": "271828188",
    "version": 3,
    "status": "dispatched",
    "kind": "problem",
    "category": {
        "id": "01932f09-1111-7d0e-9a53-2f3c1d1c8a11",
        "name": "门禁与对讲",
        "name_en": "Door access",
    },
    "urgency": "ordinary",
    "title": "3号楼单元门禁坏了",
    "area": {"id": "01932f08-2222-7d0e-9a53-2f3c1d1c8a11", "name": "3号楼"},
    "holder": {
        "type": "organisation",
        "id": "01932f08-3333-7d0e-9a53-2f3c1d1c8a11",
        "name": "安居物业服务中心",
    },
    "round": 1,
    "respond_by": "2026-03-02T01:00:00+00:00",
    "resolve_by": "2026-03-08T01:00:00+00:00",
    "responded_at": None,
    "created_at": "2026-03-01T01:00:00+00:00",
    "updated_at": "2026-03-01T02:30:00+00:00",
}
SUBMIT: dict[str, Any] = {
    "category": "01932f09-1111-7d0e-9a53-2f3c1d1c8a11",
    "title": "3号楼单元门禁坏了",
    "text": "3号楼2单元门禁已经坏了三天，晚上陌生人可以随意进出。",
    "location": {"lat": 45.5932, "lon": 84.8731, "coord_sys": "gcj02"},
    "attachments": ["01932f0b-6666-7d0e-9a53-2f3c1d1c8a11"],
    "anonymity": "none",
}
ACCEPT: dict[str, Any] = {"category": "01932f09-1111-7d0e-9a53-2f3c1d1c8a11", "urgency": "ordinary"}
REJECT: dict[str, Any] = {
    "reason": "not_within_scope",
    "text": "这段路由市交警支队管理，已替您转告；也可拨打 122。",
}
DISPATCH: dict[str, Any] = {
    "lead": {"type": "organisation", "id": "01932f08-3333-7d0e-9a53-2f3c1d1c8a11"},
    "co_handlers": [{"type": "person", "id": "01932f09-0002-7d0e-9a53-2f3c1d1c8a11"}],
    "note": "请今天先派人看现场。",
}
START: dict[str, Any] = {"note": "已电话联系，今天下午上门。"}
RESOLVE: dict[str, Any] = {
    "outcome": "solved",
    "text": "门禁电源已更换，现在可以正常刷卡。",
    "attachments": ["01932f0b-7777-7d0e-9a53-2f3c1d1c8a11"],
}
CONFIRM: dict[str, Any] = {"rating": 5, "contacted": True}
DISPUTE: dict[str, Any] = {"solved": "no", "text": "晚上又坏了。"}
WITHDRAW: dict[str, Any] = {"text": "物业已经修好了。"}
LIST: dict[str, Any] = {"items": [_ROW], "next_cursor": None}
FIRST_SCREEN: dict[str, Any] = {"petitions": [_ROW | {"allowed_actions": []}], "held": []}
PETITION: dict[str, Any] = {
    **_ROW,
    "channel": "app",
    "text": "3号楼2单元门禁已经坏了三天，晚上陌生人可以随意进出。",
    "location": {"lat": 45.5932, "lon": 84.8731, "coord_sys": "wgs84"},
    "tenant": {"id": "01932f08-4444-7d0e-9a53-2f3c1d1c8a11", "name": "长征社区"},
    "level": "community",
    "anonymity": "none",
    "co_handlers": [],
    "resolved_at": None,
    "closed_at": None,
    "outcome": None,
    "in_time": None,
    "view": "reporter",
    "reporter": {"id": "01932f08-5555-7d0e-9a53-2f3c1d1c8a11", "name": "王秀兰"},
    "history": [
        {
            "version": 1,
            "at": "2026-03-01T01:00:00+00:00",
            "action": "submit",
            "from": None,
            "to": "submitted",
            "actor_role": "reporter",
            "facts": {},
            "public_note": None,
        }
    ],
    "attachments": [],
    "allowed_actions": ["withdraw"],
}
HISTORY: dict[str, Any] = {"items": PETITION["history"], "next_cursor": None}
_LINK = "https://linli.example/api/v1/attachments/01932f0b-6666-7d0e-9a53-2f3c1d1c8a11"
UPLOADED: dict[str, Any] = {
    "id": "01932f0b-6666-7d0e-9a53-2f3c1d1c8a11",
    "url": f"{_LINK}/photo?expires=1772337600&signature=…",
    "thumbnail_url": f"{_LINK}/thumbnail?expires=1772337600&signature=…",
    "width": 1536,
    "height": 2048,
}
CATEGORIES: dict[str, Any] = {
    "items": [
        {"id": "01932f09-0000-7d0e-9a53-2f3c1d1c8a11", "parent_id": None, "name": "公共设施", "name_en": "Facilities",
         "urgency": "ordinary"},
        {"id": "01932f09-1111-7d0e-9a53-2f3c1d1c8a11", "parent_id": "01932f09-0000-7d0e-9a53-2f3c1d1c8a11",
         "name": "门禁与对讲", "name_en": "Door access", "urgency": "ordinary"},
    ],
    "next_cursor": None,
}  # fmt: skip


_HANDLED = PETITION | {"view": "handler", "history": [PETITION["history"][0] | {"internal_note": None}]}


def after(status: str, *allowed: str, view: str = "handler") -> dict[str, Any]:
    """The petition as an action leaves it, for whoever did it."""
    seen = PETITION if view == "reporter" else _HANDLED
    return seen | {"status": status, "allowed_actions": list(allowed)}
