"""The register that a community's people are written into: who they are, what they hold, where they belong."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from deploy.demo.chance import between, fraction
from deploy.demo.households import REGISTER_YEAR, Resident
from deploy.demo.names import Folks, Generation, single_name, woman_name
from services.directory.domain.seed import GrantSeed, HouseholdSeed, MembershipSeed, OfficeSeed, PersonSeed
from shared.kernel.actor import Role

#: Between these ages is whoever is known alone.
_AGES = (24, 76)


def since(*label: object) -> date:
    """A day of the years before the register, on which something began."""
    return date(2022, 3, 1) + timedelta(days=int(fraction("since", *label) * 900))


@dataclass(slots=True)
class Register:
    """The rows as they come together.

    `community` is the word for the place with which all keys begin; the `cast` are those whom one calls by a word that
    is not a number, with their names. Nobody else has one of these names.
    """

    community: str
    folks: Folks
    cast: Mapping[str, str]
    people: list[PersonSeed] = field(default_factory=list)
    offices: list[OfficeSeed] = field(default_factory=list)
    memberships: list[MembershipSeed] = field(default_factory=list)
    grants: list[GrantSeed] = field(default_factory=list)
    households: list[HouseholdSeed] = field(default_factory=list)

    def person_key(self, word: str) -> str:
        """The directory key of somebody whom the demo calls by a word: one of the cast, or "r-0017"."""
        return f"people/{self.community}/{word}"

    def organisation_key(self, short: str) -> str:
        """The directory key of an organisation that the demo calls by a short word ("water", "team-red")."""
        return f"organisations/{self.community}/{short}"

    def settle(self, word: str, tenant: str, resident: Resident, household: str | None = None) -> str:
        """Somebody who lives here, and so is a resident of the community; the cast keep their own names."""
        key, name = self.person_key(word), self.cast.get(word, resident.name)
        person = PersonSeed(key, tenant, name, resident.home_key, resident.birth_year, household_key=household)
        self.people.append(person)
        self.grants.append(GrantSeed(key, Role.RESIDENT, area_key=tenant))
        return key

    def settle_all(
        self, tenant: str, everybody: Iterable[Resident], known: Mapping[int, str], *, doors: bool = False
    ) -> dict[str, list[str]]:
        """All who live here, numbered door by door, some `known` by a word; the grown-ups at home in each area.

        With `doors`, each is entered as a household, to which whoever lives behind it belongs.
        """
        grown: dict[str, list[str]] = {}
        entered: dict[str, HouseholdSeed] = {}
        for number, resident in enumerate(everybody, 1):
            household = f"households/{self.community}/{resident.home_key}/{resident.flat}" if doors else None
            if household:
                entered[household] = HouseholdSeed(household, resident.home_key, resident.flat)
            key = self.settle(known.get(number, f"r-{number:05}"), tenant, resident, household)
            if resident.generation is not Generation.CHILD:
                grown.setdefault(resident.home_key, []).append(key)
        self.households += entered.values()
        return grown

    def live(self, word: str, tenant: str, home: str, *, woman: bool = False) -> str:
        """Somebody who lives here and is known alone, where the register does not have whole households."""
        key, taken = self.person_key(word), frozenset(self.cast.values())
        named = woman_name if woman else single_name
        name = self.cast.get(word) or named(key, self.folks, taken)
        self.people.append(PersonSeed(key, tenant, name, home, REGISTER_YEAR - int(between(*_AGES, "age", key))))
        self.grants.append(GrantSeed(key, Role.RESIDENT, area_key=tenant))
        return key

    def add(self, word: str, tenant: str) -> str:
        """Somebody who is here for their work and lives elsewhere."""
        key = self.person_key(word)
        name = self.cast.get(word) or single_name(word, self.folks, frozenset(self.cast.values()))
        self.people.append(PersonSeed(key, tenant, name))
        return key

    def staff(self, word: str, tenant: str, organisation: str, role: Role, area: str | None = None) -> str:
        """Somebody who works for an organisation; the role is rooted in the area, or else in it."""
        key = self.add(word, tenant)
        root = self.organisation_key(organisation)
        self.member(key, organisation, "staff")
        self.grants.append(GrantSeed(key, role, area_key=area) if area else GrantSeed(key, role, organisation_key=root))
        return key

    def member(self, key: str, organisation: str, kind: str) -> None:
        """The person belongs to the organisation."""
        row = MembershipSeed(key, self.organisation_key(organisation), kind, since(kind, organisation, key))
        self.memberships.append(row)

    def office(self, key: str, kind: str, area: str, role: Role | None) -> None:
        """The person answers for the area, and may act there in that role."""
        self.offices.append(OfficeSeed(key, kind, area, since(kind, area)))
        if role is not None:
            self.grants.append(GrantSeed(key, role, area_key=area))
