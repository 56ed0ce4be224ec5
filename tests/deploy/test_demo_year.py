"""The demo's year hangs together: what is reported, what the teams do and offer, in every season."""

from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from deploy.demo.categories import category_seeds
from deploy.demo.changzheng import CAST, directory_seed
from deploy.demo.changzheng.year.openings import demo_openings
from deploy.demo.changzheng.year.petitions import DemoPetition, demo_petitions
from deploy.demo.changzheng.year.plan import RESOLVE_DAYS, RESPOND_DAYS
from deploy.demo.changzheng.year.services import DemoService, End, demo_services
from deploy.demo.changzheng.year.situations import REFUSALS, SITUATIONS, WITHDRAWALS
from services.directory.domain.seed import AreaSeed, DirectorySeed
from services.petitions.domain.states import Status
from shared.kernel.actor import Role
from tests.support.ground import inside, outline, path

COMMUNITY = "areas/650203002003"
SEASONS = [date(2026, 1, 15), date(2026, 4, 10), date(2026, 7, 20), date(2026, 10, 25)]


@pytest.fixture(scope="module")
def seed() -> DirectorySeed:
    return directory_seed()


@pytest.fixture(scope="module")
def areas(seed: DirectorySeed) -> dict[str, AreaSeed]:
    return {area.key: area for area in seed.areas}


@pytest.fixture(scope="module", params=SEASONS, ids=str)
def petitions(request: pytest.FixtureRequest) -> list[DemoPetition]:
    return demo_petitions(request.param)


@pytest.fixture(scope="module")
def services() -> list[DemoService]:
    return demo_services()


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
            assert {petition.lead_key, petition.wrong_lead_key, petition.co_handler_key} <= staffed | {None}
            assert petition.lead_key or not (petition.wrong_lead_key or petition.co_handler_key)
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
            words += [word for c in petition.complaints for word in (c.resolve_text, c.text)]
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
            assert 0 <= petition.respond_days <= petition.took_days
            assert 0 <= petition.took_days <= petition.took_days + petition.confirm_days <= petition.age_days

    def test_are_many_and_differ(self, petitions: list[DemoPetition]) -> None:
        texts = Counter(p.text for p in petitions)
        assert len(petitions) == 600
        assert len(texts) >= 540 and max(texts.values()) <= 4
        assert len({p.category_key for p in petitions}) >= 60
        assert set(Counter(p.course for p in petitions)) == set(Status)
        assert len({p.reporter_key for p in petitions}) >= 450
        assert max(Counter(p.reporter_key for p in petitions).values()) <= 15
        alike = [a for a, b in pairwise(petitions) if a.category_key == b.category_key]
        assert len(alike) < 30

    def test_go_every_way_that_the_rules_know(self, petitions: list[DemoPetition]) -> None:
        rounds = Counter((p.course, len(p.complaints)) for p in petitions)
        assert rounds[("closed", 1)] >= 20 and rounds[("closed", 2)] >= 3 and rounds[("in_progress", 1)] >= 3
        assert sum(bool(p.wrong_lead_key) for p in petitions) >= 10
        assert sum(bool(p.co_handler_key) for p in petitions) >= 20
        for course in ("rejected", "withdrawn"):
            assert {p.accepted for p in petitions if p.course == course} == {True, False}

    def test_wait_no_longer_than_promised_but_for_a_few(self, petitions: list[DemoPetition]) -> None:
        urgency = {seed.key: seed.urgency for seed in category_seeds()}
        late = Counter(
            p.course
            for p in petitions
            if (p.course in ("submitted", "accepted") and p.age_days > RESPOND_DAYS[urgency[p.category_key]])
            or (p.course == "in_progress" and p.age_days > RESOLVE_DAYS[urgency[p.category_key]])
        )
        assert late == {"submitted": 2, "in_progress": 5}

    def test_season_decides_what_is_reported(self) -> None:
        young = [p.category_key for p in demo_petitions(date(2026, 7, 20)) if p.age_days < 30]
        assert "utilities.heating" not in young
        assert "utilities.heating" in {p.category_key for p in demo_petitions(date(2026, 7, 20))}

    def test_fill_the_lists_of_the_cast(self, petitions: list[DemoPetition]) -> None:
        for word in ("resident", "neighbour"):
            mine = [p.course for p in petitions if p.reporter_key == CAST[word]]
            assert len(mine) >= 5
            assert set(mine) - {"closed", "rejected", "withdrawn"}


class TestServices:
    def test_name_what_exists(
        self, services: list[DemoService], seed: DirectorySeed, areas: dict[str, AreaSeed]
    ) -> None:
        volunteers = {g.person_key for g in seed.grants if g.role is Role.VOLUNTEER}
        leads = {(g.person_key, g.organisation_key) for g in seed.grants if g.role is Role.TEAM_LEADER}
        for service in services:
            assert (service.leader_key, service.team_key) in leads
            assert COMMUNITY in path(areas, service.area_key)
            assert {part.person_key for part in service.parts} <= volunteers - {service.leader_key}
            assert 0 < len(service.parts) <= service.capacity
            assert len({part.person_key for part in service.parts}) == len(service.parts)
            assert not any(brace in service.title + service.text for brace in "{}")

    def test_fill_a_year_of_every_team_on_days_of_its_own(self, services: list[DemoService]) -> None:
        days = [service.days_ago for service in services]
        assert len(set(days)) == len(days) and days == sorted(days, reverse=True)
        assert days[0] >= 350 and days[-1] <= 7
        assert min(Counter(service.team_key for service in services).values()) >= 30

    def test_come_out_in_every_way_and_only_the_latest_wait(self, services: list[DemoService]) -> None:
        ends = Counter(part.end for service in services for part in service.parts)
        assert set(ends) == set(End)
        assert ends[End.AWARDED] > 0.85 * ends.total()
        waiting = {End.SUBMITTED, End.CHECKED_OUT}
        assert max(s.days_ago for s in services if any(p.end in waiting for p in s.parts)) <= 5

    def test_bring_most_volunteers_a_record_and_some_a_long_one(self, services: list[DemoService]) -> None:
        awarded = Counter(p.person_key for s in services for p in s.parts if p.end is End.AWARDED)
        assert len(awarded) >= 130 and max(awarded.values()) >= 20
        assert all(awarded[CAST[word]] for word in ("volunteer", "volunteer2", "team_leader"))

    def test_have_other_titles_than_what_is_offered_next(self, services: list[DemoService]) -> None:
        assert not {s.title for s in services} & {o.title for o in demo_openings()}


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
