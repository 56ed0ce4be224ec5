"""Examples of councils and what they do together, for the documentation, as they come out of a running system."""

from typing import Any

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
