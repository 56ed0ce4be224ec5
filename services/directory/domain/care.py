"""Who is looked after, as what, and by whom.

That somebody lives alone or is disabled is known to those who were assigned to look after them and to the community's
administrators, who assign; to nobody else, whatever else they may see of the person. Kinds are data, as those of areas.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from shared.kernel.actor import Role

#: Who says who is looked after, and assigns.
CARE_ADMINS: frozenset[Role] = frozenset({Role.COMMUNITY_ADMIN})


@dataclass(frozen=True, slots=True)
class CareKind:
    """A reason to look after somebody."""

    key: str
    name_zh: str
    name_en: str
    position: int


CARE_KINDS: tuple[CareKind, ...] = (
    CareKind("lives_alone", "独居", "Lives alone", 1),
    CareKind("over_70", "70岁以上", "Over 70", 2),
    CareKind("empty_nest", "空巢", "Empty nest", 3),
    CareKind("disability", "残疾", "Disability", 4),
    CareKind("serious_illness", "重病", "Serious illness", 5),
    CareKind("low_income", "低保", "Minimum living allowance", 6),
    CareKind("lost_only_child", "失独", "Lost their only child", 7),
    CareKind("child_in_difficulty", "困境儿童", "Child in difficulty", 8),
)


@dataclass(frozen=True, slots=True)
class Care:
    """The kinds for which somebody is looked after, and by whom from now on."""

    kinds: tuple[str, ...]
    helper_ids: tuple[UUID, ...]


def turnover(there: Sequence[UUID], wanted: Sequence[UUID]) -> tuple[list[UUID], list[UUID]]:
    """Who of the helpers ends and who begins."""
    return [one for one in there if one not in wanted], [one for one in dict.fromkeys(wanted) if one not in there]
