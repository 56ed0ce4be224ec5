"""An example of figures for the documentation."""

from typing import Any

STATISTICS: dict[str, Any] = {
    "area": {
        "id": "01932f08-1000-7d0e-9a53-2f3c1d1c8a11",
        "name": "长征社区",
        "kind": "community",
        "code": "650203001004",
    },
    "areas": [
        {"kind": "community", "count": 1},
        {"kind": "grid", "count": 4},
        {"kind": "compound", "count": 5},
        {"kind": "building", "count": 26},
    ],
    "households": {"stated": 1128, "registered": 1131},
    "residents": 2850,
    "people": {"registered": 2850, "over_60": 570, "party_members": 214},
    "organisations": [{"kind": "residents_committee", "count": 1}, {"kind": "local_unit", "count": 8}],
    "offices": [{"kind": "building_head", "held": 25, "areas": 25, "required": 26, "vacant": 1}],
    "enrolments": {"units": {"told": 8, "enrolled": 8}, "members": {"told": 574, "enrolled": 574}},
    "councils": [
        {
            "id": "01932f0b-0001-7d0e-9a53-2f3c1d1c8a11",
            "name": "长征社区大党委",
            "area": {"id": "01932f08-1000-7d0e-9a53-2f3c1d1c8a11", "name": "长征社区"},
            "organisations": 8,
            "committee_members": 13,
            "rhythms": [{"kind": "council_meeting", "months": 1}, {"kind": "joint_conference", "months": 3}],
        }
    ],
    "facilities": [{"kind": "service_hall", "count": 1}],
    "services": {
        "total": 72,
        "by_volunteers": 28,
        "by_category": [{"kind": "medical", "count": 9}],
        "by_facility_kind": [{"kind": "service_hall", "count": 44}],
    },
}
