"""Examples of offices and roles for the documentation, as they come out of a running system."""

from typing import Any

from services.directory.schemas.examples import OFFICERS, TENANT
from services.directory.schemas.histories import example

_ID = "01932f0a-0001-7d0e-9a53-2f3c1d1c8a11"
_NEXT = "01932f0a-0002-7d0e-9a53-2f3c1d1c8a11"
_HEAD: dict[str, Any] = OFFICERS[0]
_CLERK: dict[str, Any] = {"id": "01932f09-0003-7d0e-9a53-2f3c1d1c8a11", "name": "周建国"}
_NEIGHBOUR: dict[str, Any] = {"id": "01932f09-0004-7d0e-9a53-2f3c1d1c8a11", "name": "陈志强"}

OFFICE: dict[str, Any] = {**_HEAD, "id": _ID, "starts_on": "2025-03-01", "ends_on": None, "follows": None}
OFFICES: dict[str, Any] = {"items": [OFFICE], "next_cursor": None}
OFFICE_DETAIL: dict[str, Any] = {**OFFICE, "allowed_actions": ["end", "hand_over"]}
NEW_OFFICE: dict[str, Any] = {
    "person_id": _HEAD["person"]["id"],
    "kind": "building_head",
    "area_id": _HEAD["area"]["id"],
    "starts_on": "2025-03-01",
}
END: dict[str, Any] = {"on": "2026-03-02"}
HAND_OVER: dict[str, Any] = {"person_id": _NEIGHBOUR["id"], "on": "2026-03-02"}
HANDED_OVER: dict[str, Any] = {
    **OFFICE_DETAIL,
    "id": _NEXT,
    "person": _NEIGHBOUR,
    "starts_on": "2026-03-02",
    "follows": _ID,
}
HANDED_OVER_ALL: dict[str, Any] = {
    "items": [{name: value for name, value in HANDED_OVER.items() if name != "allowed_actions"}],
    "next_cursor": None,
}
OFFICE_HISTORY = example(
    "hand_over",
    {
        "to": _NEIGHBOUR["id"],
        "office_id": _NEXT,
        "person_id": _HEAD["person"]["id"],
        "area_id": _HEAD["area"]["id"],
        "starts_on": "2025-03-01",
        "ends_on": "2026-03-02",
    },
)

_GRANT_ID = "01932f0a-0003-7d0e-9a53-2f3c1d1c8a11"
GRANT: dict[str, Any] = {
    "id": _GRANT_ID,
    "role": "community_staff",
    "person": _NEIGHBOUR,
    "area": {"id": TENANT["id"], "name": TENANT["name"]},
    "organisation": None,
    "starts_on": "2026-03-02",
    "ends_on": None,
}
GRANTS: dict[str, Any] = {"items": [GRANT], "next_cursor": None}
GRANT_DETAIL: dict[str, Any] = {**GRANT, "allowed_actions": ["end"]}
NEW_GRANT: dict[str, Any] = {"person_id": _NEIGHBOUR["id"], "role": "community_staff", "area_id": TENANT["id"]}
GRANT_HISTORY: dict[str, Any] = {
    "items": [
        {
            "at": "2026-03-02T01:00:00Z",
            "action": "grant",
            "grant_id": _GRANT_ID,
            "version": 1,
            "granted": "community_staff",
            "role": "community_admin",
            "person": _NEIGHBOUR,
            "by": _CLERK,
            "facts": {"area_id": TENANT["id"], "starts_on": "2026-03-02", "ends_on": None},
        }
    ],
    "next_cursor": None,
}
