"""What an import or the demo hands to the directory: rows that name each other by key.

A key is the row's lasting name in its source ("areas/440310001004"); loading the same key again updates
nothing and creates nothing. Ids are the directory's own affair.
"""

from dataclasses import dataclass, field
from datetime import date

from services.directory.domain.organisations import Contact, FormationStatus, Responsibility
from services.directory.domain.seed_catalogue import FacilitySeed, ServiceSeed
from shared.kernel.actor import Role


@dataclass(frozen=True, slots=True)
class AreaSeed:
    """One area. `kind` is a word of the glossary: district, street, community, grid, compound, building…

    `centre` is (lat, lon) in WGS-84; a polygon is a closed ring of (lat, lon) points, first point repeated last.
    """

    key: str
    parent_key: str | None
    kind: str
    name: str
    code: str | None = None
    centre: tuple[float, float] | None = None
    polygons: tuple[tuple[tuple[float, float], ...], ...] = ()
    households: int | None = None
    residents: int | None = None


@dataclass(frozen=True, slots=True)
class OrganisationSeed:
    """One organisation. `tenant_key` is the key of the community, street or district that keeps it.

    What is not said of it (None, or nothing) is left as people in Linli have it. `formation_status` is for kinds that
    have to be formed; without one it is there. `responsibilities` are category and level, a kind of area.
    """

    key: str
    tenant_key: str
    kind: str
    name: str
    parent_key: str | None = None
    aliases: tuple[str, ...] = ()
    serves_keys: tuple[str, ...] = ()
    credit_code: str | None = None
    contact: Contact | None = None
    formation_status: FormationStatus | None = None
    responsibilities: tuple[Responsibility, ...] = ()


@dataclass(frozen=True, slots=True)
class SupportSeed:
    """The organisation supports the area (包联) from that day on."""

    organisation_key: str
    area_key: str
    starts_on: date


@dataclass(frozen=True, slots=True)
class HouseholdSeed:
    """A household behind the door `door` ("501") of an area: an entrance, a floor, a building, a farm."""

    key: str
    area_key: str
    door: str


@dataclass(frozen=True, slots=True)
class PersonSeed:
    """One person, at home in the area `home_key` (None: lives elsewhere) and kept by the tenant `tenant_key`.

    The year of birth is all that is needed of somebody's age; None where it is not known. Telephone, identity number
    and address are kept sealed; None says nothing and leaves what is there. Who belongs to a household is at home
    where its door is, so `home_key` can be left out.
    """

    key: str
    tenant_key: str
    name: str
    home_key: str | None = None
    birth_year: int | None = None
    phone: str | None = None
    id_number: str | None = None
    address: str | None = None
    party_member: bool = False
    household_key: str | None = None
    skills: tuple[str, ...] = ()
    work_organisation_key: str | None = None


@dataclass(frozen=True, slots=True)
class OfficeSeed:
    """The person holds the office `kind` (grid_officer, building_head…) in the area from that day on.

    One with an `ends_on`, the first day on which it is no longer held, stands beside others of its kind: it is told
    apart by its first day.
    """

    person_key: str
    kind: str
    area_key: str
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class MembershipSeed:
    """The person belongs to the organisation as `kind` (staff, member…), sent by another one or by nobody."""

    person_key: str
    organisation_key: str
    kind: str
    starts_on: date
    on_behalf_of_key: str | None = None


@dataclass(frozen=True, slots=True)
class GrantSeed:
    """The person has the role, rooted in exactly one of an area or an organisation. No day: since ever, for ever."""

    person_key: str
    role: Role
    area_key: str | None = None
    organisation_key: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class DirectorySeed:
    """Everything one source brings, parents before children."""

    areas: list[AreaSeed] = field(default_factory=list)
    organisations: list[OrganisationSeed] = field(default_factory=list)
    people: list[PersonSeed] = field(default_factory=list)
    offices: list[OfficeSeed] = field(default_factory=list)
    memberships: list[MembershipSeed] = field(default_factory=list)
    grants: list[GrantSeed] = field(default_factory=list)
    households: list[HouseholdSeed] = field(default_factory=list)
    supports: list[SupportSeed] = field(default_factory=list)
    facilities: list[FacilitySeed] = field(default_factory=list)
    services: list[ServiceSeed] = field(default_factory=list)
