"""What an area has, by counting: of it and all below it, today, and nothing that points to somebody."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.directory.actions.load import load
from services.directory.domain.figures import told
from services.directory.domain.seed import AreaSeed, DirectorySeed, PersonSeed
from services.directory.house import House
from shared.kernel.actor import Role
from tests.services.directory.test_councils import made
from tests.services.directory.test_services import facility, service
from tests.services.directory.town import Town


async def figures(town: Town, root: str, role: Role = Role.STREET_STAFF, at: str = "street") -> dict[str, Any]:
    answer = await town.call("GET", f"/statistics/directory?area={town.ids[root]}", town.keeper(role, at))
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def counts(rows: list[dict[str, Any]]) -> dict[str, int]:
    return {row["kind"]: row["count"] for row in rows}


async def test_areas_and_organisations_are_counted_by_kind_each_once(town: Town) -> None:
    street = await figures(town, "street")
    assert counts(street["areas"]) == {"street": 1, "community": 2, "grid": 2, "compound": 1, "building": 1}
    kinds = {"department": 1, "residents_committee": 1, "property_company": 1, "school": 1}
    assert counts(street["organisations"]) == kinds
    # Kept by the other community, and serves a compound of this one.
    assert counts((await figures(town, "here"))["organisations"]) == {"residents_committee": 1, "property_company": 1}
    assert counts((await figures(town, "grid"))["organisations"]) == {"property_company": 1}
    assert (street["area"]["name"], street["households"]["stated"], street["residents"]) == ("测试街道", 1200, 3100)


async def test_offices_are_counted_with_those_that_must_be_held_and_are_not(town: Town) -> None:
    offices = {row["kind"]: row for row in (await figures(town, "street"))["offices"]}
    grid = {"kind": "grid_officer", "held": 1, "areas": 1, "required": 2, "vacant": 1}
    assert offices["grid_officer"] == grid
    assert {kind: (row["required"], row["vacant"]) for kind, row in offices.items()} == {
        "community_party_secretary": (2, 1),
        "grid_officer": (2, 1),
        "building_head": (1, 0),
    }
    ended = "update office set ends_on = '2026-03-02' where kind = 'building_head' and area_id = $1"
    await town.house.pool.execute(ended, town.ids["building"])
    offices = {row["kind"]: row for row in (await figures(town, "building"))["offices"]}
    assert (offices["building_head"]["held"], offices["building_head"]["vacant"]) == (0, 1)


async def test_a_household_is_counted_where_it_is_counted_deepest(town: Town, house: House) -> None:
    seed = [AreaSeed(f"{town.name}/b{n}", f"{town.name}/there", "building", f"{n}栋", households=30) for n in range(3)]
    await load(house.pool, house.clock, DirectorySeed(areas=seed))
    there = await figures(town, "there")
    assert (there["households"]["stated"], there["residents"]) == (90, None)  # of residents nobody has said anything
    assert (await figures(town, "street"))["households"]["stated"] == 1290


async def test_people_are_counted_where_they_live_whoever_keeps_them(town: Town, house: House) -> None:
    born = [1940, 1950, 1966, 1967, 1990, None]
    people = [
        PersonSeed(f"{town.name}/p{n}", f"{town.name}/there", f"某{n}", f"{town.name}/grid-there", year)
        for n, year in enumerate(born)
    ]
    await load(house.pool, house.clock, DirectorySeed(people=people))
    # 1966 turns 60 in 2026. 王师傅 has no home here, 陈生 lives in the community itself.
    assert (await figures(town, "there"))["people"] == {"registered": 7, "over_60": 3, "party_members": 0}
    assert (await figures(town, "grid-there"))["people"] == {"registered": 6, "over_60": 3, "party_members": 0}
    await house.pool.execute("update person set erased = true where external_key like $1", f"{town.name}/p_")
    assert (await figures(town, "there"))["people"]["registered"] == 1


@pytest.mark.parametrize(
    "old, all_of_them, shown", [(0, 9, 0), (1, 9, None), (2, 9, None), (3, 9, 3), (7, 9, None), (9, 9, 9)]
)
def test_a_figure_that_leaves_one_or_two_people_is_not_told(old: int, all_of_them: int, shown: int | None) -> None:
    given = {"registered": all_of_them, "over_60": old, "party_members": 0}
    assert told(given) == {"registered": all_of_them, "over_60": shown, "party_members": 0}


async def test_a_closed_area_has_nothing_any_more(town: Town) -> None:
    path = f"/areas/{town.ids['grid-there']}/close"
    assert (await town.call("POST", path, town.founder, {})).status_code == 200
    assert counts((await figures(town, "there"))["areas"]) == {"community": 1}


async def test_only_those_who_have_a_say_there_are_told(town: Town) -> None:
    path = f"/statistics/directory?area={town.ids['there']}"
    elsewhere = await town.call("GET", path, town.keeper(Role.COMMUNITY_STAFF, "here"))
    assert elsewhere.status_code == 404
    assert (await town.get("stranger", path)).status_code == 403
    assert (await town.call("GET", "/statistics/directory", town.founder)).status_code == 422


_ENROLMENTS = """
insert into enrolment (tenant_id, id, version, organisation_id, person_id, told_on, starts_on, ends_on)
select $1, uuidv7(), 1, organisation_id, person_id, told_on::date, starts_on::date, ends_on::date
  from (values ($2::uuid, null::uuid, '2026-01-01', '2026-01-10', null),
               ($2, uuidv7(), '2026-01-01', '2026-02-01', null),
               ($2, uuidv7(), '2026-01-01', null, null),
               ($2, uuidv7(), null, '2026-02-01', '2026-03-01'),
               ($3, uuidv7(), null, '2026-02-01', null),
               ($3, uuidv7(), '2026-01-01', '2027-01-01', null)
       ) e(organisation_id, person_id, told_on, starts_on, ends_on)
"""


async def test_who_was_told_to_enrol_and_who_did_is_counted(town: Town, house: House) -> None:
    await house.pool.execute(_ENROLMENTS, *(town.ids[word] for word in ("here", "school", "hospital")))
    told = {"units": {"told": 2, "enrolled": 2}, "members": {"told": 3, "enrolled": 2}}
    assert (await figures(town, "street"))["enrolments"] == told == (await figures(town, "here"))["enrolments"]
    none = {"told": 0, "enrolled": 0}
    assert (await figures(town, "there"))["enrolments"] == {"units": none, "members": none}


async def test_councils_are_named_with_their_members_and_rhythm(town: Town, house: House) -> None:
    council = await made(town)
    seats = """insert into council_member (tenant_id, id, version, council_id, organisation_id, starts_on, ends_on)
               values ($1, uuidv7(), 1, $2, $3, '2025-03-01', null), ($1, uuidv7(), 1, $2, $4, '2025-03-01', $5)"""
    given = town.ids["here"], UUID(council["id"]), town.ids["school"], town.ids["hospital"], date(2026, 3, 2)
    await house.pool.execute(seats, *given)
    await house.pool.execute(
        """insert into membership (tenant_id, id, version, person_id, organisation_id, kind, starts_on)
           select $1, uuidv7(), 1, uuidv7(), $2, 'committee_member', '2025-03-01' from generate_series(1, 5)""",
        *given[:2],
    )
    [found] = (await figures(town, "street"))["councils"]
    assert (found["name"], found["organisations"], found["committee_members"]) == ("甲社区大党委", 1, 5)
    assert found["rhythms"] == [{"kind": "council_meeting", "months": 1}, {"kind": "joint_conference", "months": 3}]


async def test_facilities_and_services_are_counted_each_once(town: Town, house: House) -> None:
    hall = await facility(town)
    library = await facility(town, "图书室", "library")
    await service(town, "办证", {"facility_id": hall["id"]}, {"facility_id": library["id"]})
    await service(town, "借书", {"facility_id": library["id"]})
    team = """insert into organisation (tenant_id, id, version, kind, name, serves, serves_tenants, aliases, closed)
              values ($1, uuidv7(), 1, 'volunteer_team', '志愿队', '{}', '{}', '{}', false) returning id"""
    await house.pool.execute(
        "update service set organisation_id = $2 where tenant_id = $1 and name = '借书'",
        town.ids["here"],
        await house.pool.fetchval(team, town.ids["here"]),
    )
    found = await figures(town, "street")
    assert counts(found["facilities"]) == {"service_hall": 1, "library": 1}
    services = found["services"]
    assert (services["total"], services["by_volunteers"], sum(counts(services["by_category"]).values())) == (2, 1, 2)
    assert counts(services["by_facility_kind"]) == {"service_hall": 1, "library": 2}
    assert (await figures(town, "there"))["services"]["total"] == 0
