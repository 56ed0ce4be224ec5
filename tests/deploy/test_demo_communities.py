"""Communities B to E of the design, loaded beside a running installation: their figures come out by counting.

Nothing here asks the content what it holds.
"""

import json
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from deploy.machine.servers import start_servers
from deploy.migrating import migrate_all
from tests.support.demo import Demo, counts, loaded, settled
from tests.support.processes import one_process

NAMES = ("huayuanlu", "yicheng", "siying", "niying")
STREET_B, DISTRICT_C, COMMUNITY_D, COMMUNITY_E = "410105002", "411702", "411472010207", "411302004004"
#: The issue's limit for the district's 54,000 people; ten times what it takes on a machine with nothing else to do.
_DISTRICT_WITHIN_SECONDS = 120.0
_SAID = re.compile(r"(\w+) is loaded\s+([\d.]+) s")


@pytest.fixture(scope="module")
async def demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demo]:
    folder = tmp_path_factory.mktemp("communities")
    servers = start_servers(folder / "data")
    try:
        environment = servers.environment() | {"LINLI_DATA": str(folder / "data")}
        environment |= {f"LINLI_GATEWAY_{who}_PER_MINUTE": "1000000" for who in ("CALLER", "ADDRESS")}
        await migrate_all(environment)
        async with one_process(folder, environment) as url:
            await loaded(environment, url, folder / "demo.log", *NAMES)
            settled_after = await settled(environment)
            people = json.loads((folder / "data" / "demo.json").read_text())["people"]
            yield Demo(url, environment, people, await counts(environment), settled_after, folder)
    finally:
        servers.remove()


async def area_of(demo: Demo, word: str, code: str) -> str:
    (found,) = [area for area in await demo.pages(word, f"/areas?q={code}") if area["code"] == code]
    return str(found["id"])


async def figures(demo: Demo, word: str, code: str) -> dict[str, Any]:
    """What is counted in the area, lists of kinds as {kind: count}."""
    found = (await demo.get(word, f"/statistics/directory?area={await area_of(demo, word, code)}")).json()
    for counted in ("areas", "organisations", "facilities"):
        found[counted] = {row["kind"]: row["count"] for row in found[counted]}
    found["offices"] = {row["kind"]: row for row in found["offices"]}
    return dict(found)


class TestHuayuanlu:
    WHO = "huayuanlu.street_staff"

    async def test_has_35_grids_and_139_building_groups_in_four_levels(self, demo: Demo) -> None:
        kinds = (await figures(demo, self.WHO, STREET_B))["areas"]
        assert (kinds["community"], kinds["grid"], kinds["building_group"]) == (10, 35, 139)
        floor = (await demo.pages(self.WHO, f"/areas?within={await area_of(demo, self.WHO, STREET_B)}&kind=floor"))[0]
        path = (await demo.get(self.WHO, f"/areas/{floor['id']}")).json()["path"]
        assert [step["kind"] for step in path] == [
            *("district", "street", "community", "grid", "compound", "building_group", "building", "floor")
        ]

    async def test_three_packs_somebody_answers_for_each_grid_group_building_and_floor(self, demo: Demo) -> None:
        counted = await figures(demo, self.WHO, STREET_B)
        for office, kind in (
            ("grid_head", "grid"),
            ("party_group_leader", "building_group"),
            ("standing_representative", "building_group"),
            ("building_head", "building"),
            ("floor_contact", "floor"),
        ):
            held = counted["offices"][office]
            assert held["held"] == held["areas"] == counted["areas"][kind] > 0

    async def test_has_28_services_of_volunteers_brought_into_its_yards(self, demo: Demo) -> None:
        counted = await figures(demo, self.WHO, STREET_B)
        assert counted["services"]["by_volunteers"] == 28
        assert counted["facilities"]["volunteer_station"] == 1

    async def test_has_six_bodies_in_each_grid(self, demo: Demo) -> None:
        serving: dict[str, list[str]] = {}
        for organisation in await demo.pages(self.WHO, "/organisations"):
            for area in organisation["serves"]:
                if area["kind"] == "grid":
                    serving.setdefault(area["id"], []).append(organisation["kind"])
        assert len(serving) == 35
        assert {tuple(sorted(kinds)) for kinds in serving.values()} == {
            (
                *("owners_representatives", "party_branch", "residents_representatives"),
                *("volunteer_team", "womens_representatives", "youth_league"),
            )
        }

    async def test_has_a_committee_of_communities_units_and_new_organisations_that_give(self, demo: Demo) -> None:
        counted = await figures(demo, self.WHO, STREET_B)
        (council,) = counted["councils"]
        assert council["organisations"] == counted["areas"]["community"] + counted["enrolments"]["units"]["enrolled"]
        assert counted["organisations"]["new_organisation"] > 5
        given = await demo.pages(self.WHO, f"/resources?council={council['id']}")
        assert {"room", "money", "repair", "health", "teaching"} <= {resource["kind"] for resource in given}


class TestYicheng:
    WHO = "yicheng.district_staff"

    async def test_has_67_units_whose_1258_members_are_told_to_enrol_and_1171_have(self, demo: Demo) -> None:
        counted = await figures(demo, self.WHO, DISTRICT_C)
        assert counted["enrolments"] == {
            "units": {"told": 67, "enrolled": 67},
            "members": {"told": 1258, "enrolled": 1171},
        }
        assert counted["organisations"]["department"] == 67

    async def test_has_over_54000_registered_volunteers(self, demo: Demo) -> None:
        counted = await figures(demo, self.WHO, DISTRICT_C)
        volunteers = "select count(distinct person_id) from role_grant where role = 'volunteer' and area_id = any($1)"
        communities = "select id from area where kind = 'community' and code like $1"
        where = [row["id"] for row in await demo.rows("directory", communities, f"{DISTRICT_C}%")]
        assert await demo.one("directory", volunteers, where) == counted["people"]["registered"] > 54_000

    async def test_has_two_heads_and_four_officers_in_each_building(self, demo: Demo) -> None:
        counted = await figures(demo, self.WHO, DISTRICT_C)
        for office in (
            *("party_group_leader", "building_head"),
            *("sanitation_officer", "public_order_officer", "culture_sports_officer", "property_officer"),
        ):
            held = counted["offices"][office]
            assert held["held"] == held["areas"] == counted["areas"]["building"] > 1_000

    async def test_has_a_council_in_each_street(self, demo: Demo) -> None:
        counted = await figures(demo, self.WHO, DISTRICT_C)
        assert len(counted["councils"]) == counted["areas"]["street"] == 11

    async def test_is_loaded_within_two_minutes(self, demo: Demo) -> None:
        took = {name: float(seconds) for name, seconds in _SAID.findall((demo.logs / "demo.log").read_text())}
        print("seconds to load:", took)
        assert took["Yicheng"] < _DISTRICT_WITHIN_SECONDS


class TestSiying:
    WHO = "siying.community_staff"

    async def test_has_1286_households_each_with_a_door_and_everybody_at_home(self, demo: Demo) -> None:
        counted = await figures(demo, self.WHO, COMMUNITY_D)
        assert counted["households"] == {"stated": 1286, "registered": 1286}
        assert counted["people"]["registered"] == counted["residents"] > 3_000

    async def test_has_a_council_of_11_units_and_21_members_that_keeps_its_rhythm(self, demo: Demo) -> None:
        (council,) = (await figures(demo, self.WHO, COMMUNITY_D))["councils"]
        assert (council["organisations"], council["committee_members"]) == (11, 21)
        assert council["rhythms"] == [
            {"kind": "council_meeting", "months": 1},
            {"kind": "joint_conference", "months": 3},
        ]
        kept = (await demo.get(self.WHO, f"/councils/{council['id']}")).json()["rhythms"]
        assert len(kept) == 2 and not any(rhythm["behind"] for rhythm in kept)

    async def test_has_an_agreement_with_six_kinds_of_joint_work(self, demo: Demo) -> None:
        (council,) = (await figures(demo, self.WHO, COMMUNITY_D))["councils"]
        (item,) = await demo.pages(self.WHO, f"/agreements?council={council['id']}")
        agreement = (await demo.get(self.WHO, f"/agreements/{item['id']}")).json()
        assert len({clause["field"] for clause in agreement["clauses"]}) == 6
        assert len(agreement["parties"]) == 11

    async def test_has_needs_that_became_projects_one_that_something_fits_and_one_that_waits(self, demo: Demo) -> None:
        (council,) = (await figures(demo, self.WHO, COMMUNITY_D))["councils"]
        needs = {need["id"]: need["state"] for need in await demo.pages(self.WHO, f"/needs?council={council['id']}")}
        assert sorted(needs.values()) == ["joined", "joined", "open", "open"]
        projects = await demo.pages(self.WHO, f"/projects?council={council['id']}")
        assert {need["id"] for p in projects for need in p["needs"]} == {id for id in needs if needs[id] == "joined"}
        waiting = [(await demo.get(self.WHO, f"/needs/{id}")).json() for id, state in needs.items() if state == "open"]
        assert sorted(len(need["matches"]) for need in waiting) == [0, 1]


class TestNiying:
    WHO = "niying.community_staff"

    async def test_has_over_30000_residents_in_20_compounds_on_four_levels(self, demo: Demo) -> None:
        counted = await figures(demo, self.WHO, COMMUNITY_E)
        assert counted["areas"]["compound"] == 20
        assert list(counted["areas"]) == ["community", "residents_group", "compound", "building"]
        assert counted["people"]["registered"] == counted["residents"] > 30_000

    async def test_has_a_hall_with_44_services_and_facilities_for_three_circles(self, demo: Demo) -> None:
        counted = await figures(demo, self.WHO, COMMUNITY_E)
        assert {"kind": "service_hall", "count": 44} in counted["services"]["by_facility_kind"]
        assert counted["facilities"]["service_hall"] == 1
        assert {"market", "park", "care_centre", "nursery", "neighbourhood_centre"} <= set(counted["facilities"])

    async def test_everybody_is_covered_by_somebody(self, demo: Demo) -> None:
        coverage = (await demo.get(self.WHO, f"/areas/{await area_of(demo, self.WHO, COMMUNITY_E)}/coverage")).json()
        assert coverage["households"]["counted"] > 11_000
        assert coverage["households"]["without_anybody"] == 0
        assert {office["kind"]: office["vacant"] for office in coverage["offices"]} == {
            "community_party_secretary": 0,
            "building_head": 0,
        }
        owners = coverage["owners_committees"]
        assert (owners["compounds"], owners["without"]) == (20, 0)

    async def test_has_full_time_officers_for_groups_and_part_time_ones_for_compounds(self, demo: Demo) -> None:
        counted = await figures(demo, self.WHO, COMMUNITY_E)
        full, part = (counted["offices"][kind] for kind in ("grid_officer", "part_time_grid_officer"))
        assert full["areas"] == counted["areas"]["residents_group"] < full["held"]
        assert part["areas"] == part["held"] == counted["areas"]["compound"]

    async def test_a_resident_sees_who_answers_for_them_and_what_can_be_reported(self, demo: Demo) -> None:
        me = (await demo.get("niying.resident", "/me")).json()
        assert [officer["kind"] for officer in me["officers"]][:3] == [
            *("building_head", "part_time_grid_officer", "grid_officer")
        ]
        assert len((await demo.get("niying.resident", "/categories")).json()["items"]) > 50


class TestTheLoad:
    async def test_reaches_the_other_services(self, demo: Demo) -> None:
        for service in ("petitions", "volunteers"):
            for table in ("area", "organisation", "person", "office"):
                there = await demo.one(service, f"select count(*) from {table}")
                assert there == demo.first_counts[f"directory.{table}"]

    @pytest.mark.parametrize("names", [NAMES[::2], pytest.param(NAMES[1::2], marks=pytest.mark.long)], ids=" ".join)
    async def test_changes_nothing_the_second_time(self, demo: Demo, names: tuple[str, ...]) -> None:
        versions = "select max(version) from person union all select max(version) from area"
        await loaded(demo.environment, demo.url, demo.logs / "again.log", *names)
        assert await counts(demo.environment) == demo.first_counts
        assert [row[0] for row in await demo.rows("directory", versions)] == [1, 1]

    async def test_makes_no_process_complain(self, demo: Demo) -> None:
        logs = "".join((demo.logs / name).read_text() for name in ("web.log", "work.log"))
        assert '"level":"error"' not in logs
