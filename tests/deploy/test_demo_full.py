"""The whole demo in an installation of its own: killed on the way, loaded to the end, and counted in the databases.

Nothing here asks the content what it holds: each figure comes out of rows.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest

from deploy.machine.servers import start_servers
from deploy.migrating import migrate_all
from services.petitions.domain.states import Status
from tests.support.demo import Demo, counts, killed_when, loaded, settled
from tests.support.processes import one_process

COMMUNITY = "650203002003"
#: Ages are as of the register's year (deploy/demo/households.py).
REGISTER_YEAR, SIXTY = 2026, 60
_SETTLED_WITHIN_SECONDS = 15.0


@pytest.fixture(scope="module")
async def demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demo]:
    """Loaded in three goes: killed among the petitions, killed among the services, and then to the end."""
    folder = tmp_path_factory.mktemp("demo")
    servers = start_servers(folder / "data")
    try:
        environment = servers.environment() | {"LINLI_DATA": str(folder / "data")}
        await migrate_all(environment)
        log = folder / "demo.log"
        async with one_process(folder, environment) as url:
            await killed_when(environment, url, log, "petitions.petition", 100)
            await killed_when(environment, url, log, "volunteers.opening", 40)
            await loaded(environment, url, log)
            settled_after = await settled(environment)
            people = json.loads((folder / "data" / "demo.json").read_text())["people"]
            yield Demo(url, environment, people, await counts(environment), settled_after, folder)
    finally:
        servers.remove()


class TestTheCommunity:
    async def test_has_2850_residents_of_whom_570_are_over_60_which_is_a_fifth(self, demo: Demo) -> None:
        living = """select count(*) from person p join area home on home.id = p.home_id
                      join area a on a.id = any(home.ancestors) where a.code = $1 and home.kind = 'entrance'"""
        everybody = await demo.one("directory", living, COMMUNITY)
        old = await demo.one("directory", f"{living} and $2 - birth_year >= $3", COMMUNITY, REGISTER_YEAR, SIXTY)
        assert (everybody, old) == (2850, 570)
        assert old * 5 == everybody

    async def test_is_said_to_be_as_large_as_it_is(self, demo: Demo) -> None:
        wrong = """select a.name from area a
                    where a.residents <> (select count(*) from person p join area home on home.id = p.home_id
                                           where a.id = any(home.ancestors || home.id))"""
        assert await demo.rows("directory", wrong) == []
        area = (await demo.get("community_staff", f"/areas/{await self.id_of(demo)}")).json()
        assert (area["residents"], area["households"]) == (2850, 1104)

    @staticmethod
    async def id_of(demo: Demo) -> Any:
        return await demo.one("directory", "select id from area where code = $1", COMMUNITY)

    async def test_has_grids_compounds_buildings_and_entrances_each_with_somebody_who_answers_for_it(
        self, demo: Demo
    ) -> None:
        below = await demo.rows(
            "directory",
            """select a.kind, count(distinct a.id) as areas, count(o.id) as offices, min(o.kind) as office
                 from area a left join office o on o.area_id = a.id and o.ends_on is null
                where a.ancestors @> array[(select id from area where code = $1)] group by a.kind""",
            COMMUNITY,
        )
        assert {row["kind"]: (row["areas"], row["offices"], row["office"]) for row in below} == {
            "grid": (4, 4, "grid_officer"),
            "compound": (5, 0, None),
            "building": (26, 26, "building_head"),
            "entrance": (92, 92, "household_group_head"),
        }

    async def test_has_eight_units_with_574_members_all_in_the_vanguard(self, demo: Demo) -> None:
        members = await demo.rows(
            "directory",
            """select o.name, count(distinct m.person_id) as members 
                 from organisation o join membership m on m.organisation_id = o.id and m.kind = 'member'
                where o.kind = 'local_unit' group by o.id, o.name""",
        )
        assert len(members) == 8 and sum(row["members"] for row in members) == 574
        assert min(row["members"] for row in members) >= 20
        outside = """select count(*) from membership m join organisation o on o.id = m.organisation_id
                      where o.kind = 'local_unit' and m.kind = 'member' and not exists (
                        select from membership v join organisation t on t.id = v.organisation_id
                         where t.kind = 'vanguard_team' and v.person_id = m.person_id)"""
        assert await demo.one("directory", outside) == 0
        vanguard = """select count(*) from membership m join organisation o on o.id = m.organisation_id
                       where o.kind = 'vanguard_team'"""
        assert await demo.one("directory", vanguard) == 574

    async def test_members_who_live_here_have_enrolled_where_they_live(self, demo: Demo) -> None:
        enrolled = """select count(*) as all, count(p.home_id) as at_home,
                             count(*) filter (where exists (
                               select from membership u join organisation o on o.id = u.organisation_id
                                where u.person_id = p.id and o.kind = 'local_unit' and u.kind = 'member')) as of_units
                        from membership m join person p on p.id = m.person_id where m.kind = 'enrolled'"""
        ((everybody, at_home, of_units),) = await demo.rows("directory", enrolled)
        assert everybody == at_home == of_units >= 60

    async def test_is_counted_so_by_its_statistics(self, demo: Demo) -> None:
        counted = (await demo.get("community_staff", f"/statistics/directory?area={await self.id_of(demo)}")).json()
        kinds = {row["kind"]: row["count"] for row in counted["organisations"]}
        assert kinds["local_unit"] == counted["enrolments"]["units"]["enrolled"] == 8
        assert counted["enrolments"]["members"]["enrolled"] == 574

    async def test_has_five_teams_with_160_residents_each_with_colour_and_field(self, demo: Demo) -> None:
        teams = await demo.rows(
            "directory",
            """select o.name, o.aliases, count(*) as members, count(p.home_id) as residents
                 from organisation o join membership m on m.organisation_id = o.id join person p on p.id = m.person_id
                where o.kind = 'volunteer_team' group by o.id, o.name, o.aliases""",
        )
        assert len(teams) == 5
        assert sum(row["members"] for row in teams) == sum(row["residents"] for row in teams) == 160
        assert {row["name"][:2] for row in teams} == {"橙色", "金色", "绿色", "红色", "蓝色"}
        assert len({row["aliases"][1] for row in teams}) == 5
        found = (await demo.get("resident", "/organisations?kind=volunteer_team&q=平安巡逻")).json()["items"]
        assert [team["name"] for team in found] == ["橙色平安志愿服务队"]

    async def test_has_a_stationed_team_whose_leader_is_first_secretary(self, demo: Demo) -> None:
        ((members, leads),) = await demo.rows(
            "directory",
            """select count(*) as members, count(f.id) as leads
                 from organisation o join membership m on m.organisation_id = o.id
                 left join office f on f.person_id = m.person_id and f.kind = 'first_secretary'
                where o.kind = 'stationed_team'""",
        )
        assert members == 5 and leads == 1

    async def test_nobodys_year_of_birth_leaves_the_directory(self, demo: Demo) -> None:
        for service in ("petitions", "volunteers"):
            columns = "select count(*) from information_schema.columns where column_name like '%birth%'"
            assert await demo.one(service, columns) == 0
        for path in ("/me", "/home", f"/areas/{await self.id_of(demo)}"):
            assert "birth" not in (await demo.get("resident", path)).text


class TestAPlace:
    async def test_inside_a_building_leads_to_its_head_and_grid_officer(self, demo: Demo) -> None:
        buildings = await demo.rows("directory", "select id, lat, lon from area where kind = 'building'")
        for building in buildings[::5]:
            path = f"/areas/locate?lat={building['lat']}&lon={building['lon']}&coord_sys=wgs84"
            found = (await demo.get("platform_admin", path)).json()
            assert found["area"]["id"] == str(building["id"])
            assert [officer["kind"] for officer in found["officers"]][:2] == ["building_head", "grid_officer"]

    async def test_where_somebody_lives_leads_from_the_entrance_up(self, demo: Demo) -> None:
        me = (await demo.get("resident", "/me")).json()
        assert [area["kind"] for area in me["home"]["path"]] == [
            "district", "street", "community", "grid", "compound", "building", "entrance"
        ]  # fmt: skip
        kinds = [officer["kind"] for officer in me["officers"]]
        assert kinds[:3] == ["household_group_head", "building_head", "grid_officer"]

    async def test_of_a_petition_has_the_officer_of_its_grid_as_first_holder(self, demo: Demo) -> None:
        elsewhere = """select count(*) from petition_history h join petition p on p.id = h.petition_id
                        where h.action = 'submit' and not exists (
                          select from office o where o.area_id = any(p.area_path) and o.kind = 'grid_officer')"""
        assert await demo.one("petitions", elsewhere) == 0


class TestTheYear:
    async def test_of_petitions_holds_every_state_each_reached_by_its_history(self, demo: Demo) -> None:
        states = await demo.rows("petitions", "select status, count(*) from petition group by status")
        assert {row["status"] for row in states} == set(Status)
        assert sum(row["count"] for row in states) == 600
        broken = """select count(*) from petition p where p.version <> (select count(*) from petition_history h
                      where h.petition_id = p.id) or p.status <> (select h.to_status from petition_history h
                      where h.petition_id = p.id order by h.version desc limit 1)"""
        assert await demo.one("petitions", broken) == 0
        backwards = """select count(*) from petition_history h join petition_history b on b.petition_id = h.petition_id
                         and b.version = h.version - 1 where h.at < b.at or h.from_status <> b.to_status"""
        assert await demo.one("petitions", backwards) == 0

    async def test_of_petitions_knows_second_and_third_rounds_detours_and_co_handlers(self, demo: Demo) -> None:
        found = await demo.rows("petitions", "select round, count(*) from petition group by round")
        rounds = {row["round"]: row["count"] for row in found}
        assert rounds[2] >= 20 and rounds[3] >= 3
        higher = "select count(*) from petition where round = 3 and level_area_id = tenant_id"
        assert await demo.one("petitions", higher) == 0
        detours = """select count(*) from (select petition_id from petition_history where action = 'dispatch'
                       group by petition_id having count(*) > 1) d"""
        assert await demo.one("petitions", detours) >= 10
        assert await demo.one("petitions", "select count(*) from petition where co_handler_ids <> '{}'") >= 20

    async def test_of_petitions_is_a_year_long_and_what_waits_is_recent_with_a_few_overdue(self, demo: Demo) -> None:
        span = "select extract(day from max(created_at) - min(created_at)) from petition"
        assert 350 <= await demo.one("petitions", span) <= 366
        waiting = """select count(*) as all, max(now() - created_at) < interval '15 days' as recent,
                            count(*) filter (where responded_at is null and respond_by < now()
                                                or resolved_at is null and resolve_by < now()) as overdue
                       from petition where status not in ('closed', 'rejected', 'withdrawn', 'resolved')"""
        ((waits, recent, overdue),) = await demo.rows("petitions", waiting)
        assert 50 <= waits <= 100 and recent
        assert 3 <= overdue <= waits / 3
        future = "select count(*) from petition_history where at > now()"
        assert await demo.one("petitions", future) == 0

    async def test_of_the_teams_gave_most_volunteers_points_for_what_they_did(self, demo: Demo) -> None:
        teams = "select count(distinct leader_id) from opening where status = 'done'"
        assert await demo.one("volunteers", teams) == 5
        states = await demo.rows("volunteers", "select status, count(*) from service_record group by status")
        ends = Counter({row["status"]: row["count"] for row in states})
        assert set(ends) == {"awarded", "cancelled", "rejected", "submitted", "checked_out"}
        assert ends["awarded"] > 0.85 * ends.total()
        awards = """select count(*) as transfers, count(distinct credit_id) as people, sum(amount) as points,
                           max(at) - min(at) > interval '330 days' as all_year from transfer where kind = 'award'"""
        ((transfers, people, points, all_year),) = await demo.rows("volunteers", awards)
        assert transfers == ends["awarded"] and people >= 130 and all_year
        earned = "select sum(points) from service_record where status = 'awarded'"
        assert points == await demo.one("volunteers", earned) > 5_000
        late = """select count(*) from transfer t join service_record r on r.id = t.reference_id
                   where t.at - r.ends_at not between interval '0' and interval '1 day'"""
        assert await demo.one("volunteers", late) == 0

    async def test_shows_in_the_points_of_those_who_took_part(self, demo: Demo) -> None:
        for word in ("volunteer", "volunteer2", "team_leader"):
            mine = (await demo.get(word, "/points/me")).json()
            lines = (await demo.get(word, "/points/me/transfers?limit=100")).json()["items"]
            assert mine["balance"] == sum(line["amount"] for line in lines) > 0
            assert lines[0]["balance_after"] == mine["balance"]
            assert all(line["sealed"] for line in lines)
        assert (await demo.get("resident", "/points/me")).json()["balance"] == 0


class TestTheLoad:
    async def test_is_settled_within_seconds(self, demo: Demo) -> None:
        assert demo.settled_after < _SETTLED_WITHIN_SECONDS

    async def test_leaves_a_ledger_that_is_right(self, demo: Demo) -> None:
        verified = subprocess.run(
            [sys.executable, "-m", "deploy", "ledger", "verify"],
            env=os.environ | demo.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert verified.returncode == 0 and "the ledger is right" in verified.stdout, verified.stderr

    async def test_leaves_no_life_half_told_when_it_is_killed(self, demo: Demo) -> None:
        unknown = (
            "select count(*) from petition p where not exists (select from external_ref e where e.petition_id = p.id)"
        )
        assert await demo.one("petitions", unknown) == 0
        unfinished = """select count(*) from opening o where o.status = 'done' and not exists (
                          select from service_record r where r.opening_id = o.id)"""
        assert await demo.one("volunteers", unfinished) == 0

    async def test_changes_nothing_the_second_time(self, demo: Demo) -> None:
        before = await demo.rows("directory", "select id, version from person order by id")
        await loaded(demo.environment, demo.url, demo.logs / "again.log")
        assert await counts(demo.environment) == demo.first_counts
        assert await demo.rows("directory", "select id, version from person order by id") == before

    async def test_says_how_far_it_is(self, demo: Demo) -> None:
        said = (demo.logs / "demo.log").read_text()
        for kind in ("petitions", "services", "openings"):
            assert kind in said
        assert "600/600" in said and "180/180" in said

    async def test_makes_no_process_complain(self, demo: Demo) -> None:
        logs = "".join((demo.logs / name).read_text() for name in ("web.log", "work.log"))
        assert '"level":"error"' not in logs
        assert not [person for person in demo.people.values() if person["access_token"] in logs]
