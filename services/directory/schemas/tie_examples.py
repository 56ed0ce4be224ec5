"""Examples of memberships, enrolments and councils for the documentation, as they come out of a running system."""

from typing import Any

from services.directory.schemas.histories import example

_SIYING: dict[str, Any] = {"id": "01932f08-1000-7d0e-9a53-2f3c1d1c8b01", "name": "四营社区"}
_COUNCIL: dict[str, Any] = {"id": "01932f08-4000-7d0e-9a53-2f3c1d1c8b01", "name": "四营社区大党委"}
_SCHOOL: dict[str, Any] = {"id": "01932f08-3001-7d0e-9a53-2f3c1d1c8b01", "name": "市第十八中学"}
_CLINIC: dict[str, Any] = {"id": "01932f08-3002-7d0e-9a53-2f3c1d1c8b01", "name": "四营社区卫生服务中心"}
_HEAD: dict[str, Any] = {"id": "01932f09-0011-7d0e-9a53-2f3c1d1c8b01", "name": "赵国栋"}
_SECRETARY: dict[str, Any] = {"id": "01932f09-0012-7d0e-9a53-2f3c1d1c8b01", "name": "孙丽华"}

_MEMBERSHIP: dict[str, Any] = {
    "id": "01932f0a-0001-7d0e-9a53-2f3c1d1c8b01",
    "kind": "part_time_committee_member",
    "person": _HEAD,
    "organisation": _COUNCIL,
    "on_behalf_of": _SCHOOL,
    "starts_on": "2026-01-05",
    "ends_on": None,
    "state": "current",
}
MEMBERSHIPS: dict[str, Any] = {"items": [_MEMBERSHIP], "next_cursor": None}
MEMBERSHIP: dict[str, Any] = {**_MEMBERSHIP, "allowed_actions": ["end"]}
ENDED_MEMBERSHIP: dict[str, Any] = {**_MEMBERSHIP, "ends_on": "2026-03-02", "state": "ended", "allowed_actions": []}
JOIN: dict[str, Any] = {
    "organisation_id": _COUNCIL["id"],
    "person_id": _HEAD["id"],
    "kind": "part_time_committee_member",
    "on_behalf_of_id": _SCHOOL["id"],
    "starts_on": "2026-01-05",
}
END: dict[str, Any] = {"ends_on": "2026-03-02"}

_ENROLMENT: dict[str, Any] = {
    "id": "01932f0a-1001-7d0e-9a53-2f3c1d1c8b01",
    "community": _SIYING,
    "organisation": _SCHOOL,
    "person": _HEAD,
    "told_on": "2026-01-12",
    "starts_on": "2026-01-20",
    "ends_on": None,
    "state": "enrolled",
}
ENROLMENTS: dict[str, Any] = {"items": [_ENROLMENT], "next_cursor": None}
ENROLMENT: dict[str, Any] = {**_ENROLMENT, "allowed_actions": ["end"]}
ENDED_ENROLMENT: dict[str, Any] = {**_ENROLMENT, "ends_on": "2026-03-02", "state": "ended", "allowed_actions": []}
ENROL: dict[str, Any] = {
    "community_id": _SIYING["id"],
    "organisation_id": _SCHOOL["id"],
    "person_id": _HEAD["id"],
    "state": "enrolled",
}
OF_ORGANISATION: dict[str, Any] = {
    "organisation": _SCHOOL,
    "counts": {"told": 46, "done": 43, "not_yet": 3, "enrolled": 44, "ended": 1},
    "items": [_ENROLMENT],
    "next_cursor": None,
}
OF_AREA: dict[str, Any] = {
    "area": _SIYING,
    "counts": {"told": 46, "done": 43, "not_yet": 3, "enrolled": 44, "ended": 1},
    "units": [{"organisation": _SCHOOL, "itself_since": "2026-01-06", "told": 46, "enrolled": 44, "not_yet": 3}],
}
HISTORY = example("end", {"ends_on": "2026-03-02"})
