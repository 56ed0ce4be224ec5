"""Who works in and around 四营社区. Names are made up, or what every district calls its offices."""

from deploy.demo.bodies import body, community_bodies, departments, street_bodies
from deploy.demo.siying.areas import COMMUNITY, DISTRICT, STREET, district
from services.directory.domain.seed import OrganisationSeed

_PLACE = "siying"

#: The eleven units of the council 大党委: short word, kind, name, what people call it.
UNITS: tuple[tuple[str, str, str, str], ...] = (
    ("electric", "local_unit", "平安供电所", "供电所"),
    ("school", "school", "四营小学", "小学"),
    ("middle-school", "school", "商丘平安中学", "中学"),
    ("hospital", "hospital", "平安社区卫生服务中心", "卫生服务中心"),
    ("police-post", "local_unit", "平安派出所四营警务室", "警务室"),
    ("bank", "local_unit", "农商银行平安支行", "农商行"),
    ("post", "local_unit", "邮政平安支局", "邮局"),
    ("bureau", "department", "开发区建设环保局", "建设局"),
    ("grain", "local_unit", "豫东粮食储备库", "粮库"),
    ("textile", "enterprise", "豫丰纺织有限公司", "豫丰纺织"),
    ("logistics", "enterprise", "通达物流园", "物流园"),
)


def organisation_seeds() -> list[OrganisationSeed]:
    """Every organisation, parents before children; each is kept by the level that it belongs to."""
    found = departments(_PLACE, DISTRICT, "商丘经济开发区") + street_bodies(_PLACE, "street-", STREET, "平安街道")
    found += community_bodies(_PLACE, "", COMMUNITY, "四营社区")
    found += [body(_PLACE, short, COMMUNITY, kind, name, alias) for short, kind, name, alias in UNITS]
    compounds = [compound.key for compound in district().of("compound")]
    owners = "四营新苑业主委员会"
    return [
        *found,
        body(_PLACE, "owners", COMMUNITY, "owners_committee", owners, "业委会", serves=compounds),
        body(_PLACE, "property", COMMUNITY, "property_company", "新苑物业服务有限公司", "物业"),
        body(_PLACE, "mediation", COMMUNITY, "mediation_room", "四营社区人民调解室", "调解室"),
    ]
