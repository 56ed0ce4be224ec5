"""The register that the demo's people are written into, and the cast: those whom the journey and demo.json know."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from deploy.demo.areas import COMMUNITY, NEIGHBOUR_COMMUNITY
from deploy.demo.chance import fraction
from deploy.demo.households import Resident
from deploy.demo.names import single_name
from deploy.demo.organisations import organisation_key
from services.directory.domain.seed import GrantSeed, MembershipSeed, OfficeSeed, PersonSeed
from shared.kernel.actor import Role

#: Names of the cast, by the word the demo knows them by.
CAST_NAMES: dict[str, str] = {
    "resident": "林晓燕",
    "neighbour": "马建疆",
    "volunteer": "古丽娜尔·艾山",
    "volunteer2": "陈志远",
    "building_head": "赵桂芳",
    "grid_officer": "李晨曦",
    "community_staff": "刘新梅",
    "street_staff": "周立民",
    "property_staff": "何大勇",
    "team_leader": "吴红霞",
    "oversight": "孙正清",
    "platform_admin": "郑宇航",
    "stranger": "冯雪莹",
}
NAMED: frozenset[str] = frozenset(CAST_NAMES.values())

#: Where the cast who live here are at home: building, and place among its grown-ups (0 is its head).
CAST_HOMES: dict[tuple[str, int], str] = {
    (f"{COMMUNITY}/xincun/3", 0): "building_head",
    (f"{COMMUNITY}/xincun/3", 6): "resident",
    (f"{COMMUNITY}/xincun/3", 13): "neighbour",
    (f"{COMMUNITY}/huyang/2", 5): "volunteer",
    (f"{COMMUNITY}/shazao/1", 5): "volunteer2",
    (f"{COMMUNITY}/jiayuan/4", 5): "team_leader",
    (f"{NEIGHBOUR_COMMUNITY}/chaoyangli/1", 1): "stranger",
}


def person_key(word: str) -> str:
    """The directory key of somebody the demo calls by a word: one of the cast, or "r-0017"."""
    return f"people/changzheng/{word}"


CAST_KEYS: frozenset[str] = frozenset(map(person_key, CAST_NAMES))


def _since(*label: object) -> date:
    return date(2022, 3, 1) + timedelta(days=int(fraction("since", *label) * 900))


@dataclass(slots=True)
class Register:
    """The rows as they come together."""

    people: list[PersonSeed] = field(default_factory=list)
    offices: list[OfficeSeed] = field(default_factory=list)
    memberships: list[MembershipSeed] = field(default_factory=list)
    grants: list[GrantSeed] = field(default_factory=list)

    def settle(self, word: str, tenant: str, resident: Resident) -> str:
        """Somebody who lives here, and so is a resident of the community; the cast keep their own names."""
        key, name = person_key(word), CAST_NAMES.get(word, resident.name)
        self.people.append(PersonSeed(key, tenant, name, resident.entrance.key, resident.birth_year))
        self.grants.append(GrantSeed(key, Role.RESIDENT, area_key=tenant))
        return key

    def add(self, word: str, tenant: str) -> str:
        """Somebody who is here for their work and lives elsewhere."""
        key = person_key(word)
        self.people.append(PersonSeed(key, tenant, CAST_NAMES.get(word) or single_name(word, NAMED)))
        return key

    def staff(self, word: str, tenant: str, organisation: str, role: Role, area: str | None = None) -> str:
        """Somebody who works for an organisation; the role is rooted in the area, or else in it."""
        key = self.add(word, tenant)
        root = organisation_key(organisation)
        self.member(key, organisation, "staff")
        self.grants.append(GrantSeed(key, role, area_key=area) if area else GrantSeed(key, role, organisation_key=root))
        return key

    def member(self, key: str, organisation: str, kind: str) -> None:
        row = MembershipSeed(key, organisation_key(organisation), kind, _since(kind, organisation, key))
        self.memberships.append(row)

    def office(self, key: str, kind: str, area: str, role: Role | None) -> None:
        """The person answers for the area, and may act there in that role."""
        self.offices.append(OfficeSeed(key, kind, area, _since(kind, area)))
        if role is not None:
            self.grants.append(GrantSeed(key, role, area_key=area))
