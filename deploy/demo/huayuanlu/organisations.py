"""Who works in and around 花园路街道: the street and its district, six bodies in every grid, units, new organisations.

Names are made up, or what every district calls its offices.
"""

from deploy.demo.bodies import body, community_bodies, departments, street_bodies
from deploy.demo.huayuanlu.areas import DISTRICT, STREET, district
from deploy.demo.town import Site
from services.directory.domain.seed import OrganisationSeed

_PLACE = "huayuanlu"

#: Of each grid: short word, kind, name.
GRID_BODIES: tuple[tuple[str, str, str], ...] = (
    ("branch", "party_branch", "党支部"),
    ("residents", "residents_representatives", "居民代表会"),
    ("owners", "owners_representatives", "业主代表会"),
    ("women", "womens_representatives", "妇女代表会"),
    ("youth", "youth_league", "团支部"),
    ("volunteers", "volunteer_team", "志愿服务队"),
)

#: Local units 驻区单位 and new economic and social organisations 两新 of the committee 大工委: short word, kind, name,
#: and the number of the community where they are.
UNITS: tuple[tuple[str, str, str, int], ...] = (
    ("library", "local_unit", "省群众文化馆", 1),
    ("supply", "local_unit", "省供销服务中心", 2),
    ("water-institute", "local_unit", "省水利勘测设计院", 3),
    ("hospital", "hospital", "红专路中医医院", 4),
    ("clinic", "hospital", "纬四路社区卫生服务中心", 5),
    ("aviation", "local_unit", "省民航服务公司", 6),
    ("instruments", "local_unit", "郑州仪表研究所", 7),
    ("agriculture", "local_unit", "省农业技术推广站", 8),
    ("bank", "local_unit", "中原银联支行花园路营业部", 9),
    ("telecom", "local_unit", "通信花园营业厅", 10),
    ("school-1", "school", "政七街小学", 1),
    ("school-2", "school", "纬五路第二小学", 5),
    ("law-firm", "new_organisation", "正和律师事务所", 3),
    ("accountants", "new_organisation", "中信和会计师事务所", 4),
    ("tailors", "new_organisation", "巧手制衣合作社", 6),
    ("repairs", "new_organisation", "邻帮家电维修部", 7),
    ("reading", "new_organisation", "书香读书会", 8),
    ("care", "new_organisation", "康乐居家养老服务中心", 9),
    ("supermarket", "new_organisation", "家家福生活超市", 10),
    ("hairdressers", "new_organisation", "丽人美发协会", 2),
)


def short_of(area: Site) -> str:
    """How a community or grid is called in the keys of what belongs to it: the end of its code."""
    return f"{(area.code or '')[9:]}-"


def organisation_seeds() -> list[OrganisationSeed]:
    """Every organisation, parents before children; each is kept by the level that it belongs to."""
    communities = district().of("community")
    found = departments(_PLACE, DISTRICT, "金水区") + street_bodies(_PLACE, "street-", STREET, "花园路街道")
    for community in communities:
        found += _of_community(community)
    found.append(body(_PLACE, "station", STREET, "volunteer_station", "花园路街道志愿服务站", "志愿服务站"))
    for short, kind, name, number in UNITS:
        found.append(body(_PLACE, short, communities[number - 1].key, kind, name, serves=[STREET]))
    return found


def _of_community(community: Site) -> list[OrganisationSeed]:
    short, name = short_of(community), community.name.removesuffix("社区")
    found = community_bodies(_PLACE, short, community.key, community.name)
    property_key = f"{short}property"
    found.append(body(_PLACE, property_key, community.key, "property_company", f"{name}家园物业服务有限公司", "物业"))
    for grid in community.of("grid"):
        for word, kind, title in GRID_BODIES:
            full = f"{community.name}{grid.name}{title}"
            parent = f"{short}party" if word == "branch" else f"{short}committee"
            found.append(
                body(_PLACE, f"{short_of(grid)}{word}", community.key, kind, full, serves=[grid.key], parent=parent)
            )
        for compound in grid.of("compound"):
            key = f"{short_of(grid)}owners-{compound.key[-1]}"
            full = f"{compound.name}业主委员会"
            found.append(body(_PLACE, key, community.key, "owners_committee", full, serves=[compound.key]))
    return found
