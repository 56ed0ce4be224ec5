"""A town to hold the table of rights against: one thing in its middle, and callers in every role around it.

A caller is one role in one place, and nothing else: no home, no second role. For the things that are the caller's own
the role counts in another community, so that nothing but owning them can be why they are let in.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

import httpx

from deploy.assemble import Assembly
from services.directory.actions.load import load
from services.directory.domain.seed import (
    AreaSeed,
    DirectorySeed,
    MembershipSeed,
    OfficeSeed,
    OrganisationSeed,
    PersonSeed,
)
from services.petitions.actions.categories import load_categories
from services.petitions.domain.seed import CategorySeed
from shared.infra.auth import TokenIssuer
from shared.kernel.actor import Actor, Grant, Role
from shared.kernel.ids import new_id
from tests.support.person import Person

_LAT, _LON = 12.0, 60.0  # far from the worlds of the other tests


class Scope(StrEnum):
    """What ties the caller to the thing, apart from the role."""

    OWN = "own"  # reported it, takes part in it
    HELD = "held"  # holds it, leads it
    HOME = "home"  # lives there
    HERE = "here"  # the role counts in the very area
    ABOVE = "area below"  # the role counts above: the thing lies in an area below
    SISTER = "sister area"  # the role counts in another part of the same community
    OTHER = "other community"


_STAND = """
insert into role_grant (tenant_id, id, version, person_id, role, area_id, organisation_id)
select tenant_id, gen_random_uuid(), 1, id, $2, $3, $4 from person where id = $1 on conflict do nothing
"""
_LOCAL = {Role.RESIDENT, Role.VOLUNTEER, Role.HOUSEHOLD_GROUP_HEAD, Role.BUILDING_HEAD, Role.GRID_OFFICER}
_ORGANISATIONS = {  # by scope: who keeps the organisation, and what it serves
    Scope.HERE: ("here", "here"),
    Scope.ABOVE: ("street", "street"),
    Scope.SISTER: ("here", "grid2"),
    Scope.OTHER: ("there", "there"),
}


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that a cell of the table is about: where it is, whose it is, who holds or leads it."""

    id: str
    area: str
    owner: UUID
    holder: UUID
    holding_organisation: UUID | None = None
    opening: str = ""
    another: str = ""  # of its kind, beside it


@dataclass(frozen=True, slots=True)
class Town:
    """`ids` of areas, organisations and people by their words."""

    client: httpx.AsyncClient
    issuer: TokenIssuer
    assembly: Assembly
    ids: dict[str, UUID]
    known: dict[Actor, Person] = field(default_factory=dict)
    standing: set[Actor] = field(default_factory=set)

    def person(self, who: UUID, role: Role, area: str | None = None, organisation: UUID | None = None) -> Person:
        """Somebody with one role and no home."""
        return self._person(Actor(who, (Grant(role, self.ids[area] if area else None, organisation),)))

    def staff(self) -> Person:
        return self.person(self.ids["staff"], Role.COMMUNITY_STAFF, "here")

    def officer(self) -> Person:
        """Holds what is reported in the officer's building."""
        return self.person(self.ids["officer"], Role.GRID_OFFICER, "officers_building")

    def committee(self) -> Person:
        """Staff of the residents' committee, which holds what is reported in the building without an officer."""
        return self.person(self.ids["staff"], Role.ORGANISATION_STAFF, None, self.ids["committee"])

    def caller(self, role: Role, scope: Scope, thing: Thing) -> Person:
        """The caller of one cell."""
        # A volunteer can be in one place at a time, so each who claims is somebody else.
        somebody = new_id() if thing.opening == thing.id != "" else self.ids["somebody"]
        who = {Scope.OWN: thing.owner, Scope.HELD: thing.holder}.get(scope, somebody)
        home = self.ids[thing.area] if scope is Scope.HOME else None
        return self._person(Actor(who, (self._grant(role, scope, thing),), home))

    async def give(self, role: Role, scope: Scope, thing: Thing) -> None:
        """Writes the caller's role down in the register, for calls that look it up there."""
        who = {Scope.OWN: thing.owner, Scope.HELD: thing.holder}.get(scope, self.ids["somebody"])
        await self._write_down(who, self._grant(role, scope, thing))

    async def give_role(self, who: UUID, role: Role, area: str) -> None:
        """Writes down that somebody has a role in an area."""
        await self._write_down(who, Grant(role, self.ids[area]))

    async def _write_down(self, who: UUID, grant: Grant) -> None:
        await self.house("directory").pool.execute(
            """insert into role_grant (tenant_id, id, version, person_id, role, area_id, organisation_id)
               values ($1, $2, 1, $3, $4, $5, $6) on conflict do nothing""",
            *(self.ids["here"], new_id(), who, grant.role, grant.area_id, grant.organisation_id),
        )

    def _grant(self, role: Role, scope: Scope, thing: Thing) -> Grant:
        if role is Role.ORGANISATION_STAFF:
            if scope is Scope.HELD and thing.holding_organisation is not None:
                return Grant(role, None, thing.holding_organisation)
            return Grant(role, None, self.ids[f"company {scope if scope in _ORGANISATIONS else Scope.OTHER}"])
        root = {
            Scope.HERE: thing.area,
            Scope.ABOVE: "here" if role in _LOCAL else "street",
            Scope.SISTER: "grid2",
        }.get(scope, "there")
        return Grant(role, self.ids[root])

    def _person(self, actor: Actor) -> Person:
        if actor not in self.known:
            token = self.issuer.access_token(actor)
            self.known[actor] = Person(str(actor.person_id), actor.person_id, token, self.client)
        return self.known[actor]

    async def stand(self, person: Person) -> None:
        """The person has in the directory what their token says: some routes ask whether it still holds."""
        (actor,) = (actor for actor, known in self.known.items() if known is person)
        if actor in self.standing:
            return
        self.standing.add(actor)
        for grant in actor.grants:
            given = actor.person_id, grant.role, grant.area_id, grant.organisation_id
            await self.house("directory").pool.execute(_STAND, *given)

    def location(self, area: str) -> dict[str, Any]:
        """A point in one of the two buildings."""
        lat, lon = _CORNERS[area]
        return {"lat": lat + 0.0005, "lon": lon + 0.0005, "coord_sys": "wgs84"}

    def house(self, service: str) -> Any:
        return self.assembly.app(service).state.house

    @classmethod
    async def build(cls, assembly: Assembly, client: httpx.AsyncClient, issuer: TokenIssuer) -> "Town":
        directory = assembly.app("directory").state.house
        prefix = f"town-{new_id()}"
        loaded = await load(directory.pool, directory.clock, _seed(prefix))
        ids = {key.removeprefix(f"{prefix}/"): value for key, value in loaded.ids.items()}
        for service in ("petitions", "volunteers"):
            await assembly.app(service).state.house.directory.catch_up()
        petitions = assembly.app("petitions").state.house
        ids |= await load_categories(petitions.pool, ids["here"], [CategorySeed("doors", None, "门禁", "Doors")])
        return cls(client, issuer, assembly, ids)


_CORNERS = {
    "street": (_LAT, _LON),
    "here": (_LAT, _LON),
    "there": (_LAT + 0.04, _LON),
    "grid": (_LAT, _LON),
    "grid2": (_LAT + 0.015, _LON),
    "building": (_LAT + 0.004, _LON + 0.004),
    "officers_building": (_LAT + 0.008, _LON + 0.008),
}


def _seed(prefix: str) -> DirectorySeed:
    def full(key: str) -> str:
        return f"{prefix}/{key}"

    def area(key: str, parent: str | None, kind: str, side: float) -> AreaSeed:
        lat, lon = _CORNERS[key]
        ring = ((lat, lon), (lat, lon + side), (lat + side, lon + side), (lat + side, lon), (lat, lon))
        return AreaSeed(full(key), full(parent) if parent else None, kind, key, None, (lat, lon), (ring,))

    def organisation(key: str, keeper: str, kind: str, serves: str) -> OrganisationSeed:
        return OrganisationSeed(full(key), full(keeper), kind, key, serves_keys=(full(serves),))

    companies = [
        organisation(f"company {scope}", keeper, "property_company", serves)
        for scope, (keeper, serves) in _ORGANISATIONS.items()
    ]
    return DirectorySeed(
        areas=[
            area("street", None, "street", 0.08),
            area("here", "street", "community", 0.03),
            area("there", "street", "community", 0.03),
            area("grid", "here", "grid", 0.014),
            area("grid2", "here", "grid", 0.014),
            area("building", "grid", "building", 0.002),
            area("officers_building", "grid", "building", 0.002),
        ],
        organisations=[organisation("committee", "here", "residents_committee", "here"), *companies],
        people=[
            PersonSeed(full(key), full("here"), f"{key} {prefix}")
            for key in ("owner", "officer", "staff", "somebody", "volunteer")
        ],
        memberships=[MembershipSeed(full("owner"), full("committee"), "staff", date(2026, 1, 1))],
        offices=[OfficeSeed(full("officer"), "grid_officer", full("officers_building"), date(2026, 1, 1))],
    )
