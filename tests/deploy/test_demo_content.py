"""The demo's content hangs together: keys lead somewhere, shapes lie where they should, texts fit."""

from collections import Counter
from datetime import date
from itertools import combinations, pairwise

import pytest

from deploy.demo.categories import category_seeds
from deploy.demo.changzheng import CAST, JOURNEY_PLACE, directory_seed
from deploy.demo.names import fictional_names
from deploy.demo.openings import demo_openings
from deploy.demo.petitions import DemoPetition, demo_petitions
from deploy.demo.situations import REFUSALS, SITUATIONS, WITHDRAWALS
from services.directory.domain.seed import AreaSeed, DirectorySeed
from services.petitions.domain.states import Status
from shared.kernel.actor import Role

Point = tuple[float, float]
Ring = tuple[Point, ...]

COMMUNITY = "areas/650203002003"
NEIGHBOURS = "areas/650203002005"
SEASONS = [date(2026, 1, 15), date(2026, 4, 10), date(2026, 7, 20), date(2026, 10, 25)]
#: About a decimetre: what rounding to six decimals may move.
ROUNDING = 2e-6


@pytest.fixture(scope="module")
def seed() -> DirectorySeed:
    return directory_seed()


@pytest.fixture(scope="module")
def areas(seed: DirectorySeed) -> dict[str, AreaSeed]:
    return {area.key: area for area in seed.areas}


@pytest.fixture(scope="module", params=SEASONS, ids=str)
def petitions(request: pytest.FixtureRequest) -> list[DemoPetition]:
    return demo_petitions(request.param)


def outline(area: AreaSeed) -> Ring:
    (ring,) = area.polygons
    return ring


def doubled_area(ring: Ring) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)))


def inside(point: Point, ring: Ring) -> bool:
    """Whether a ray from the point to the east crosses the ring an odd number of times."""
    lat, lon = point
    crossings = 0
    for (lat1, lon1), (lat2, lon2) in pairwise(ring):
        if (lat1 > lat) != (lat2 > lat) and lon < lon1 + (lat - lat1) * (lon2 - lon1) / (lat2 - lat1):
            crossings += 1
    return crossings % 2 == 1


def shrunk(ring: Ring) -> list[Point]:
    """The ring's corners, drawn to its middle by a decimetre or so, so that shared borders do not count."""
    corners = ring[:-1]
    middle = (sum(p[0] for p in corners) / len(corners), sum(p[1] for p in corners) / len(corners))
    pulled = []
    for corner in corners:
        reach = max(abs(middle[0] - corner[0]), abs(middle[1] - corner[1]))
        pull = min(1.0, 2 * ROUNDING / reach)
        pulled.append((corner[0] + (middle[0] - corner[0]) * pull, corner[1] + (middle[1] - corner[1]) * pull))
    return pulled


def crosses(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether the two stretches cross in their middles."""

    def side(p: Point, q: Point, r: Point) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


def apart(one: Ring, other: Ring) -> bool:
    first, second = shrunk(one), shrunk(other)
    if any(inside(p, other) for p in first) or any(inside(p, one) for p in second):
        return False
    edges = list(pairwise([*second, second[0]]))
    return not any(crosses(a, b, c, d) for a, b in pairwise([*first, first[0]]) for c, d in edges)


def path(areas: dict[str, AreaSeed], key: str | None) -> list[str]:
    found = []
    while key is not None:
        found.append(key)
        key = areas[key].parent_key
    return found


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
            assert person.home_key is None or areas[person.home_key].kind == "building"
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

    def test_register_figures_add_up(self, seed: DirectorySeed, areas: dict[str, AreaSeed]) -> None:
        for kind in ("community", "grid", "compound"):
            for area in (a for a in seed.areas if a.kind == kind):
                children = [a for a in seed.areas if a.parent_key == area.key]
                assert sum(child.households or 0 for child in children) == area.households
                assert sum(child.residents or 0 for child in children) == area.residents


class TestPeople:
    def test_have_names_of_their_own(self, seed: DirectorySeed) -> None:
        names = Counter(person.name for person in seed.people)
        assert [name for name, count in names.items() if count > 1] == []

    def test_are_as_many_as_a_first_community_needs(self, seed: DirectorySeed) -> None:
        living = [p for p in seed.people if p.home_key and p.tenant_key == COMMUNITY]
        volunteers = {g.person_key for g in seed.grants if g.role is Role.VOLUNTEER}
        kinds = Counter(o.kind for o in seed.organisations)
        assert len(living) == 300
        assert 55 <= len(volunteers) <= 65
        assert (kinds["local_unit"], kinds["volunteer_team"], kinds["residents_committee"]) == (8, 5, 2)

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
            if office.kind != "community_party_secretary":
                assert (office.person_key, office.kind, office.area_key) in granted

    def test_every_grid_building_and_grouped_entrance_has_somebody(self, seed: DirectorySeed) -> None:
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

    def test_names_repeat_and_extend(self) -> None:
        assert fictional_names(50) == fictional_names(400)[:50]
        assert not set(fictional_names(400, frozenset({fictional_names(1)[0]}))) & set(fictional_names(1))


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
        assert roots("building_head", Role.BUILDING_HEAD) == {home["resident"]}
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
        assert home["resident"] is not None
        assert home["resident"] == home["neighbour"] == home["building_head"]
        assert inside(JOURNEY_PLACE, outline(areas[home["resident"]]))
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


class TestCategories:
    def test_are_a_tree_of_two_levels_with_known_urgencies(self) -> None:
        seeds = category_seeds()
        tops = [s for s in seeds if s.parent_key is None]
        assert 10 <= len(tops) <= 15
        assert 55 <= len(seeds) - len(tops) <= 75
        assert {s.urgency for s in seeds} == {"danger", "utility", "ordinary", "complex", "consultation"}
        assert all(s.parent_key in {top.key for top in tops} for s in seeds if s.parent_key)

    def test_have_names_in_both_languages(self) -> None:
        for seed in category_seeds():
            assert seed.name and not seed.name.isascii()
            assert seed.name_en and seed.name_en.isascii()

    def test_situations_name_leaves(self) -> None:
        leaves = {seed.key for seed in category_seeds() if seed.parent_key}
        named = {s.category for s in SITUATIONS} | {r.category for r in REFUSALS} | {c for c, _ in WITHDRAWALS}
        assert named <= leaves
        assert len(SITUATIONS) >= 60


class TestPetitions:
    def test_are_the_same_every_time(self) -> None:
        assert demo_petitions() == demo_petitions()
        assert directory_seed() == directory_seed()

    def test_name_what_exists(self, petitions: list[DemoPetition], seed: DirectorySeed) -> None:
        living = {p.key for p in seed.people if p.home_key and p.tenant_key == COMMUNITY}
        staffed = {g.organisation_key for g in seed.grants if g.role is Role.ORGANISATION_STAFF}
        leaves = {category.key for category in category_seeds() if category.parent_key}
        for petition in petitions:
            assert petition.reporter_key in living
            assert petition.category_key in leaves
            assert petition.lead_key is None or petition.lead_key in staffed
            assert petition.course in set(Status)

    def test_lie_in_one_grid_of_the_community(
        self, petitions: list[DemoPetition], seed: DirectorySeed, areas: dict[str, AreaSeed]
    ) -> None:
        grids = [outline(a) for a in seed.areas if a.kind == "grid" and a.parent_key == COMMUNITY]
        for petition in petitions:
            assert inside(petition.place, outline(areas[COMMUNITY]))
            assert sum(inside(petition.place, grid) for grid in grids) == 1, petition.title

    def test_lie_in_the_building_that_the_text_names(self, petitions: list[DemoPetition], seed: DirectorySeed) -> None:
        compounds = {a.key: a for a in seed.areas if a.kind == "compound"}
        named = {
            compounds[a.parent_key].name + a.name: outline(a)
            for a in seed.areas
            if a.kind == "building" and a.parent_key in compounds
        }
        checked = 0
        for petition in petitions:
            for name, ring in named.items():
                if name in petition.title + petition.text:
                    assert inside(petition.place, ring), petition.title
                    checked += 1
        assert checked > 50

    def test_texts_fit_and_have_no_open_slots(self, petitions: list[DemoPetition]) -> None:
        for petition in petitions:
            words = [petition.note, petition.resolve_text, petition.reject_text, petition.withdraw_text]
            assert 0 < len(petition.title) <= 60
            assert 0 < len(petition.text) <= 2000
            assert all(len(text) <= 2000 for text in words)
            assert not any(brace in text for text in [petition.title, petition.text, *words] for brace in "{}")

    def test_bring_the_words_that_their_course_needs(self, petitions: list[DemoPetition]) -> None:
        for petition in petitions:
            course = petition.course
            ended = course in ("resolved", "closed")
            assert (petition.outcome is not None) == bool(petition.resolve_text) == ended
            assert (petition.rating is not None) == (petition.contacted is not None) == (course == "closed")
            assert (petition.reject_reason is not None) == bool(petition.reject_text) == (course == "rejected")
            assert bool(petition.withdraw_text) == (course == "withdrawn")
            assert bool(petition.note) == (course in ("dispatched", "in_progress", "resolved", "closed"))
            assert course != "dispatched" or petition.lead_key

    def test_times_run_forward(self, petitions: list[DemoPetition]) -> None:
        assert [p.age_days for p in petitions] == sorted((p.age_days for p in petitions), reverse=True)
        for petition in petitions:
            assert 0 < petition.age_days <= 365
            assert 0 <= petition.took_days <= petition.took_days + petition.confirm_days <= petition.age_days

    def test_are_many_and_differ(self, petitions: list[DemoPetition]) -> None:
        assert len(petitions) == 240
        assert len({p.text for p in petitions}) >= 225
        assert len({p.category_key for p in petitions}) >= 55
        assert set(Counter(p.course for p in petitions)) == set(Status)
        assert max(Counter(p.reporter_key for p in petitions).values()) <= 15
        alike = [a for a, b in pairwise(petitions) if a.category_key == b.category_key]
        assert len(alike) < 12

    def test_season_decides_what_is_reported(self) -> None:
        young = [p.category_key for p in demo_petitions(date(2026, 7, 20)) if p.age_days < 30]
        assert "utilities.heating" not in young
        assert "utilities.heating" in {p.category_key for p in demo_petitions(date(2026, 7, 20))}

    def test_fill_the_lists_of_the_cast(self, petitions: list[DemoPetition]) -> None:
        for word in ("resident", "neighbour"):
            mine = [p.course for p in petitions if p.reporter_key == CAST[word]]
            assert len(mine) >= 5
            assert set(mine) - {"closed", "rejected", "withdrawn"}


class TestOpenings:
    def test_every_team_offers_something_in_reach(self, seed: DirectorySeed, areas: dict[str, AreaSeed]) -> None:
        openings = demo_openings()
        teams = {o.key for o in seed.organisations if o.kind == "volunteer_team"}
        leads = {(g.person_key, g.organisation_key) for g in seed.grants if g.role is Role.TEAM_LEADER}
        assert {opening.team_key for opening in openings} == teams
        for opening in openings:
            assert (opening.leader_key, opening.team_key) in leads
            assert inside(opening.place, outline(areas[COMMUNITY]))
            assert opening.kind in ("task", "activity")
            assert len(opening.title) <= 60 and len(opening.text) <= 2000
            assert min(opening.points, opening.capacity, opening.starts_in_hours, opening.lasts_hours) > 0
