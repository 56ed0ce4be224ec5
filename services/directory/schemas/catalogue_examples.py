"""Examples of the catalogue for the documentation, as they come out of a running system."""

from typing import Any

from services.directory.schemas.examples import COMPOUND, TENANT
from services.directory.schemas.histories import example

_AREA: dict[str, Any] = {**COMPOUND, "kind": "compound"}
_COMMITTEE: dict[str, Any] = {"id": "01932f08-3334-7d0e-9a53-2f3c1d1c8a11", "name": "长征社区居委会"}
_WORKDAYS = ["mo", "tu", "we", "th", "fr"]


def _hours(opens: str, closes: str) -> dict[str, Any]:
    season: dict[str, Any] = {"valid_from": None, "valid_until": None}
    return {"opens": opens, "closes": closes, "overnight": False, "days": _WORKDAYS, **season}


SCHEDULE: dict[str, Any] = {
    "weekly": [_hours("09:30", "13:30"), _hours("16:00", "19:30")],
    "dates": [{"on": "2026-03-06", "hours": [], "note": "系统升级，停办一天"}],
    "observes_holidays": True,
}
_OPENING: dict[str, Any] = {
    "open": True,
    "until": "2026-03-02T13:30:00+08:00",
    "opens": None,
    "holidays_known": True,
}
_WALKING: dict[str, Any] = {"metres": 440, "minutes": 6, "estimated": True}
_LOCATION: dict[str, Any] = {"lat": 45.5946, "lon": 84.8758, "coord_sys": "wgs84"}
_HALL: dict[str, Any] = {
    "id": "01932f0b-0001-7d0e-9a53-2f3c1d1c8a11",
    "kind": "service_hall",
    "name": "长征社区便民服务大厅",
}
_HALL_ITEM: dict[str, Any] = {
    **_HALL,
    "name_en": "Changzheng service hall",
    "address": "准噶尔路 18 号一层",
    "phone": "0990-6221234",
    "access": ["ramp", "low_counter"],
    "area": _AREA,
    "tenant": TENANT,
    "location": _LOCATION,
    "opening": _OPENING,
    "walking": _WALKING,
}
FACILITIES: dict[str, Any] = {"items": [_HALL_ITEM], "next_cursor": None}
_SERVICE: dict[str, Any] = {
    "id": "01932f0b-1001-7d0e-9a53-2f3c1d1c8a11",
    "category": "civil_affairs",
    "name": "最低生活保障申请",
}
FACILITY: dict[str, Any] = {
    **_HALL_ITEM,
    "text": "一窗受理民政、社保、医保等事项。",
    "closed": False,
    "closed_on": None,
    "schedule": SCHEDULE,
    "organisation": _COMMITTEE,
    "services": [_SERVICE],
    "allowed_actions": ["update", "close"],
}
DESCRIBED_FACILITY: dict[str, Any] = {
    "kind": "service_hall",
    "name": _HALL["name"],
    "name_en": _HALL_ITEM["name_en"],
    "organisation_id": _COMMITTEE["id"],
    "location": {"lat": 45.5960, "lon": 84.8790, "coord_sys": "gcj02"},
    "address": _HALL_ITEM["address"],
    "phone": _HALL_ITEM["phone"],
    "access": _HALL_ITEM["access"],
    "text": FACILITY["text"],
    "schedule": SCHEDULE,
}
_COMMON: dict[str, Any] = {
    **_SERVICE,
    "name_en": "Subsistence allowance",
    "aliases": ["低保"],
    "errand": True,
    "costs": [],
    "organisation": _COMMITTEE,
    "tenant": TENANT,
}
_PLACE: dict[str, Any] = {
    "id": "01932f0b-2001-7d0e-9a53-2f3c1d1c8a11",
    "facility": _HALL,
    "area": _AREA,
    "address": _HALL_ITEM["address"],
    "phone": _HALL_ITEM["phone"],
    "note": "3 号窗口",
    "location": _LOCATION,
    "opening": _OPENING,
    "walking": _WALKING,
}
SERVICES: dict[str, Any] = {"items": [{**_COMMON, "place": _PLACE}], "next_cursor": None}
_SAID: dict[str, Any] = {
    "text": "共同生活的家庭成员人均收入低于当地低保标准的，可以申请。",
    "phone": None,
    "documents": [
        {"name": "居民身份证", "form": "original_and_copy", "copies": 1, "note": "全体家庭成员"},
        {"name": "家庭收入证明", "form": "original", "copies": 0, "note": None},
    ],
    "eligibility": "本地户籍，家庭人均收入低于低保标准。",
    "minimum_age": None,
    "maximum_age": None,
    "application": "本人到窗口申请；行动不便的，工作人员上门代办。",
    "working_days": 20,
}
SERVICE: dict[str, Any] = {
    **_COMMON,
    **_SAID,
    "area": TENANT,
    "closed": False,
    "closed_on": None,
    "places": [{**_PLACE, "schedule": SCHEDULE}],
    "allowed_actions": ["update", "close"],
}
DESCRIBED_SERVICE: dict[str, Any] = {
    **{name: _COMMON[name] for name in ("category", "name", "name_en", "aliases", "errand", "costs")},
    **_SAID,
    "area_id": TENANT["id"],
    "organisation_id": _COMMITTEE["id"],
    "places": [{"facility_id": _HALL["id"], "note": _PLACE["note"]}],
}
HISTORY = example("update", {"changed": ["name", "phone"], "before": {"name": "便民大厅"}}, role="community_staff")
NOTHING: dict[str, Any] = {}
_NEAREST: dict[str, Any] = {**{name: _HALL_ITEM[name] for name in ("id", "name", "address")}, "walking": _WALKING}
CIRCLES: dict[str, Any] = {
    "minutes": 15,
    "radius_metres": 960,
    "circles": [
        {
            "key": "living",
            "name_zh": "便民生活圈",
            "name_en": "Living",
            "reachable": [
                {
                    "kind": "service_hall",
                    "name_zh": "便民服务大厅",
                    "name_en": "Service hall",
                    "count": 1,
                    "nearest": _NEAREST,
                }
            ],
            "missing": [
                {"kind": "market", "name_zh": "菜市场", "name_en": "Market", "count": 0, "nearest": None},
            ],
        }
    ],
}
