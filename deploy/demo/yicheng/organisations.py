"""Who works in 驿城区: its 67 units 区直单位, whose members enrol where they live, and what governs each street and
community. Names are what every district calls its offices, or made up."""

from deploy.demo.bodies import DEPARTMENT_WORDS, body, community_bodies, departments, street_bodies
from deploy.demo.town import Site
from deploy.demo.yicheng.areas import DISTRICT, district
from services.directory.domain.seed import OrganisationSeed

_PLACE = "yicheng"

#: Units of the district beside the offices that every district has.
_MORE_UNITS: tuple[str, ...] = (
    *("区委办公室", "区人大办公室", "区政府办公室", "区政协办公室", "区纪委监委", "区委组织部", "区委宣传部"),
    *("区委统战部", "区委政法委", "区委编办", "区委巡察办", "区直机关工委", "区委党校", "区档案馆", "区信访局"),
    *("区总工会", "团区委", "区妇联", "区科协", "区文联", "区工商联", "区残联", "区红十字会", "区法院", "区检察院"),
    *("区发展和改革委员会", "区教育局", "区科技局", "区工业和信息化局", "区财政局", "区自然资源局", "区生态环境局"),
    *("区交通运输局", "区水利局", "区农业农村局", "区商务局", "区文化广电旅游局", "区退役军人事务局", "区应急管理局"),
    *("区审计局", "区统计局", "区医疗保障局", "区税务局", "区林业局", "区供销社", "区融媒体中心", "区图书馆"),
    *("区文化馆", "区疾控中心", "区妇幼保健院", "区房产服务中心", "区机关事务中心"),
)

#: The short words of all 67.
UNIT_WORDS: tuple[str, ...] = (*DEPARTMENT_WORDS, *(f"unit-{number:02}" for number in range(1, len(_MORE_UNITS) + 1)))


def short_of(area: Site) -> str:
    """How a street or community is called in the keys of what belongs to it: the end of its code."""
    return f"{(area.code or '')[6:]}-"


def organisation_seeds() -> list[OrganisationSeed]:
    """Every organisation, parents before children; each is kept by the level that it belongs to."""
    found = departments(_PLACE, DISTRICT, "驿城区")
    for number, name in enumerate(_MORE_UNITS, 1):
        found.append(body(_PLACE, f"unit-{number:02}", DISTRICT, "department", f"驿城{name}", name))
    for street in district().of("street"):
        found += street_bodies(_PLACE, short_of(street), street.key, street.name)
    for community in district().of("community"):
        found += _of_community(community)
    return found


def _of_community(community: Site) -> list[OrganisationSeed]:
    short, name = short_of(community), community.name.removesuffix("社区")
    found = community_bodies(_PLACE, short, community.key, community.name)
    company = f"{name}物业服务站"
    found.append(body(_PLACE, f"{short}property", community.key, "property_company", company, "物业"))
    room = f"{community.name}人民调解室"
    found.append(body(_PLACE, f"{short}mediation", community.key, "mediation_room", room, "调解室"))
    for grid in community.of("grid"):
        owners, served = f"{name}{grid.name}业主委员会", [compound.key for compound in grid.below]
        key = f"{short}owners-{grid.key[-1]}"
        found.append(body(_PLACE, key, community.key, "owners_committee", owners, "业委会", serves=served))
    return found
