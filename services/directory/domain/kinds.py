"""What kinds of areas, offices and organisations there are: the standard words, with which every installation begins.

Kinds are data: the tables `area_kind`, `office_kind` and `organisation_kind` hold them, and an installation may have
more. What a kind means to the rules stands in its row: where it ranks in the tree, whether it is a tenant, whether an
office must be held and which role comes with it, whether an organisation has yet to be formed by those it is for.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shared.kernel.actor import OFFICERS, Role


@dataclass(frozen=True, slots=True)
class AreaKind:
    """A kind of area. `rank` grows downwards: a parent always ranks above. A `tenant` keeps what lies in it."""

    key: str
    name_zh: str
    name_en: str
    rank: int
    tenant: bool = False


@dataclass(frozen=True, slots=True)
class OfficeKind:
    """A kind of office. `exclusive`: one holder at a time; `required_in`: areas of these kinds must have a holder.

    `role` begins and ends with the office, in its area. A grid head does in the grid what its officers do, and a
    part-time officer the same work as a full-time one. The roles of administration never come with an office: a
    secretary who needs one is given it by somebody above, on purpose and on record.
    """

    key: str
    name_zh: str
    name_en: str
    position: int
    exclusive: bool = False
    required_in: tuple[str, ...] = ()
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class OrganisationKind:
    """A kind of organisation. One that is `formed` is elected by people who live there, and may not be there yet."""

    key: str
    name_zh: str
    name_en: str
    position: int
    formed: bool = False


AREA_KINDS: tuple[AreaKind, ...] = (
    AreaKind("district", "区", "District", 10, tenant=True),
    AreaKind("street", "街道", "Street", 20, tenant=True),
    AreaKind("community", "社区", "Community", 30, tenant=True),
    AreaKind("residents_group", "居民小组", "Residents' group", 40),
    AreaKind("grid", "网格", "Grid", 50),
    AreaKind("compound", "小区", "Compound", 60),
    AreaKind("building_group", "楼组", "Building group", 70),
    AreaKind("building", "楼栋", "Building", 80),
    AreaKind("entrance", "单元", "Entrance", 90),
    AreaKind("floor", "楼层", "Floor", 100),
)

OFFICE_KINDS: tuple[OfficeKind, ...] = (
    OfficeKind("community_party_secretary", "社区党组织书记", "Community party secretary", 1, True, ("community",)),
    OfficeKind("first_secretary", "第一书记", "First secretary", 2, True),
    OfficeKind("council_secretary", "大党委书记", "Council secretary", 3, True),
    OfficeKind("grid_head", "网格长", "Grid head", 4, True, (), Role.GRID_OFFICER),
    OfficeKind("grid_officer", "专职网格员", "Grid officer", 5, False, ("grid",), Role.GRID_OFFICER),
    OfficeKind("part_time_grid_officer", "兼职网格员", "Part-time grid officer", 6, False, (), Role.GRID_OFFICER),
    OfficeKind("building_head", "楼栋长", "Building head", 7, True, ("building",), Role.BUILDING_HEAD),
    OfficeKind("party_group_leader", "党小组长", "Party group leader", 8, True),
    OfficeKind("sanitation_officer", "环境卫生员", "Sanitation officer", 9),
    OfficeKind("public_order_officer", "治安维护员", "Public order officer", 10),
    OfficeKind("culture_sports_officer", "文体宣传员", "Culture and sports officer", 11),
    OfficeKind("property_officer", "物业管理员", "Property officer", 12),
    OfficeKind("household_group_head", "联户长", "Household-group head", 13, False, (), Role.HOUSEHOLD_GROUP_HEAD),
    OfficeKind("standing_representative", "居民常任代表", "Residents' standing representative", 14),
    OfficeKind("floor_contact", "楼层联络人", "Floor contact", 15),
)

ORGANISATION_KINDS: tuple[OrganisationKind, ...] = (
    OrganisationKind("party_committee", "党委（党工委）", "Party committee", 1),
    OrganisationKind("party_branch", "党支部（党总支）", "Party branch", 2),
    OrganisationKind("party_group", "党小组", "Party group", 3),
    OrganisationKind("council", "大党委（大工委）", "Council", 4),
    OrganisationKind("residents_committee", "居民委员会", "Residents' committee", 5),
    OrganisationKind("oversight_committee", "居务监督委员会", "Oversight committee", 6),
    OrganisationKind("community_station", "社区工作站", "Community workstation", 7),
    OrganisationKind("owners_committee", "业主委员会", "Owners' committee", 8, formed=True),
    OrganisationKind("residents_representatives", "居民代表会议", "Residents' representatives", 9),
    OrganisationKind("owners_representatives", "业主代表", "Owners' representatives", 10),
    OrganisationKind("womens_representatives", "妇女代表", "Women's representatives", 11),
    OrganisationKind("youth_league", "共青团组织", "Youth league", 12),
    OrganisationKind("property_company", "物业服务企业", "Property company", 13),
    OrganisationKind("street_office", "街道办事处", "Street office", 14),
    OrganisationKind("department", "职能部门", "Department", 15),
    OrganisationKind("local_unit", "驻区单位", "Local unit", 16),
    OrganisationKind("enterprise", "企业", "Enterprise", 17),
    OrganisationKind("new_organisation", "两新组织", "New economic or social organisation", 18),
    OrganisationKind("school", "学校", "School", 19),
    OrganisationKind("hospital", "医疗机构", "Hospital", 20),
    OrganisationKind("sponsor", "赞助单位", "Sponsor", 21),
    OrganisationKind("stationed_team", "驻社区工作队", "Stationed team", 22),
    OrganisationKind("vanguard_team", "党员先锋队", "Vanguard team", 23),
    OrganisationKind("volunteer_team", "志愿服务队", "Volunteer team", 24),
    OrganisationKind("volunteer_station", "志愿服务站", "Volunteer station", 25),
    OrganisationKind("mediation_room", "人民调解室", "Mediation room", 26),
    OrganisationKind("shop", "商户", "Shop", 27),
    OrganisationKind("other", "其他", "Other", 99),
)


#: The roles that may come with an office: those who look after a part of a community, never those who run one.
OFFICE_ROLES = tuple(sorted(OFFICERS))


class Kinds:
    """The kinds of areas, offices and organisations that an installation knows."""

    def __init__(
        self,
        kinds: Iterable[AreaKind] = AREA_KINDS,
        offices: Iterable[OfficeKind] = OFFICE_KINDS,
        organisations: Iterable[OrganisationKind] = ORGANISATION_KINDS,
    ) -> None:
        self.offices: Mapping[str, OfficeKind] = {kind.key: kind for kind in offices}
        self.organisations: Mapping[str, OrganisationKind] = {kind.key: kind for kind in organisations}
        self.by_key: Mapping[str, AreaKind] = {kind.key: kind for kind in kinds}
        self.by_name: Mapping[str, AreaKind] = {
            name.casefold(): kind for kind in self.by_key.values() for name in (kind.key, kind.name_zh, kind.name_en)
        }

    def __contains__(self, key: str) -> bool:
        return key in self.by_key

    def is_tenant(self, key: str) -> bool:
        """Whether an area of this kind is a tenant."""
        return key in self.by_key and self.by_key[key].tenant

    def fits(self, kind: str, parent: str) -> bool:
        """Whether an area of this kind may lie right below one of that kind: a building in a compound, never the
        other way round."""
        return self.by_key[parent].rank < self.by_key[kind].rank

    def name(self, key: str) -> tuple[str, str]:
        """The kind in Chinese and in English."""
        kind = self.by_key.get(key)
        return (kind.name_zh, kind.name_en) if kind else (key, key)
