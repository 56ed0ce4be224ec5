"""Examples of organisations for the documentation."""

from typing import Any

from services.directory.schemas import examples
from services.directory.schemas.histories import example

CONTACT: dict[str, Any] = {
    "phone": "0990-6666666",
    "address": "长征新村 1 号楼 101",
    "opening_times": [{"days": [1, 2, 3, 4, 5], "opens": "09:00", "closes": "18:30"}],
}
RESPONSIBILITIES: dict[str, Any] = {"responsibilities": [{"category": "property.lift", "level": "compound"}]}
ORGANISATION_DETAIL: dict[str, Any] = {
    **examples.ORGANISATIONS["items"][0],
    "credit_code": "91350100M000100Y43",
    "formation_status": None,
    "contact": CONTACT,
    **RESPONSIBILITIES,
    "supports": [
        {
            "id": "01932f08-3401-7d0e-9a53-2f3c1d1c8a11",
            "area": {"id": examples.AREA["id"], "kind": examples.AREA["kind"], "name": examples.AREA["name"]},
            "starts_on": "2026-03-02",
            "ends_on": None,
        }
    ],
    "closed": False,
    "closed_on": None,
    "succeeded_by": [],
    "allowed_actions": ["update", "correct", "assign", "merge", "close"],
}
CHANGED_ORGANISATION: dict[str, Any] = {
    "kind": "property_company",
    "name": examples.ORGANISATION["name"],
    "aliases": ["安居物业"],
    "serves": [examples.TENANT["id"]],
    "credit_code": "91350100M000100Y43",
    "contact": CONTACT,
}
NEW_ORGANISATION: dict[str, Any] = {**CHANGED_ORGANISATION, "tenant_id": examples.TENANT["id"]}
MERGE_ORGANISATIONS: dict[str, Any] = {"organisation_ids": ["01932f08-3334-7d0e-9a53-2f3c1d1c8a11"]}
NEW_SUPPORT: dict[str, Any] = {"area_id": examples.AREA["id"], "starts_on": "2026-03-02"}
END_SUPPORT: dict[str, Any] = {"ends_on": "2026-12-31"}
ORGANISATION_HISTORY = example("update", {"changed": ["name", "phone"], "before": {"name": "安居物业"}})
_BRIEF: dict[str, Any] = {
    **examples.ORGANISATION,
    "kind": "property_company",
    "tenant": examples.TENANT,
    "parent": None,
}
RESOLVED: dict[str, Any] = {"organisation": _BRIEF, "items": [_BRIEF]}
RESPONSIBLE: dict[str, Any] = {
    "items": [
        {
            "organisation": examples.ORGANISATION,
            "level": {"id": examples.COMPOUND["id"], "kind": "compound", "name": examples.COMPOUND["name"]},
            "category": "property.lift",
        }
    ]
}
