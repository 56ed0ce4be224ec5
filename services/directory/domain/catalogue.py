"""The words of the catalogue: circles, kinds of facilities, categories of services; and what may be done to an entry.

Kinds are data, as those of areas are (domain/kinds.py): an installation may have more. A facility belongs to the
15-minute circles of its kind (TD/T 1062-2021《社区生活圈规划技术指南》 lists what should be within reach).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.directory.domain.errors import NotYours
from shared.kernel.actor import STAFF, Actor, Role
from shared.kernel.words import Word

#: Who keeps the catalogue of an area: the staff at the counter know first what has changed.
CURATORS: frozenset[Role] = STAFF | {Role.PLATFORM_ADMIN}


class Curating(Word):
    """Everything that can be done to a facility or a service."""

    UPDATE = "update", "修改"
    CLOSE = "close", "停办"


class FacilityAccess(Word):
    """What helps people who walk badly, see badly or come with a child."""

    RAMP = "ramp", "无障碍坡道"
    LIFT = "lift", "电梯"
    ACCESSIBLE_TOILET = "accessible_toilet", "无障碍卫生间"
    TACTILE_PAVING = "tactile_paving", "盲道"
    LOW_COUNTER = "low_counter", "低位服务台"
    HEARING_LOOP = "hearing_loop", "助听设备"
    SIGN_LANGUAGE = "sign_language", "手语服务"
    WHEELCHAIR = "wheelchair", "轮椅借用"
    NURSING_ROOM = "nursing_room", "母婴室"


class DocumentForm(Word):
    """In which form a document has to be brought."""

    ORIGINAL = "original", "原件"
    COPY = "copy", "复印件"
    BOTH = "original_and_copy", "原件及复印件"


@dataclass(frozen=True, slots=True)
class CircleKind:
    """A circle of 15 minutes: what people need close to home for one side of life."""

    key: str
    name_zh: str
    name_en: str
    position: int


@dataclass(frozen=True, slots=True)
class FacilityKind:
    """A kind of facility, and the circles to which it counts."""

    key: str
    name_zh: str
    name_en: str
    position: int
    circles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ServiceCategory:
    """A category of services."""

    key: str
    name_zh: str
    name_en: str
    position: int


CIRCLE_KINDS: tuple[CircleKind, ...] = (
    CircleKind("living", "便民生活圈", "Living", 1),
    CircleKind("sports", "健身休闲圈", "Sports", 2),
    CircleKind("care", "养老托幼圈", "Care", 3),
)

FACILITY_KINDS: tuple[FacilityKind, ...] = (
    FacilityKind("service_hall", "便民服务大厅", "Service hall", 1, ("living",)),
    FacilityKind("neighbourhood_centre", "邻里中心", "Neighbourhood centre", 2, ("living",)),
    FacilityKind("market", "菜市场", "Market", 3, ("living",)),
    FacilityKind("convenience_store", "便利店", "Convenience store", 4, ("living",)),
    FacilityKind("parcel_station", "快递驿站", "Parcel station", 5, ("living",)),
    FacilityKind("repair_shop", "便民维修点", "Repair shop", 6, ("living",)),
    FacilityKind("library", "图书阅览室", "Library", 7, ("living",)),
    FacilityKind("clinic", "社区卫生服务站", "Clinic", 8, ("living", "care")),
    FacilityKind("mediation_room", "调解室", "Mediation room", 9, ("living",)),
    FacilityKind("volunteer_station", "志愿服务站", "Volunteer station", 10, ("living",)),
    FacilityKind("sports_ground", "运动场", "Sports ground", 20, ("sports",)),
    FacilityKind("fitness_corner", "健身角", "Fitness corner", 21, ("sports",)),
    FacilityKind("gym", "健身房", "Gym", 22, ("sports",)),
    FacilityKind("park", "社区公园", "Park", 23, ("sports",)),
    FacilityKind("activity_room", "文体活动室", "Activity room", 24, ("sports",)),
    FacilityKind("care_centre", "养老服务中心", "Care centre", 30, ("care",)),
    FacilityKind("canteen", "老年食堂", "Canteen for the old", 31, ("care",)),
    FacilityKind("nursery", "托育点", "Nursery", 32, ("care",)),
    FacilityKind("kindergarten", "幼儿园", "Kindergarten", 33, ("care",)),
    FacilityKind("school", "小学", "Primary school", 34, ("care",)),
)

SERVICE_CATEGORIES: tuple[ServiceCategory, ...] = (
    ServiceCategory("civil_affairs", "民政救助", "Civil affairs and relief", 1),
    ServiceCategory("social_security", "社会保障", "Social security", 2),
    ServiceCategory("medical_insurance", "医疗保障", "Medical insurance", 3),
    ServiceCategory("family_planning", "卫生计生", "Health and family", 4),
    ServiceCategory("disability", "残疾人服务", "Disability", 5),
    ServiceCategory("employment", "就业创业", "Employment", 6),
    ServiceCategory("veterans", "退役军人", "Veterans", 7),
    ServiceCategory("housing", "住房保障", "Housing", 8),
    ServiceCategory("certificates", "证明办理", "Certificates", 9),
    ServiceCategory("care", "养老托幼", "Care", 10),
    ServiceCategory("health", "医疗健康", "Health", 11),
    ServiceCategory("legal", "法律服务", "Legal advice", 12),
    ServiceCategory("repairs", "便民维修", "Repairs", 13),
    ServiceCategory("household", "家政便民", "Household help", 14),
    ServiceCategory("culture", "文化教育", "Culture and classes", 15),
    ServiceCategory("sports", "体育健身", "Sports", 16),
)


def may_curate(actor: Actor, path: Sequence[UUID]) -> bool:
    """Whether the caller keeps the catalogue of the area at the end of `path` (root first)."""
    return bool(actor.area_roots(CURATORS).intersection(path))


def curating_as(actor: Actor, path: Sequence[UUID]) -> str:
    """The role in which they do, for the history; raises NotYours."""
    for grant in actor.grants:
        if grant.role in CURATORS and grant.area_id in path:
            return grant.role
    raise NotYours(needed_roles=sorted(CURATORS))


def allowed_actions(actor: Actor, path: Sequence[UUID], *, closed: bool) -> list[Curating]:
    """What the caller may do to an entry of that area. What is closed stays as it was."""
    return list(Curating) if not closed and may_curate(actor, path) else []
