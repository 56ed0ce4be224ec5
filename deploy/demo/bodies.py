"""Organisations that every place has, by what they are called everywhere: offices of its district, and what stands in
each community. What is a place's own is told in its package."""

from collections.abc import Iterable

from services.directory.domain.seed import OrganisationSeed

#: Offices of a district: short word, name after the district's, what people call it.
_DEPARTMENTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("urban", "城市管理局", ("城管局", "城管")),
    ("housing", "住房和城乡建设局", ("住建局",)),
    ("civil_affairs", "民政局", ("民政局",)),
    ("health", "卫生健康委员会", ("卫健委",)),
    ("human_resources", "人力资源和社会保障局", ("人社局",)),
    ("justice", "司法局", ("司法局",)),
    ("police", "公安分局", ("公安局", "派出所")),
    ("traffic_police", "公安分局交警大队", ("交警队",)),
    ("fire", "消防救援大队", ("消防队",)),
    ("market", "市场监督管理局", ("市场监管局",)),
    ("water", "自来水公司", ("水务公司",)),
    ("power", "供电公司", ("电力公司",)),
    ("gas", "燃气公司", ("天然气公司",)),
    ("heat", "热力公司", ("供热公司",)),
    ("sanitation", "园林环卫中心", ("环卫", "园林队")),
)
DEPARTMENT_WORDS: tuple[str, ...] = tuple(short for short, _, _ in _DEPARTMENTS)


def body(
    place: str,
    short: str,
    tenant: str,
    kind: str,
    name: str,
    *aliases: str,
    serves: Iterable[str] | None = None,
    parent: str | None = None,
) -> OrganisationSeed:
    """One organisation of the place, called by a short word; it serves what keeps it when nothing else is said."""
    above = f"organisations/{place}/{parent}" if parent else None
    served = (tenant,) if serves is None else tuple(serves)
    return OrganisationSeed(f"organisations/{place}/{short}", tenant, kind, name, above, aliases, served)


def departments(place: str, district: str, name: str) -> list[OrganisationSeed]:
    """The offices of the district that communities have to do with; `name` is the district's."""
    return [body(place, short, district, "department", name + rest, *aliases) for short, rest, aliases in _DEPARTMENTS]


def street_bodies(place: str, short: str, street: str, name: str) -> list[OrganisationSeed]:
    """What governs a street: its party committee and its office; `name` ends with 街道."""
    return [
        body(place, f"{short}party", street, "party_committee", f"中共{name}工作委员会", f"{name}党工委", "街道党工委"),
        body(place, f"{short}office", street, "street_office", f"{name}办事处", "街道办"),
    ]


def community_bodies(place: str, short: str, community: str, name: str) -> list[OrganisationSeed]:
    """What every community has: party branch, residents' committee, oversight, volunteers; `name` ends with 社区."""
    party = f"{short}party"
    return [
        body(place, party, community, "party_branch", f"{name}党总支", f"{name}党组织"),
        body(place, f"{short}committee", community, "residents_committee", f"{name}居民委员会", f"{name}居委会", name),
        body(place, f"{short}oversight", community, "oversight_committee", f"{name}居务监督委员会", "监委会"),
        body(place, f"{short}team", community, "volunteer_team", f"{name}志愿服务队", parent=f"{short}committee"),
    ]
