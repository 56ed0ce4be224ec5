"""Organisations become one: everything follows, nothing is there twice, and the old id leads to what is there."""

import asyncio
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.directory.actions.load import load
from services.directory.actions.organisation_merging import CATALOGUE, HELD
from services.directory.actions.ties_following import UNITS
from services.directory.actions.tokens import actor_for
from services.directory.domain.organisations import Contact, Responsibility
from services.directory.domain.seed import (
    DirectorySeed,
    GrantSeed,
    MembershipSeed,
    OrganisationSeed,
    PersonSeed,
    SupportSeed,
)
from services.directory.house import House
from shared.kernel.actor import Grant, Role
from tests.services.directory.test_areas_changes import feed, said
from tests.services.directory.test_councils import made as council_made
from tests.services.directory.test_organisation_changes import entered, fresh_code, put
from tests.services.directory.town import SINCE, Town

CODE = fresh_code()


def doubled(name: str) -> DirectorySeed:
    """The residents' committee a second time, with what people and areas have of it."""

    def k(word: str) -> str:
        return f"{name}/{word}"

    return DirectorySeed(
        organisations=[
            OrganisationSeed(
                k("double"),
                k("here"),
                "residents_committee",
                "甲居委",
                aliases=("甲社区居民委员会",),
                serves_keys=(k("grid"),),
                credit_code=CODE,
                contact=Contact(phone="0755-1"),
                responsibilities=(Responsibility("doors", "community"), Responsibility("roads", "grid")),
            ),
            OrganisationSeed(k("part"), k("here"), "volunteer_team", "甲志愿队", k("double")),
        ],
        people=[
            PersonSeed(k("both"), k("here"), "钱多多"),
            PersonSeed(k("new"), k("here"), "孙小美", work_organisation_key=k("double")),
        ],
        memberships=[
            MembershipSeed(k("both"), k("committee"), "staff", SINCE),
            MembershipSeed(k("both"), k("double"), "staff", SINCE),
            MembershipSeed(k("new"), k("double"), "staff", SINCE),
        ],
        grants=[
            GrantSeed(k("both"), Role.ORGANISATION_STAFF, organisation_key=k("committee")),
            GrantSeed(k("both"), Role.ORGANISATION_STAFF, organisation_key=k("double")),
            GrantSeed(k("new"), Role.ORGANISATION_STAFF, organisation_key=k("double")),
        ],
        supports=[
            SupportSeed(k("committee"), k("grid"), SINCE),
            SupportSeed(k("double"), k("grid"), SINCE),
            SupportSeed(k("double"), k("building"), SINCE),
        ],
    )


async def with_double(town: Town, house: House) -> UUID:
    await house.pool.execute("update organisation set credit_code = null where credit_code = $1", CODE)
    loaded = await load(house.pool, house.clock, doubled(town.name))
    town.ids.update({key.removeprefix(f"{town.name}/"): id for key, id in loaded.ids.items()})
    return town.ids["double"]


async def merged(town: Town, survivor: str = "committee", *others: str) -> dict[str, Any]:
    body = {"organisation_ids": [str(town.ids[other]) for other in others or ("double",)]}
    answer = await town.call("POST", f"/organisations/{town.ids[survivor]}/merge", town.keeper(), body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_everything_follows_to_the_survivor_and_nothing_is_there_twice(town: Town, house: House) -> None:
    double, committee = await with_double(town, house), town.ids["committee"]
    survivor = await merged(town)
    assert survivor["aliases"] == ["甲居委", "甲社区居民委员会"]
    assert {area["name"] for area in survivor["serves"]} == {"甲社区", "第一网格"}
    assert (survivor["credit_code"], survivor["contact"]["phone"]) == (CODE, "0755-1")
    assert [(r["category"], r["level"]) for r in survivor["responsibilities"]] == [
        ("doors", "community"),
        ("roads", "grid"),
    ]
    assert sorted(support["area"]["name"] for support in survivor["supports"]) == ["1号楼", "第一网格"]
    assert await house.pool.fetchval("select parent_id from organisation where id = $1", town.ids["part"]) == committee
    work = "select work_organisation_id from person where id = $1"
    assert await house.pool.fetchval(work, town.ids["new"]) == committee
    for table in HELD:
        open_ones = await house.pool.fetch(
            f"select organisation_id, ends_on from {table} where organisation_id = any($1)", [double, committee]
        )
        assert {(row["organisation_id"], row["ends_on"]) for row in open_ones} == {
            (committee, None),
            (double, date(2026, 3, 2)),  # that it was the other's until today stays true
        }, table
    assert (await actor_for(house.pool, town.ids["new"], date(2026, 3, 3))).grants == (
        Grant(Role.ORGANISATION_STAFF, organisation_id=committee),
    )


async def test_the_old_id_leads_to_what_is_there_through_every_merge(town: Town, house: House) -> None:
    double = await with_double(town, house)
    third = await entered(town, "甲居委会新")
    town.ids["third"] = UUID(third["id"])
    await merged(town)
    await merged(town, "third", "committee")
    old = (await town.get("resident", f"/organisations/{double}")).json()
    assert (old["closed"], old["closed_on"], old["allowed_actions"]) == (True, "2026-03-02", [])
    assert [heir["name"] for heir in old["succeeded_by"]] == ["甲居委会新"]
    rows = {row.id: row for row in (await feed(house)).organisations}
    assert (rows[double].closed, rows[double].succeeded_by) == (True, town.ids["committee"])
    assert rows[town.ids["committee"]].succeeded_by == town.ids["third"]
    assert not rows[town.ids["third"]].closed
    trail = (await town.call("GET", f"/organisations/{double}/history", town.keeper())).json()["items"]
    assert [(line["action"], line["facts"]) for line in trail] == [("merged", {"into": str(town.ids["committee"])})]
    found = (await town.get("resident", "/organisations/resolve", name="甲社区居民委员会")).json()
    assert found["organisation"]["name"] == "甲居委会新"


async def test_loading_the_source_again_brings_nothing_back(town: Town, house: House) -> None:
    double = await with_double(town, house)
    await merged(town)
    again = await load(house.pool, house.clock, doubled(town.name))
    assert {kind: (c.created, c.changed) for kind, c in again.counts.items() if c.created or c.changed} == {}
    assert again.ids[f"{town.name}/double"] == town.ids["committee"]
    assert await house.pool.fetchval("select closed from organisation where id = $1", double)


async def test_a_child_that_takes_in_its_parent_has_none(town: Town, house: House) -> None:
    await with_double(town, house)
    survivor = await merged(town, "part", "double")
    assert survivor["parent"] is None


@pytest.mark.parametrize(
    "others, problem",
    [
        (["committee"], ("/organisation_ids/0", "duplicate")),
        (["double", "double"], ("/organisation_ids/1", "duplicate")),
        (["school"], ("/organisation_ids/0", "unknown_organisation")),
        (["nobody"], ("/organisation_ids/0", "unknown_organisation")),
        ([], ("/organisation_ids", "too_short")),
    ],
)
async def test_a_wrong_merge_is_refused_by_name(
    town: Town, house: House, others: list[str], problem: tuple[str, str]
) -> None:
    await with_double(town, house)
    body = {"organisation_ids": [str(town.ids.get(other, UUID(int=7))) for other in others]}
    answer = await town.call("POST", f"/organisations/{town.ids['committee']}/merge", town.keeper(), body)
    assert said(answer) == (422, [problem])
    assert not await house.pool.fetchval("select closed from organisation where id = $1", town.ids["double"])


async def test_only_what_one_place_keeps_is_merged(town: Town) -> None:
    body = {"organisation_ids": [str(town.ids["school"])]}
    path = f"/organisations/{town.ids['committee']}/merge"
    answer = await town.call("POST", path, town.keeper(Role.STREET_STAFF, "street"), body)
    assert (answer.status_code, answer.json()["code"]) == (409, "directory.organisations_stay_apart")
    above = {"organisation_ids": [str(town.ids["urban"])]}
    assert (await town.call("POST", path, town.keeper(), above)).status_code == 403


async def test_two_that_take_in_each_other_at_once_leave_one(town: Town, house: House) -> None:
    double, committee = await with_double(town, house), town.ids["committee"]
    pairs = [(double, committee), (committee, double)] * 2
    answers = await asyncio.gather(
        *(
            town.call("POST", f"/organisations/{one}/merge", town.keeper(), {"organisation_ids": [str(other)]})
            for one, other in pairs
        )
    )
    assert sorted(answer.status_code for answer in answers)[0] == 200
    assert {answer.status_code for answer in answers} <= {200, 409, 422}
    open_ones = await house.pool.fetchval(
        "select count(*) from organisation where id = any($1) and not closed", [double, committee]
    )
    assert open_ones == 1


async def test_whatever_names_an_organisation_follows(house: House) -> None:
    """A table that refers to organisations has its statement in the merge, or is the trail itself."""
    rows = await house.pool.fetch(
        """select c.relname, a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid
            where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attname like '%organisation_id'"""
    )
    trail = {"organisation_history", "organisation_succession"}
    named = {(table, "organisation_id") for table in {*HELD, *UNITS, *CATALOGUE, *trail}}
    assert {(row[0], row[1]) for row in rows} == {*named, ("person", "work_organisation_id")}


async def test_who_was_told_to_enrol_has_done_it_when_the_other_has(town: Town, house: House) -> None:
    double, committee = await with_double(town, house), town.ids["committee"]
    enrol = """insert into enrolment (tenant_id, id, version, organisation_id, person_id, told_on, starts_on)
               values ($1, gen_random_uuid(), 1, $2, $3, $4, $5)"""
    here, there, done = town.ids["here"], town.ids["there"], date(2025, 5, 1)
    await house.pool.execute(enrol, here, committee, None, SINCE, None)
    await house.pool.execute(enrol, here, double, None, None, done)
    await house.pool.execute(enrol, there, double, town.ids["new"], SINCE, None)
    await merged(town)
    rows = await house.pool.fetch(
        "select tenant_id, told_on, starts_on from enrolment where organisation_id = $1 and ends_on is null", committee
    )
    assert {tuple(row) for row in rows} == {(here, SINCE, done), (there, SINCE, None)}


async def test_a_council_is_not_merged(town: Town, house: House) -> None:
    await with_double(town, house)
    council = await council_made(town)
    body = {"organisation_ids": [council["id"]]}
    answer = await town.call("POST", f"/organisations/{town.ids['committee']}/merge", town.keeper(), body)
    assert said(answer) == (422, [("/organisation_ids/0", "council")])


async def test_what_a_merged_one_had_can_be_changed_no_more(town: Town, house: House) -> None:
    double = await with_double(town, house)
    await merged(town)
    for path, body in ((f"{double}", {"kind": "school", "name": "甲"}), (f"{double}/contact", {})):
        answer = await put(town, path, body)
        assert (answer.status_code, answer.json()["code"]) == (409, "directory.organisation_closed")
