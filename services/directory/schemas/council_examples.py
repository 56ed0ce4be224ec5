"""Examples of councils and what they do together, for the documentation, as they come out of a running system."""

from typing import Any

from services.directory.schemas.histories import example

_SCHOOL: dict[str, Any] = {"id": "01932f08-3001-7d0e-9a53-2f3c1d1c8b01", "name": "市第十八中学"}
_ITEM: dict[str, Any] = {
    "id": "01932f08-4000-7d0e-9a53-2f3c1d1c8b01",
    "name": "四营社区大党委",
    "area": {"id": "01932f08-1000-7d0e-9a53-2f3c1d1c8b01", "kind": "community", "name": "四营社区"},
    "starts_on": "2025-03-01",
    "closed": False,
    "organisation_count": 11,
    "committee_count": 21,
    "rhythms": [
        {
            "kind": "council_meeting",
            "months": 1,
            "since": "2025-03-01",
            "last_held": "2026-02-03",
            "due_by": "2026-03-31",
            "behind": False,
        },
        {
            "kind": "joint_conference",
            "months": 3,
            "since": "2025-03-01",
            "last_held": "2025-11-20",
            "due_by": "2026-02-28",
            "behind": True,
        },
    ],
    "behind": True,
}
COUNCILS: dict[str, Any] = {"items": [_ITEM], "next_cursor": None}
COUNCIL: dict[str, Any] = {
    **_ITEM,
    "organisations": [{**_SCHOOL, "kind": "school", "starts_on": "2025-03-01", "ends_on": None}],
    "committee": [
        {
            "membership_id": "01932f0a-0001-7d0e-9a53-2f3c1d1c8b01",
            "kind": "part_time_committee_member",
            "person": {"id": "01932f09-0011-7d0e-9a53-2f3c1d1c8b01", "name": "赵国栋"},
            "on_behalf_of": _SCHOOL,
            "starts_on": "2026-01-05",
        }
    ],
    "meetings": [{"id": "01932f0b-0001-7d0e-9a53-2f3c1d1c8b01", "kind": "council_meeting", "held_on": "2026-02-03"}],
    "allowed_actions": ["update", "seat", "unseat", "note_meeting"],
}
CHANGED_COUNCIL: dict[str, Any] = {
    "name": "四营社区大党委",
    "rhythms": [{"kind": "council_meeting", "months": 1}, {"kind": "joint_conference", "months": 3}],
}
NEW_COUNCIL: dict[str, Any] = {**CHANGED_COUNCIL, "area_id": _ITEM["area"]["id"], "starts_on": "2025-03-01"}
SEAT: dict[str, Any] = {"organisation_id": _SCHOOL["id"], "starts_on": "2025-03-01"}
UNSEAT: dict[str, Any] = {"organisation_id": _SCHOOL["id"], "ends_on": "2026-03-02"}
MEETING: dict[str, Any] = {"kind": "council_meeting", "held_on": "2026-02-03"}
NOTHING: dict[str, Any] = {}

_COUNCIL: dict[str, Any] = {"id": _ITEM["id"], "name": _ITEM["name"]}
_CLAUSE: dict[str, Any] = {
    "id": "01932f0b-1101-7d0e-9a53-2f3c1d1c8b01",
    "field": "activities",
    "text": "每季度与社区共同举办一次文艺活动，学校提供场地。",
}
_AGREEMENT: dict[str, Any] = {
    "id": "01932f0b-1001-7d0e-9a53-2f3c1d1c8b01",
    "council": _COUNCIL,
    "title": "四营社区2026年度共驻共建协议书",
    "starts_on": "2026-01-01",
    "ends_on": "2027-01-01",
    "state": "current",
    "clause_count": 1,
    "fulfilled_count": 1,
}
AGREEMENTS: dict[str, Any] = {"items": [_AGREEMENT], "next_cursor": None}
AGREEMENT: dict[str, Any] = {
    **_AGREEMENT,
    "parties": [_SCHOOL],
    "clauses": [
        {**_CLAUSE, "organisation": _SCHOOL, "fulfilled_on": "2026-02-14", "note": "已举办元宵晚会，300人参加。"}
    ],
    "share": 1.0,
    "allowed_actions": ["update", "fulfil"],
}
CHANGED_AGREEMENT: dict[str, Any] = {
    "title": _AGREEMENT["title"],
    "starts_on": "2026-01-01",
    "ends_on": "2027-01-01",
    "party_ids": [_SCHOOL["id"]],
    "clauses": [{**_CLAUSE, "organisation_id": _SCHOOL["id"]}],
}
NEW_AGREEMENT: dict[str, Any] = {
    **CHANGED_AGREEMENT,
    "council_id": _COUNCIL["id"],
    "clauses": [{"field": _CLAUSE["field"], "text": _CLAUSE["text"], "organisation_id": _SCHOOL["id"]}],
}
FULFIL: dict[str, Any] = {
    "clause_id": _CLAUSE["id"],
    "note": "已举办元宵晚会，300人参加。",
    "fulfilled_on": "2026-02-14",
}
RESOURCE: dict[str, Any] = {
    "id": "01932f0b-2001-7d0e-9a53-2f3c1d1c8b01",
    "council": _COUNCIL,
    "kind": "room",
    "title": "周末可用的报告厅，120座",
    "organisation": _SCHOOL,
    "area": None,
    "state": "open",
    "starts_on": "2026-01-01",
    "ends_on": None,
}
RESOURCES: dict[str, Any] = {"items": [RESOURCE], "next_cursor": None}
WITHDRAWN_RESOURCE: dict[str, Any] = {**RESOURCE, "state": "withdrawn"}
NEW_RESOURCE: dict[str, Any] = {
    "council_id": _COUNCIL["id"],
    "organisation_id": _SCHOOL["id"],
    "kind": "room",
    "title": RESOURCE["title"],
    "starts_on": "2026-01-01",
}
LISTED_NEED: dict[str, Any] = {
    **RESOURCE,
    "id": "01932f0b-3001-7d0e-9a53-2f3c1d1c8b01",
    "title": "合唱队缺排练场地",
    "organisation": None,
    "area": {"id": "01932f08-1700-7d0e-9a53-2f3c1d1c8b01", "name": "和平小区"},
}
NEEDS: dict[str, Any] = {"items": [LISTED_NEED], "next_cursor": None}
NEED: dict[str, Any] = {**LISTED_NEED, "matches": [RESOURCE]}
NEW_NEED: dict[str, Any] = {
    "council_id": _COUNCIL["id"],
    "area_id": LISTED_NEED["area"]["id"],
    "kind": "room",
    "title": LISTED_NEED["title"],
}
PROJECT: dict[str, Any] = {
    "id": "01932f0b-4001-7d0e-9a53-2f3c1d1c8b01",
    "council": _COUNCIL,
    "title": "合唱队进校园",
    "state": "open",
    "starts_on": "2026-03-02",
    "ends_on": None,
    "note": None,
    "needs": [{"id": LISTED_NEED["id"], "name": LISTED_NEED["title"]}],
    "resources": [{"id": RESOURCE["id"], "name": RESOURCE["title"]}],
}
PROJECTS: dict[str, Any] = {"items": [PROJECT], "next_cursor": None}
NEW_PROJECT: dict[str, Any] = {
    "council_id": _COUNCIL["id"],
    "title": "合唱队进校园",
    "need_ids": [LISTED_NEED["id"]],
    "resource_ids": [RESOURCE["id"]],
}
FINISH: dict[str, Any] = {"note": "每周六上午排练，已举办两场演出。"}
HISTORY = example("note_meeting", {"kind": "council_meeting", "held_on": "2026-03-02"})
