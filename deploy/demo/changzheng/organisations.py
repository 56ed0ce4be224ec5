"""Who works in and around the demo community. Names are made up, or what every district calls its offices."""

from dataclasses import dataclass

from deploy.demo.changzheng.areas import COMMUNITY, DISTRICT, NEIGHBOUR_COMMUNITY, STREET
from services.directory.domain.seed import OrganisationSeed


@dataclass(frozen=True, slots=True)
class Team:
    """A volunteer team: its colour and what the colour stands for are its name, the field is how people ask for it."""

    key: str
    colour: str
    spirit: str
    field: str
    size: int

    @property
    def name(self) -> str:
        return f"{self.colour}{self.spirit}志愿服务队"


#: The five teams of 长征社区 and their 160 residents (design 1-product, A).
TEAMS: tuple[Team, ...] = (
    Team("team-orange", "橙色", "平安", "平安巡逻", 38),
    Team("team-gold", "金色", "炫舞", "文化活动", 42),
    Team("team-green", "绿色", "健康", "环境保护", 26),
    Team("team-red", "红色", "星火", "社区服务", 30),
    Team("team-blue", "蓝色", "情暖", "帮困关爱", 24),
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A local unit 驻区单位 and how many members its party organisation brings."""

    key: str
    name: str
    aliases: tuple[str, ...]
    members: int


#: The eight units, who bring 574 members (design 1-product, A).
UNITS: tuple[Unit, ...] = (
    Unit("school", "红柳小学", ("区红柳小学",), 64),
    Unit("kindergarten", "小胡杨幼儿园", (), 22),
    Unit("hospital", "胜利路惠民医院", ("惠民医院",), 96),
    Unit("oilfield", "红柳油田公司第五采油作业区", ("采油五区", "作业区"), 158),
    Unit("wells", "红柳油田公司井下作业三队", ("井下三队",), 117),
    Unit("bank", "油城银行长征支行", ("油城银行",), 38),
    Unit("telecom", "天山通信公司长征营业部", ("通信营业部",), 45),
    Unit("fire", "胜利路消防救援站", ("消防站",), 34),
)

_DEPARTMENTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("urban", "区城市管理局", ("城管局", "城管")),
    ("housing", "区住房和城乡建设局", ("住建局",)),
    ("civil_affairs", "区民政局", ("民政局",)),
    ("police", "胜利路派出所", ("派出所", "社区警务室")),
    ("traffic_police", "区公安分局交警大队", ("交警队",)),
    ("sanitation", "区园林环卫中心", ("环卫", "园林队")),
    ("water", "市水务公司", ("自来水公司",)),
    ("heat", "市热力公司", ("供热公司",)),
    ("power", "市供电公司", ("电力公司",)),
    ("gas", "市燃气公司", ("天然气公司",)),
)

DEPARTMENT_KEYS: tuple[str, ...] = tuple(short for short, _, _ in _DEPARTMENTS)


def organisation_key(short: str) -> str:
    """The directory key of an organisation that the demo calls by a short word ("water", "team-red")."""
    return f"organisations/changzheng/{short}"


def _local(short: str, kind: str, name: str, aliases: tuple[str, ...] = ()) -> OrganisationSeed:
    key = organisation_key(short)
    return OrganisationSeed(key, COMMUNITY, kind, name, aliases=aliases, serves_keys=(COMMUNITY,))


def _self_government() -> list[OrganisationSeed]:
    """What the residents themselves elect, hire and form."""
    committee = organisation_key("committee")
    teams = [
        OrganisationSeed(
            organisation_key(team.key),
            COMMUNITY,
            "volunteer_team",
            team.name,
            committee,
            (team.colour + team.spirit, team.field),
            (COMMUNITY,),
        )
        for team in TEAMS
    ]
    vanguard = OrganisationSeed(
        organisation_key("vanguard"),
        COMMUNITY,
        "vanguard_team",
        "长征社区党员先锋队",
        committee,
        ("先锋队",),
        (COMMUNITY,),
    )
    return [
        _local("committee", "residents_committee", "长征社区居民委员会", ("长征社区居委会", "长征社区")),
        OrganisationSeed(
            organisation_key("neighbour-committee"),
            NEIGHBOUR_COMMUNITY,
            "residents_committee",
            "朝阳社区居民委员会",
            aliases=("朝阳社区居委会",),
            serves_keys=(NEIGHBOUR_COMMUNITY,),
        ),
        _local("owners", "owners_committee", "长征片区业主委员会", ("业委会",)),
        _local("property", "property_company", "安居乐物业服务有限公司", ("安居乐物业", "物业")),
        *teams,
        vanguard,
    ]


def organisation_seeds() -> list[OrganisationSeed]:
    """Every organisation, parents before children; each is kept by the level that it belongs to."""
    office = OrganisationSeed(
        organisation_key("street-office"),
        STREET,
        "department",
        "胜利路街道办事处",
        aliases=("街道办",),
        serves_keys=(STREET,),
    )
    sponsor = OrganisationSeed(
        organisation_key("stationed"),
        DISTRICT,
        "enterprise",
        "油城建设投资公司",
        aliases=("城投公司",),
        serves_keys=(COMMUNITY,),
    )
    team = OrganisationSeed(
        organisation_key("stationed-team"),
        COMMUNITY,
        "stationed_team",
        "“访惠聚”驻长征社区工作队",
        parent_key=sponsor.key,
        aliases=("访惠聚工作队", "驻社区工作队"),
        serves_keys=(COMMUNITY,),
    )
    departments = [
        OrganisationSeed(
            organisation_key(short), DISTRICT, "department", name, aliases=aliases, serves_keys=(DISTRICT,)
        )
        for short, name, aliases in _DEPARTMENTS
    ]
    units = [_local(unit.key, "local_unit", unit.name, unit.aliases) for unit in UNITS]
    return [*departments, sponsor, team, office, *_self_government(), *units]
