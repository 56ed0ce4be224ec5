"""Examples of people and households for the documentation."""

from typing import Any

from services.directory.schemas.examples import AREA, CONTACT, TENANT
from services.directory.schemas.histories import example

OWN_CONTACT: dict[str, Any] = {"phone": "138 0990 1234"}
_LI: dict[str, Any] = {"id": "01932f09-0009-7d0e-9a53-2f3c1d1c8a11", "name": "李秀英"}
PERSON: dict[str, Any] = {
    **_LI,
    **CONTACT,
    "birth_year": 1949,
    "skills": ["理发"],
    "tenant": TENANT,
    "home": AREA,
    "work_organisation": None,
    "party_member": None,
    "merged_into": None,
    "allowed_actions": ["update", "reveal"],
}
PEOPLE: dict[str, Any] = {
    "items": [{**_LI, "home": {"id": AREA["id"], "name": "3号楼"}, "phone": "138****1234"}],
    "next_cursor": None,
}
LOOK_UP: dict[str, Any] = {"phone": "138 0990 1234"}
CHANGED_PERSON: dict[str, Any] = {
    "name": "李秀英",
    "home_id": AREA["id"],
    "door": "501",
    "phone": "13809901234",
    "skills": ["理发"],
}
NEW_PERSON: dict[str, Any] = {**CHANGED_PERSON, "id_number": "65020319490312002X", "address": "长征新村3号楼2单元501室"}
REVEAL: dict[str, Any] = {"fields": ["phone"], "reason": "petition", "note": "漏水，联系楼上住户"}
REVEALED: dict[str, Any] = {
    "person_id": _LI["id"],
    "phone": "13809901234",
    "id_number": None,
    "address": None,
    "door": None,
}
ACCESS_LOG: dict[str, Any] = {
    "items": [
        {
            "at": "2026-03-02T01:00:00Z",
            "by": {"id": "01932f09-0002-7d0e-9a53-2f3c1d1c8a11", "name": "阿依古丽"},
            "role": "grid_officer",
            "reason": "petition",
            "fields": ["phone"],
            "note": "漏水，联系楼上住户",
        }
    ],
    "next_cursor": None,
}
HOUSEHOLD: dict[str, Any] = {
    "id": "01932f0a-0001-7d0e-9a53-2f3c1d1c8a11",
    "area": {"id": AREA["id"], "name": "3号楼"},
    "door": "5**",
    "closed": False,
    "people": [_LI],
}
HOUSEHOLDS: dict[str, Any] = {"items": [HOUSEHOLD], "next_cursor": None}
NEW_HOUSEHOLD: dict[str, Any] = {"door": "501"}
MERGE_PEOPLE: dict[str, Any] = {"person_ids": ["01932f09-0010-7d0e-9a53-2f3c1d1c8a11"]}
DUPLICATES: dict[str, Any] = {
    "items": [
        {
            "person": _LI,
            "alike": [
                {"id": "01932f09-0010-7d0e-9a53-2f3c1d1c8a11", "name": "李秀英", "reasons": ["likeness", "phone"]},
            ],
        }
    ],
    "next_cursor": None,
}
CHANGED_CARE: dict[str, Any] = {
    "kinds": ["lives_alone", "over_70"],
    "helper_ids": ["01932f09-0001-7d0e-9a53-2f3c1d1c8a11"],
}
CARE: dict[str, Any] = {
    **_LI,
    "kinds": ["lives_alone", "over_70"],
    "helpers": [{"id": "01932f09-0001-7d0e-9a53-2f3c1d1c8a11", "name": "马桂兰", "since": "2026-03-02"}],
}
CARED_FOR: dict[str, Any] = {
    "items": [
        {
            **_LI,
            "kinds": ["lives_alone", "over_70"],
            "home": {"id": AREA["id"], "name": "3号楼"},
            "since": "2026-03-02",
        }
    ],
    "next_cursor": None,
}
HISTORY = example("correct", {"fields": ["phone"]}, role="self")
