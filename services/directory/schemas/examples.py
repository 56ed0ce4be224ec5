"""Examples for the documentation, as they come out of a running system."""

from typing import Any

from services.directory.schemas.histories import example

TENANT: dict[str, Any] = {"id": "01932f08-1000-7d0e-9a53-2f3c1d1c8a11", "kind": "community", "name": "长征社区"}
AREA: dict[str, Any] = {
    "id": "01932f08-2222-7d0e-9a53-2f3c1d1c8a11",
    "name": "3号楼",
    "kind": "building",
    "code": "650203001004-02-03",
}
PATH: list[dict[str, Any]] = [
    {"id": "01932f08-0800-7d0e-9a53-2f3c1d1c8a11", "kind": "district", "name": "克拉玛依区"},
    {"id": "01932f08-0900-7d0e-9a53-2f3c1d1c8a11", "kind": "street", "name": "昆仑路街道"},
    TENANT,
    {"id": "01932f08-1100-7d0e-9a53-2f3c1d1c8a11", "kind": "grid", "name": "第二网格"},
    {"id": AREA["id"], "kind": AREA["kind"], "name": AREA["name"]},
]
OFFICERS: list[dict[str, Any]] = [
    {
        "kind": "building_head",
        "kind_name": {"zh": "楼栋长", "en": "Building head"},
        "person": {"id": "01932f09-0001-7d0e-9a53-2f3c1d1c8a11", "name": "马桂兰"},
        "area": {"id": AREA["id"], "name": "3号楼"},
    },
    {
        "kind": "grid_officer",
        "kind_name": {"zh": "专职网格员", "en": "Grid officer"},
        "person": {"id": "01932f09-0002-7d0e-9a53-2f3c1d1c8a11", "name": "阿依古丽"},
        "area": {"id": "01932f08-1100-7d0e-9a53-2f3c1d1c8a11", "name": "第二网格"},
    },
]
LOCATED: dict[str, Any] = {"area": AREA, "path": PATH, "tenant": TENANT, "officers": OFFICERS}
DETAIL: dict[str, Any] = {
    **AREA,
    "closed": False,
    "opened_on": "2026-03-02",
    "closed_on": None,
    "households": 48,
    "residents": 117,
    "path": PATH,
    "tenant": TENANT,
    "officers": OFFICERS,
    "supported_by": [
        {
            "organisation": {"id": "01932f08-3344-7d0e-9a53-2f3c1d1c8a11", "name": "红柳小学"},
            "area": {"id": TENANT["id"], "name": TENANT["name"]},
            "starts_on": "2026-01-05",
        }
    ],
    "succeeded_by": [],
    "centre": {"lat": 45.5932, "lon": 84.8731, "coord_sys": "wgs84"},
    "polygons": [[[[84.873, 45.5931], [84.8739, 45.5931], [84.8739, 45.5933], [84.873, 45.5933], [84.873, 45.5931]]]],
    "outside_parent": False,
    "allowed_actions": ["update", "move", "merge", "split", "close"],
}
COMPOUND: dict[str, Any] = {"id": "01932f08-1700-7d0e-9a53-2f3c1d1c8a11", "name": "长征新村"}
AREAS: dict[str, Any] = {
    "items": [{**AREA, "parent_id": COMPOUND["id"], "closed": False, "households": 48, "residents": 117}],
    "next_cursor": None,
}
TREE: dict[str, Any] = {
    **COMPOUND,
    "kind": "compound",
    "code": None,
    "households": 384,
    "areas": 1,
    "below": [{**AREA, "households": 48, "areas": 4, "below": None}],
}
NOTHING: dict[str, Any] = {}
CHANGED_AREA: dict[str, Any] = {
    "name": "3号楼",
    "code": AREA["code"],
    "centre": DETAIL["centre"],
    "polygons": DETAIL["polygons"],
    "households": 48,
    "residents": 117,
}
NEW_AREA: dict[str, Any] = {**CHANGED_AREA, "parent_id": COMPOUND["id"], "kind": "building", "opened_on": "2026-03-02"}
MOVE_AREA: dict[str, Any] = {"parent_id": COMPOUND["id"]}
MERGE_AREAS: dict[str, Any] = {"area_ids": ["01932f08-2223-7d0e-9a53-2f3c1d1c8a11"]}
SPLIT_AREA: dict[str, Any] = {
    "parts": [
        {"name": "3号楼东", "households": 24, "child_ids": ["01932f08-2a01-7d0e-9a53-2f3c1d1c8a11"]},
        {"name": "3号楼西", "households": 24, "child_ids": []},
    ],
    "rest": 1,
}
OFFICER_LIST: dict[str, Any] = {"items": OFFICERS, "next_cursor": None}
_MISSING: dict[str, Any] = {
    "id": AREA["id"],
    "kind": "building",
    "name": "3号楼",
    "households": 48,
    "parent": COMPOUND,
}
COVERAGE: dict[str, Any] = {
    "area": {"id": TENANT["id"], "name": "长征社区", "kind": "community", "code": "650203001004"},
    "offices": [
        {"kind": "building_head", "area_kind": "building", "required": 26, "vacant": 1, "areas": [_MISSING]},
    ],
    "households": {"counted": 1128, "without_anybody": 48, "areas": [_MISSING]},
    "owners_committees": {"compounds": 5, "without": 0, "by_status": {"formed": 5}, "areas": []},
}
AREA_HISTORY = example("move", {"from": "01932f08-1100-7d0e-9a53-2f3c1d1c8a11", "to": COMPOUND["id"]})
IMPORT: dict[str, Any] = {
    "dry_run": True,
    "created": 0,
    "changed": 0,
    "unchanged": 0,
    "problem_count": 1,
    "problems": [
        {
            "line": 7,
            "column": "上级编码",
            "pointer": "/7/上级编码",
            "code": "import.unknown_parent",
            "message": "没有编码为“650203002003-09”的区域",
        }
    ],
    "warning_count": 0,
    "warnings": [],
}
KINDS: dict[str, Any] = {
    "areas": [{"key": "building", "name_zh": "楼栋", "name_en": "Building", "rank": 80, "tenant": False}],
    "offices": [
        {
            "key": "building_head",
            "name_zh": "楼栋长",
            "name_en": "Building head",
            "position": 7,
            "exclusive": True,
            "required_in": ["building"],
            "role": "building_head",
        }
    ],
    "organisations": [
        {
            "key": "owners_committee",
            "name_zh": "业主委员会",
            "name_en": "Owners' committee",
            "position": 8,
            "formed": True,
        }
    ],
    "care": [{"key": "lives_alone", "name_zh": "独居", "name_en": "Lives alone", "position": 1}],
    "memberships": [
        {
            "key": "part_time_committee_member",
            "name_zh": "兼职委员",
            "name_en": "Part-time committee member",
            "position": 4,
            "exclusive": False,
            "delegated": True,
            "own": False,
        }
    ],
    "words": [
        {
            "list": "meeting",
            "key": "joint_conference",
            "name_zh": "联席会",
            "name_en": "Joint conference",
            "position": 2,
        }
    ],
    "circles": [{"key": "living", "name_zh": "便民生活圈", "name_en": "Living", "position": 1}],
    "facilities": [
        {"key": "library", "name_zh": "图书阅览室", "name_en": "Library", "position": 7, "circles": ["living"]}
    ],
    "services": [{"key": "civil_affairs", "name_zh": "民政救助", "name_en": "Civil affairs", "position": 1}],
}
ORGANISATION: dict[str, Any] = {"id": "01932f08-3333-7d0e-9a53-2f3c1d1c8a11", "name": "安居物业服务中心"}
ORGANISATIONS: dict[str, Any] = {
    "items": [
        {
            "id": ORGANISATION["id"],
            "kind": "property_company",
            "name": ORGANISATION["name"],
            "aliases": ["安居物业"],
            "tenant": TENANT,
            "parent": None,
            "serves": [TENANT],
        }
    ],
    "next_cursor": None,
}
CONTACT: dict[str, Any] = {
    "phone": "138****1234",
    "id_number": "6502**********002X",
    "address": "克拉玛依区昆仑路街道长征***",
    "door": "5**",
}
ME: dict[str, Any] = {
    "person": {"id": "01932f09-0009-7d0e-9a53-2f3c1d1c8a11", "name": "李秀英"},
    "roles": [
        {"role": "resident", "area": {"id": TENANT["id"], "name": "长征社区"}, "organisation": None},
        {
            "role": "organisation_staff",
            "area": None,
            "organisation": {"id": "01932f08-3333-7d0e-9a53-2f3c1d1c8a11", "name": "安居物业服务中心"},
        },
    ],
    "home": {"area": AREA, "path": PATH},
    "tenant": TENANT,
    "officers": OFFICERS,
    "contact": CONTACT,
}
