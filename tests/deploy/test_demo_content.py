"""The demo's content hangs together: keys lead somewhere, shapes lie where they should, texts fit."""

from collections import Counter
from itertools import combinations, pairwise

import pytest

from deploy.demo.categories import category_seeds
from deploy.demo.changzheng import CAST, JOURNEY_PLACE, directory_seed
from deploy.demo.changzheng.cast import CAST_NAMES
from deploy.demo.changzheng.organisations import TEAMS, UNITS
from deploy.demo.changzheng.year.openings import demo_openings
from deploy.demo.households import OLD_FROM, REGISTER_YEAR
from deploy.demo.names import KARAMAY, Generation, household_names, single_name
from services.directory.domain.seed import AreaSeed, DirectorySeed
from shared.kernel.actor import Role
from tests.support.ground import apart, crosses, doubled_area, inside, outline, path, shrunk

COMMUNITY = "areas/650203002003"
VANGUARD = "organisations/changzheng/vanguard"
NEIGHBOURS = "areas/650203002005"


@pytest.fixture(scope="module")
def seed() -> DirectorySeed:
    return directory_seed()


@pytest.fixture(scope="module")
def areas(seed: DirectorySeed) -> dict[str, AreaSeed]:
    return {area.key: area for area in seed.areas}


class TestKeys:
    def test_are_unique(self, seed: DirectorySeed) -> None:
        for rows in (seed.areas, seed.organisations, seed.people, category_seeds(), demo_openings()):
            assert [key for key, count in Counter(row.key for row in rows).items() if count > 1] == []

    def test_no_row_is_there_twice(self, seed: DirectorySeed) -> None:
        for rows in (seed.offices, seed.grants):
            assert len(set(rows)) == len(rows)
        belongs = [(m.person_key, m.organisation_key, m.kind) for m in seed.memberships]
        assert len(set(belongs)) == len(belongs)

    def test_parents_come_before_children(self, seed: DirectorySeed) -> None:
        for rows in (seed.areas, seed.organisations, category_seeds()):
            seen: set[str] = set()
            for row in rows:
                assert row.parent_key is None or row.parent_key in seen
                seen.add(row.key)

    def test_lead_to_rows(self, seed: DirectorySeed, areas: dict[str, AreaSeed]) -> None:
        tenants = {a.key for a in seed.areas if a.kind in ("community", "street", "district")}
        organisations = {o.key for o in seed.organisations}
        people = {p.key for p in seed.people}
        for organisation in seed.organisations:
            assert organisation.tenant_key in tenants
            assert set(organisation.serves_keys) <= areas.keys()
        for person in seed.people:
            assert person.tenant_key in tenants
            assert person.home_key is None or areas[person.home_key].kind == "entrance"
        for office in seed.offices:
            assert office.person_key in people
            assert office.area_key in areas
        for membership in seed.memberships:
            assert membership.person_key in people
            assert membership.organisation_key in organisations
        for grant in seed.grants:
            assert grant.person_key in people
            assert (grant.area_key is None) != (grant.organisation_key is None)
            assert grant.area_key in areas or grant.organisation_key in organisations

    def test_codes_follow_their_parents(self, seed: DirectorySeed, areas: dict[str, AreaSeed]) -> None:
        lengths = {"district": 6, "street": 9, "community": 12, "grid": 15}
        for area in seed.areas:
            assert (len(area.code) if area.code else None) == lengths.get(area.kind)
            if area.code and area.parent_key:
                assert area.code.startswith(areas[area.parent_key].code or "")


class TestGround:
    def test_rings_are_closed_and_simple(self, seed: DirectorySeed) -> None:
        for area in seed.areas:
            for ring in area.polygons:
                assert ring[0] == ring[-1]
                assert len(set(ring)) == len(ring) - 1 >= 3
                assert not any(crosses(*a, *b) for a, b in combinations(pairwise(ring), 2))
                assert area.centre is not None and inside(area.centre, ring)

    def test_only_entrances_have_no_outline(self, seed: DirectorySeed) -> None:
        assert {area.kind for area in seed.areas if not area.polygons} == {"entrance"}

    def test_every_shape_lies_in_its_parent(self, seed: DirectorySeed, areas: dict[str, AreaSeed]) -> None:
        for area in seed.areas:
            if area.parent_key is None:
                continue
            parent = outline(areas[area.parent_key])
            points = shrunk(outline(area)) if area.polygons else [area.centre]
            assert all(point is not None and inside(point, parent) for point in points), area.key

    def test_siblings_do_not_overlap(self, seed: DirectorySeed) -> None:
        for one, other in combinations([a for a in seed.areas if a.polygons], 2):
            if one.parent_key == other.parent_key:
                assert apart(outline(one), outline(other)), (one.key, other.key)

    def test_grids_tile_their_community(self, seed: DirectorySeed, areas: dict[str, AreaSeed]) -> None:
        for community in (COMMUNITY, NEIGHBOURS):
            grids = [a for a in seed.areas if a.kind == "grid" and a.parent_key == community]
            whole = doubled_area(outline(areas[community]))
            assert sum(doubled_area(outline(g)) for g in grids) == pytest.approx(whole, rel=1e-9)

    def test_is_karamay(self, areas: dict[str, AreaSeed]) -> None:
        lat, lon = areas[COMMUNITY].centre or (0, 0)
        assert lat == pytest.approx(45.6, abs=0.05)
        assert lon == pytest.approx(84.87, abs=0.05)

    def test_every_building_has_its_entrances(self, seed: DirectorySeed, areas: dict[str, AreaSeed]) -> None:
        entrances = Counter(a.parent_key for a in seed.areas if a.kind == "entrance")
        buildings = [a for a in seed.areas if a.kind == "building"]
        assert set(entrances) == {building.key for building in buildings}
        assert all(3 <= entrances[building.key] <= 4 for building in buildings)

    def test_the_register_counts_whoever_lives_there(self, seed: DirectorySeed, areas: dict[str, AreaSeed]) -> None:
        living = Counter(key for person in seed.people for key in path(areas, person.home_key))
        for area in seed.areas:
            if area.kind not in ("district", "street"):
                assert area.residents == living[area.key], area.key

    def test_register_figures_add_up(self, seed: DirectorySeed, areas: dict[str, AreaSeed]) -> None:
        for kind in ("community", "grid", "compound", "building"):
            for area in (a for a in seed.areas if a.kind == kind):
                children = [a for a in seed.areas if a.parent_key == area.key]
                assert sum(child.households or 0 for child in children) == area.households
                assert sum(child.residents or 0 for child in children) == area.residents


class TestPeople:
    def test_share_a_name_now_and_then_but_never_one_of_the_cast(self, seed: DirectorySeed) -> None:
        names = Counter(person.name for person in seed.people)
        assert len(names) > 0.9 * len(seed.people)
        assert max(names.values()) <= 6
        assert all(names[name] == 1 for name in CAST_NAMES.values())

    def test_are_as_many_and_as_old_as_the_newspapers_say(self, seed: DirectorySeed) -> None:
        living = [p for p in seed.people if p.home_key and p.tenant_key == COMMUNITY]
        old = [p for p in living if p.birth_year and REGISTER_YEAR - p.birth_year >= OLD_FROM]
        assert (len(living), len(old)) == (2850, 570)
        assert all(p.birth_year and 0 <= REGISTER_YEAR - p.birth_year <= 100 for p in living)

    def test_of_the_units_are_574_all_in_the_vanguard_and_those_at_home_here_enrolled(
        self, seed: DirectorySeed, areas: dict[str, AreaSeed]
    ) -> None:
        units = {o.key for o in seed.organisations if o.kind == "local_unit"}
        members = [m.person_key for m in seed.memberships if m.organisation_key in units and m.kind == "member"]
        homes = {p.key: p.home_key for p in seed.people}
        joined = {kind: {m.person_key for m in seed.memberships if m.kind == kind} for kind in ("enrolled", "member")}
        vanguard = [m.person_key for m in seed.memberships if m.organisation_key == VANGUARD]
        assert len(units) == len(UNITS) == 8
        assert len(members) == len(set(members)) == sum(unit.members for unit in UNITS) == 574
        assert sorted(vanguard) == sorted(members)
        assert joined["enrolled"] == {key for key in members if homes[key]}
        assert 60 <= len(joined["enrolled"]) <= 120

    def test_of_the_teams_are_160_residents_each_team_with_its_colour_and_field(self, seed: DirectorySeed) -> None:
        teams = {o.key: o for o in seed.organisations if o.kind == "volunteer_team"}
        homes = {p.key: p.home_key for p in seed.people}
        members = [m.person_key for m in seed.memberships if m.organisation_key in teams]
        assert len(members) == len(set(members)) == sum(team.size for team in TEAMS) == 160
        assert all(homes[key] for key in members)
        assert {team.colour for team in TEAMS} == {"橙色", "金色", "绿色", "红色", "蓝色"}
        for team in TEAMS:
            (stored,) = (o for o in teams.values() if o.name == team.name)
            assert team.colour in stored.name and team.field in stored.aliases

    def test_the_stationed_team_is_sent_by_a_company_and_led_by_the_first_secretary(self, seed: DirectorySeed) -> None:
        (team,) = (o for o in seed.organisations if o.kind == "stationed_team")
        (sponsor,) = (o for o in seed.organisations if o.key == team.parent_key)
        (first,) = (o for o in seed.offices if o.kind == "first_secretary")
        assert sponsor.kind == "enterprise" and first.area_key == COMMUNITY
        assert first.person_key in {m.person_key for m in seed.memberships if m.organisation_key == team.key}

    def test_whoever_lives_here_is_a_resident_of_their_community(
        self, seed: DirectorySeed, areas: dict[str, AreaSeed]
    ) -> None:
        resident = {g.person_key: g.area_key for g in seed.grants if g.role is Role.RESIDENT}
        for person in seed.people:
            assert resident.get(person.key) == (person.tenant_key if person.home_key else None)
            assert person.home_key is None or person.tenant_key in path(areas, person.home_key)

    def test_offices_come_with_their_roles(self, seed: DirectorySeed) -> None:
        granted = {(g.person_key, g.role.value, g.area_key) for g in seed.grants}
        for office in seed.offices:
            if office.kind not in ("community_party_secretary", "first_secretary"):
                assert (office.person_key, office.kind, office.area_key) in granted

    def test_every_grid_building_and_entrance_has_somebody(self, seed: DirectorySeed) -> None:
        held = Counter(office.area_key for office in seed.offices)
        for area in seed.areas:
            if area.kind in ("grid", "building", "entrance"):
                assert held[area.key] == 1, area.key

    def test_every_volunteer_is_in_a_team_and_every_team_has_a_leader(self, seed: DirectorySeed) -> None:
        teams = {o.key for o in seed.organisations if o.kind == "volunteer_team"}
        members = {m.person_key for m in seed.memberships if m.organisation_key in teams}
        assert members == {g.person_key for g in seed.grants if g.role is Role.VOLUNTEER}
        leads = [g for g in seed.grants if g.role is Role.TEAM_LEADER]
        assert {g.organisation_key for g in leads if g.organisation_key} == teams
        assert {g.person_key for g in leads if g.area_key == COMMUNITY} == {
            g.person_key for g in leads if g.organisation_key
        }

    def test_names_repeat_and_avoid_those_that_are_taken(self) -> None:
        family = (Generation.OLD, Generation.GROWN, Generation.GROWN, Generation.CHILD)
        for label in range(200):
            names = household_names(label, family, KARAMAY)
            assert names == household_names(label, family, KARAMAY)
            assert not set(names) & set(household_names(label, family, KARAMAY, frozenset(names)))
        assert single_name("x", KARAMAY, frozenset({single_name("x", KARAMAY)})) != single_name("x", KARAMAY)


class TestCast:
    @pytest.fixture
    def home(self, seed: DirectorySeed) -> dict[str, str | None]:
        homes = {person.key: person.home_key for person in seed.people}
        return {word: homes[key] for word, key in CAST.items()}

    def test_is_complete(self, seed: DirectorySeed) -> None:
        assert set(CAST) == {
            *("resident", "neighbour", "volunteer", "volunteer2", "building_head", "grid_officer", "team_leader"),
            *("community_staff", "street_staff", "property_staff", "oversight", "platform_admin", "stranger"),
        }
        assert set(CAST.values()) <= {person.key for person in seed.people}

    def test_roles_are_rooted_where_they_work(
        self, seed: DirectorySeed, home: dict[str, str | None], areas: dict[str, AreaSeed]
    ) -> None:
        def roots(word: str, role: Role) -> set[str | None]:
            return {
                g.area_key or g.organisation_key for g in seed.grants if g.person_key == CAST[word] and g.role is role
            }

        grid = next(key for key in path(areas, home["resident"]) if areas[key].kind == "grid")
        (company,) = (o for o in seed.organisations if o.kind == "property_company")
        assert roots("resident", Role.RESIDENT) == roots("neighbour", Role.RESIDENT) == {COMMUNITY}
        assert roots("building_head", Role.BUILDING_HEAD) == {areas[home["resident"] or ""].parent_key}
        assert roots("grid_officer", Role.GRID_OFFICER) == {grid}
        assert roots("community_staff", Role.COMMUNITY_STAFF) == roots("oversight", Role.OVERSIGHT) == {COMMUNITY}
        assert roots("street_staff", Role.STREET_STAFF) == {"areas/650203002"}
        assert roots("platform_admin", Role.PLATFORM_ADMIN) == {"areas/650203"}
        assert roots("property_staff", Role.ORGANISATION_STAFF) == {company.key}
        assert COMMUNITY in company.serves_keys
        assert roots("stranger", Role.RESIDENT) == {NEIGHBOURS}

    def test_neighbours_live_in_one_building_and_report_from_it(
        self, home: dict[str, str | None], areas: dict[str, AreaSeed]
    ) -> None:
        buildings = {areas[home[word] or ""].parent_key for word in ("resident", "neighbour", "building_head")}
        (building,) = buildings
        assert inside(JOURNEY_PLACE, outline(areas[building or ""]))
        assert NEIGHBOURS in path(areas, home["stranger"])

    def test_volunteers_are_of_the_leaders_team(self, seed: DirectorySeed) -> None:
        teams = {o.key for o in seed.organisations if o.kind == "volunteer_team"}
        found = {
            word: {m.organisation_key for m in seed.memberships if m.person_key == CAST[word]} & teams
            for word in ("team_leader", "volunteer", "volunteer2")
        }
        assert found["team_leader"] == found["volunteer"] == found["volunteer2"]
        (team,) = found["team_leader"]
        leads = {g.organisation_key or g.area_key for g in seed.grants if g.role is Role.TEAM_LEADER}
        mine = {
            g.organisation_key or g.area_key
            for g in seed.grants
            if g.person_key == CAST["team_leader"] and g.role is Role.TEAM_LEADER
        }
        assert mine == {team, COMMUNITY} <= leads
