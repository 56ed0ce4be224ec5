"""Communities B to E of the design, loaded beside a running installation: their figures come out by counting.

Nothing here asks the content what it holds.
"""

import json
import re
from collections import Counter
from collections.abc import AsyncIterator

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


async def areas_in(demo: Demo, word: str, code: str) -> Counter[str]:
    """How many areas of each kind lie in the area with this code."""
    within = await demo.pages(word, f"/areas?within={await area_of(demo, word, code)}")
    return Counter(area["kind"] for area in within)


async def officers_in(demo: Demo, word: str, code: str, kind: str) -> list[str]:
    """The areas in which somebody holds the office, once for each who does."""
    path = f"/areas/{await area_of(demo, word, code)}/officers?below=true&kind={kind}"
    return [officer["area"]["id"] for officer in await demo.pages(word, path)]


class TestHuayuanlu:
    WHO = "huayuanlu.street_staff"

    async def test_has_35_grids_and_139_building_groups_in_four_levels(self, demo: Demo) -> None:
        kinds = await areas_in(demo, self.WHO, STREET_B)
        assert (kinds["community"], kinds["grid"], kinds["building_group"]) == (10, 35, 139)
        floor = (await demo.pages(self.WHO, f"/areas?within={await area_of(demo, self.WHO, STREET_B)}&kind=floor"))[0]
        path = (await demo.get(self.WHO, f"/areas/{floor['id']}")).json()["path"]
        assert [step["kind"] for step in path] == [
            *("district", "street", "community", "grid", "compound", "building_group", "building", "floor")
        ]

    @pytest.mark.parametrize(
        ("office", "kind"),
        [
            ("grid_head", "grid"),
            ("party_group_leader", "building_group"),
            ("standing_representative", "building_group"),
            ("building_head", "building"),
            ("floor_contact", "floor"),
        ],
    )
    async def test_three_packs_somebody_answers_for_each(self, demo: Demo, office: str, kind: str) -> None:
        areas = await areas_in(demo, self.WHO, STREET_B)
        held = await officers_in(demo, self.WHO, STREET_B, office)
        assert len(held) == len(set(held)) == areas[kind] > 0

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

    async def test_has_units_and_new_organisations_in_its_committee(self, demo: Demo) -> None:
        serving = [
            organisation["kind"]
            for organisation in await demo.pages(self.WHO, "/organisations")
            if any(area["kind"] == "street" for area in organisation["serves"])
        ]
        assert {"local_unit", "school", "hospital", "new_organisation"} < set(serving)


class TestYicheng:
    WHO = "yicheng.district_staff"

    async def test_has_67_units_whose_1258_members_live_all_over_the_district(self, demo: Demo) -> None:
        assert len(await demo.pages(self.WHO, "/organisations?kind=department")) == 67
        members = """select count(*) as all, count(distinct p.tenant_id) as communities, count(distinct o.id) as units
                       from membership m join organisation o on o.id = m.organisation_id
                       join person p on p.id = m.person_id join area home on home.id = p.home_id
                      where o.kind = 'department' and m.kind = 'member'"""
        ((everybody, communities, units),) = await demo.rows("directory", members)
        assert (everybody, communities, units) == (1258, 60, 67)

    async def test_has_over_54000_registered_volunteers(self, demo: Demo) -> None:
        volunteers = """select count(distinct g.person_id) from role_grant g join area a on a.id = g.area_id
                         where g.role = 'volunteer' and a.ancestors @> array[(select id from area where code = $1)]"""
        assert await demo.one("directory", volunteers, DISTRICT_C) > 54_000

    async def test_has_two_heads_and_four_officers_in_each_building(self, demo: Demo) -> None:
        buildings = (await areas_in(demo, self.WHO, DISTRICT_C))["building"]
        for office in ("party_group_leader", "building_head", "sanitation_officer", "public_order_officer"):
            held = await officers_in(demo, self.WHO, DISTRICT_C, office)
            assert len(held) == len(set(held)) == buildings > 1_000
        one = (await officers_in(demo, self.WHO, DISTRICT_C, "property_officer"))[0]
        above = (await demo.get(self.WHO, f"/areas/{one}/officers")).json()["items"]
        assert {officer["kind"] for officer in above if officer["area"]["id"] == one} == {
            *("party_group_leader", "building_head"),
            *("sanitation_officer", "public_order_officer", "culture_sports_officer", "property_officer"),
        }

    async def test_is_loaded_within_two_minutes(self, demo: Demo) -> None:
        took = {name: float(seconds) for name, seconds in _SAID.findall((demo.logs / "demo.log").read_text())}
        print("seconds to load:", took)
        assert took["Yicheng"] < _DISTRICT_WITHIN_SECONDS


class TestSiying:
    WHO = "siying.community_staff"

    async def test_has_1286_households(self, demo: Demo) -> None:
        coverage = (await demo.get(self.WHO, f"/areas/{await area_of(demo, self.WHO, COMMUNITY_D)}/coverage")).json()
        assert coverage["households"]["counted"] == 1286
        assert coverage["households"]["without_anybody"] == 0

    async def test_has_everybody_at_home_who_is_said_to_be(self, demo: Demo) -> None:
        living = """select count(*) from person p join area home on home.id = p.home_id
                      join area a on a.id = any(home.ancestors) where a.code = $1"""
        area = (await demo.get(self.WHO, f"/areas/{await area_of(demo, self.WHO, COMMUNITY_D)}")).json()
        assert await demo.one("directory", living, COMMUNITY_D) == area["residents"] > 3_000


class TestNiying:
    WHO = "niying.community_staff"

    async def test_has_20_compounds_in_four_levels(self, demo: Demo) -> None:
        kinds = await areas_in(demo, self.WHO, COMMUNITY_E)
        assert kinds["compound"] == 20
        assert set(kinds) == {"residents_group", "compound", "building"}

    async def test_has_over_30000_residents(self, demo: Demo) -> None:
        living = """select count(*) from person p join area home on home.id = p.home_id
                      join area a on a.id = any(home.ancestors) where a.code = $1"""
        area = (await demo.get(self.WHO, f"/areas/{await area_of(demo, self.WHO, COMMUNITY_E)}")).json()
        assert await demo.one("directory", living, COMMUNITY_E) == area["residents"] > 30_000

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
        kinds = await areas_in(demo, self.WHO, COMMUNITY_E)
        full_time = await officers_in(demo, self.WHO, COMMUNITY_E, "grid_officer")
        part_time = await officers_in(demo, self.WHO, COMMUNITY_E, "part_time_grid_officer")
        assert len(set(full_time)) == kinds["residents_group"] < len(full_time)
        assert len(set(part_time)) == kinds["compound"]

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
