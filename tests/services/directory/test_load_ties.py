"""actions/load_ties: councils, their committees and enrolments come in bulk, once, all or nothing."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.directory.actions.load import load
from services.directory.actions.load_ties import load_ties
from services.directory.domain.errors import SeedRefused
from services.directory.domain.seed import DirectorySeed, MembershipSeed, OrganisationSeed, PersonSeed
from services.directory.domain.ties_seed import (
    CouncilSeed,
    EnrolmentSeed,
    MeetingSeed,
    TiesSeed,
)
from services.directory.house import House
from shared.kernel.actor import Role
from tests.services.directory.test_joint_work import listed, promised
from tests.services.directory.town import SINCE, Town

_TABLES = (*("organisation", "membership", "council", "council_member", "council_meeting", "enrolment"),)


def siying(town: Town) -> TiesSeed:
    """A council of units that meets every month and confers every quarter."""

    def k(word: str) -> str:
        return f"{town.name}/{word}"

    rhythms = (("council_meeting", 1), ("joint_conference", 3))
    return TiesSeed(
        councils=[CouncilSeed(k("council"), k("here"), "四营大党委", SINCE, rhythms, (k("property"), k("hospital")))],
        memberships=[
            MembershipSeed(k("clerk"), k("council"), "secretary", SINCE),
            MembershipSeed(k("worker"), k("council"), "part_time_committee_member", SINCE, k("property")),
            MembershipSeed(k("head"), k("council"), "part_time_committee_member", SINCE),
        ],
        meetings=[MeetingSeed(k("council"), "council_meeting", date(2026, 2, 3))],
        enrolments=[
            EnrolmentSeed(k("property"), k("here"), starts_on=date(2026, 1, 5)),
            EnrolmentSeed(k("property"), k("here"), k("worker"), date(2026, 1, 5), date(2026, 1, 9)),
            EnrolmentSeed(k("property"), k("here"), k("head"), told_on=date(2026, 1, 5)),
        ],
    )


async def everything(house: House) -> dict[str, Any]:
    return {table: await house.pool.fetch(f"select t::text from {table} t order by 1") for table in _TABLES}


async def test_a_council_comes_with_its_units_committee_and_meetings(town: Town, house: House) -> None:
    loaded = await load_ties(house.pool, house.clock, siying(town))
    assert {kind: counts.created for kind, counts in loaded.counts.items() if counts.created} == {
        "organisations": 1,
        "memberships": 3,
        "councils": 1,
        "council_members": 2,
        "council_meetings": 1,
        "enrolments": 3,
    }
    council = loaded.ids[f"{town.name}/council"]
    detail = (await town.call("GET", f"/councils/{council}", town.keeper())).json()
    assert (detail["organisation_count"], detail["committee_count"]) == (2, 3)
    assert {m["person"]["name"]: m["on_behalf_of"] and m["on_behalf_of"]["name"] for m in detail["committee"]} == {
        "周建国": None,
        "王师傅": "平安物业",
        "马桂兰": None,
    }
    assert [(r["last_held"], r["behind"]) for r in detail["rhythms"]] == [("2026-02-03", False), (None, True)]
    view = (await town.call("GET", f"/areas/{town.ids['here']}/enrolments", town.keeper())).json()
    assert view["counts"] == {"told": 2, "done": 1, "not_yet": 1, "enrolled": 1, "ended": 0}


async def test_a_second_load_changes_nothing_and_adds_what_is_missing(town: Town, house: House) -> None:
    seed = siying(town)
    await load_ties(house.pool, house.clock, seed)
    before = await everything(house)
    again = await load_ties(house.pool, house.clock, seed)
    assert await everything(house) == before
    assert all(counts.created == counts.changed == 0 for counts in again.counts.values())
    more = replace(
        seed, meetings=[*seed.meetings, MeetingSeed(f"{town.name}/council", "round_table", date(2026, 2, 9))]
    )
    assert (await load_ties(house.pool, house.clock, more)).counts["council_meetings"].created == 1


@pytest.mark.parametrize(
    "change, problem",
    [
        ({"councils": [CouncilSeed("x", "{grid}", "x", SINCE)]}, ("/councils/0/area_key", "seed.not_a_tenant")),
        ({"councils": [CouncilSeed("x", "nowhere", "x", SINCE)]}, ("/councils/0/area_key", "seed.unknown_key")),
        (
            {"councils": [CouncilSeed("x", "{there}", "x", SINCE, (("feast", 1),))]},
            ("/councils/0/rhythms/0", "seed.unknown_kind"),
        ),
        (
            {"councils": [CouncilSeed("x", "{there}", "x", SINCE, (), ("nobody",))]},
            ("/councils/0/unit_keys/0", "seed.unknown_key"),
        ),
        ({"meetings": [MeetingSeed("nothing", "round_table", SINCE)]}, ("/meetings/0/council_key", "seed.unknown_key")),
        (
            {"enrolments": [EnrolmentSeed("{property}", "{grid}", starts_on=SINCE)]},
            ("/enrolments/0/community_key", "seed.not_a_tenant"),
        ),
        ({"enrolments": [EnrolmentSeed("{property}", "{here}")]}, ("/enrolments/0", "seed.told_or_done")),
        (
            {"enrolments": [EnrolmentSeed("{property}", "{here}", "nobody", SINCE)]},
            ("/enrolments/0/person_key", "seed.unknown_key"),
        ),
        (
            {"memberships": [MembershipSeed("{head}", "{property}", "stationed", SINCE, "nobody")]},
            ("/memberships/0/on_behalf_of_key", "seed.unknown_key"),
        ),
    ],
)
async def test_a_wrong_seed_is_named_and_stores_nothing(
    town: Town, house: House, change: dict[str, Any], problem: tuple[str, str]
) -> None:
    def named(value: Any) -> Any:
        keys = {word: f"{town.name}/{word}" for word in ("grid", "here", "there", "property", "head")}
        return value.format(**keys) if isinstance(value, str) and value.startswith("{") else value

    seed = TiesSeed()
    for name, rows in change.items():
        fixed = [type(row)(*(named(getattr(row, slot)) for slot in row.__slots__)) for row in rows]
        seed = replace(seed, **{name: fixed})
    before = await everything(house)
    with pytest.raises(SeedRefused) as caught:
        await load_ties(house.pool, house.clock, seed)
    assert problem in [(field.pointer, field.code) for field in caught.value.fields]
    assert await everything(house) == before


async def test_a_district_of_67_units_tells_1258_members_and_counts_who_came(town: Town, house: House) -> None:
    """The figures of Yicheng: 1,258 told to enrol, 1,171 did."""
    units = [
        OrganisationSeed(f"{town.name}/u{n}", f"{town.name}/district", "local_unit", f"单位{n}") for n in range(67)
    ]
    people = [PersonSeed(f"{town.name}/p{n}", f"{town.name}/here", f"党员{n}") for n in range(1258)]
    await load(house.pool, house.clock, DirectorySeed(organisations=units, people=people))
    day, done = date(2026, 1, 5), date(2026, 2, 1)
    enrolments = [
        EnrolmentSeed(units[n % 67].key, f"{town.name}/here", person.key, day, done if n < 1171 else None)
        for n, person in enumerate(people)
    ]
    loaded = await load_ties(house.pool, house.clock, TiesSeed(enrolments=enrolments))
    assert loaded.counts["enrolments"].created == 1258
    street = town.keeper(Role.STREET_STAFF, "street")
    view = (await town.call("GET", f"/areas/{town.ids['street']}/enrolments", street)).json()
    assert view["counts"] == {"told": 1258, "done": 1171, "not_yet": 87, "enrolled": 1171, "ended": 0}
    assert len(view["units"]) == 67


async def test_what_a_unit_tied_follows_when_it_is_merged(town: Town, house: House) -> None:
    twin = OrganisationSeed(f"{town.name}/twin", f"{town.name}/there", "property_company", "平安物业公司")
    loaded = await load(house.pool, house.clock, DirectorySeed(organisations=[twin]))
    seed = siying(town)
    seed = replace(seed, enrolments=[*seed.enrolments, EnrolmentSeed(twin.key, f"{town.name}/here", starts_on=SINCE)])
    council = (await load_ties(house.pool, house.clock, seed)).ids[f"{town.name}/council"]
    agreed = (await town.call("POST", "/agreements", town.keeper(), promised(town, str(council)))).json()
    given = await listed(town, "resources", str(council))
    survivor = loaded.ids[twin.key]
    body = {"organisation_ids": [str(town.ids["property"])]}
    merged = await town.call("POST", f"/organisations/{survivor}/merge", town.founder, body)
    assert merged.status_code == 200, merged.text
    detail = (await town.call("GET", f"/councils/{council}", town.keeper())).json()
    assert str(survivor) in {unit["id"] for unit in detail["organisations"]}
    assert {m["on_behalf_of"]["id"] for m in detail["committee"] if m["on_behalf_of"]} == {str(survivor)}
    agreement = (await town.call("GET", f"/agreements/{agreed['id']}", town.keeper())).json()
    assert {party["id"] for party in agreement["parties"]} == {str(survivor)}
    assert {clause["organisation"]["id"] for clause in agreement["clauses"]} == {str(survivor)}
    page = (await town.call("GET", f"/resources?council={council}", town.keeper())).json()
    assert [(r["id"], r["organisation"]["id"]) for r in page["items"]] == [(given["id"], str(survivor))]
    view = (await town.call("GET", f"/organisations/{survivor}/enrolments", town.founder)).json()
    # Of the two that had enrolled, the survivor's own stays.
    assert [(i["starts_on"], i["state"]) for i in view["items"] if i["person"] is None] == [("2025-01-01", "enrolled")]
    assert view["counts"] == {"told": 2, "done": 1, "not_yet": 1, "enrolled": 1, "ended": 0}
