"""Who works in and around 泥营社区: departments that attend its whistles 部门报到, units, and what its compounds have.

Names are made up, or what every district calls its offices.
"""

from deploy.demo.bodies import body, community_bodies, departments, street_bodies
from deploy.demo.niying.areas import COMMUNITY, DISTRICT, STREET, district
from services.directory.domain.seed import OrganisationSeed

_PLACE = "niying"

#: Short word, kind, name, what people call it.
UNITS: tuple[tuple[str, str, str, str], ...] = (
    ("school", "school", "泥营小学", "小学"),
    ("kindergarten", "school", "月季花幼儿园", "幼儿园"),
    ("clinic", "hospital", "仲景社区卫生服务中心", "卫生服务中心"),
    ("hospital", "hospital", "宛东骨科医院", "骨科医院"),
    ("bank", "local_unit", "农商银行仲景支行", "农商行"),
    ("telecom", "local_unit", "通信公司建设路营业厅", "营业厅"),
    ("jade", "enterprise", "独山玉雕厂", "玉雕厂"),
    ("food-market", "enterprise", "泥营农贸市场", "菜市场"),
    ("care", "new_organisation", "孝老居家养老服务中心", "养老中心"),
    ("training", "new_organisation", "巧媳妇家政培训学校", "家政学校"),
)
#: Property companies: short word, name; each looks after every fifth compound.
PROPERTY: tuple[tuple[str, str], ...] = (
    ("property-1", "宛居物业服务有限公司"),
    ("property-2", "锦绣物业服务有限公司"),
    ("property-3", "好邻居物业服务有限公司"),
    ("property-4", "城投物业服务有限公司"),
    ("property-5", "泥营社区物业服务中心"),
)


def organisation_seeds() -> list[OrganisationSeed]:
    """Every organisation, parents before children; each is kept by the level that it belongs to."""
    found = departments(_PLACE, DISTRICT, "宛城区") + street_bodies(_PLACE, "street-", STREET, "仲景街道")
    found += community_bodies(_PLACE, "", COMMUNITY, "泥营社区")
    found += [body(_PLACE, short, COMMUNITY, kind, name, alias) for short, kind, name, alias in UNITS]
    compounds = district().of("compound")
    for number, (short, name) in enumerate(PROPERTY):
        served = [compound.key for compound in compounds[number :: len(PROPERTY)]]
        found.append(body(_PLACE, short, COMMUNITY, "property_company", name, "物业", serves=served))
    for number, compound in enumerate(compounds, 1):
        name = f"{compound.name}业主委员会"
        found.append(
            body(_PLACE, f"owners-{number}", COMMUNITY, "owners_committee", name, "业委会", serves=[compound.key])
        )
    return found
