"""The other four communities hang together as the first does: codes, shapes, households, and who is in the cast."""

from collections import Counter, defaultdict
from itertools import combinations

import pytest

from deploy.cli import linli
from deploy.demo.communities import PLACES
from deploy.demo.loading import CONTENT
from deploy.demo.stage import Community
from services.directory.domain.seed import AreaSeed, DirectorySeed
from tests.support.ground import apart, doubled_area, inside, outline, shrunk

#: Places and the point about which each lies: the middle of street, district or community on any map.
WHERE = {
    "huayuanlu": ("areas/410105002", 34.779, 113.684),
    "yicheng": ("areas/411702", 32.977, 114.033),
    "siying": ("areas/411472010207", 34.40, 115.66),
    "niying": ("areas/411302004004", 32.999, 112.553),
}
#: Areas of these kinds lie side by side without a gap, so that every point of a community has its officer.
TILES = {"community": "street", "grid": "community", "residents_group": "community"}


@pytest.fixture(scope="module", params=WHERE)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def content(name: str) -> Community:
    return CONTENT[name]


@pytest.fixture(scope="module")
def seed(content: Community) -> DirectorySeed:
    return content.directory_seed()


@pytest.fixture(scope="module")
def areas(seed: DirectorySeed) -> dict[str, AreaSeed]:
    return {area.key: area for area in seed.areas}


def test_it_lies_where_the_place_is(name: str, areas: dict[str, AreaSeed]) -> None:
    key, lat, lon = WHERE[name]
    assert areas[key].centre == (pytest.approx(lat, abs=0.01), pytest.approx(lon, abs=0.01))


def test_codes_are_statistical_ones_and_follow_their_parents(areas: dict[str, AreaSeed]) -> None:
    lengths = {"district": 6, "street": 9, "community": 12, "grid": 15}
    for area in areas.values():
        assert (len(area.code) if area.code else None) == lengths.get(area.kind)
        assert area.code is None or area.key == f"areas/{area.code}"
        if area.code and area.parent_key:
            assert area.code.startswith(areas[area.parent_key].code or "?")


def test_every_shape_lies_in_its_parent_and_beside_its_neighbours(areas: dict[str, AreaSeed]) -> None:
    beside: dict[str, list[AreaSeed]] = {}
    for area in areas.values():
        if area.parent_key is not None:
            points = shrunk(outline(area)) if area.polygons else [area.centre]
            around = outline(areas[area.parent_key])
            assert all(point is not None and inside(point, around) for point in points), area.key
            beside.setdefault(area.parent_key, []).append(area)
    for neighbours in beside.values():
        for one, other in combinations((a for a in neighbours if a.polygons), 2):
            assert apart(outline(one), outline(other)), (one.key, other.key)


def test_grids_and_communities_leave_no_gap(areas: dict[str, AreaSeed]) -> None:
    covered: defaultdict[str, float] = defaultdict(float)
    for area in areas.values():
        if area.parent_key and areas[area.parent_key].kind == TILES.get(area.kind):
            covered[area.parent_key] += doubled_area(outline(area))
    assert {areas[key].kind for key in covered} >= {"street", "community"}
    for key, surface in covered.items():
        assert surface == pytest.approx(doubled_area(outline(areas[key])), rel=1e-3)


def test_only_entrances_and_floors_have_no_outline(areas: dict[str, AreaSeed]) -> None:
    assert {area.kind for area in areas.values() if not area.polygons} <= {"entrance", "floor"}


def test_register_figures_add_up(areas: dict[str, AreaSeed]) -> None:
    below: dict[str, list[AreaSeed]] = {}
    for area in areas.values():
        below.setdefault(area.parent_key or "", []).append(area)
    for key, children in below.items():
        if key:
            assert areas[key].households == sum(child.households or 0 for child in children)
            if areas[key].residents is not None:
                assert areas[key].residents == sum(child.residents or 0 for child in children)


def test_its_cast_hold_what_they_are_called(content: Community, seed: DirectorySeed) -> None:
    roles: dict[str, set[str]] = {}
    names = {person.key: person.name for person in seed.people}
    for grant in seed.grants:
        roles.setdefault(grant.person_key, set()).add(grant.role.value)
    offices = {(office.person_key, office.kind) for office in seed.offices}
    called = {"unit_staff": "organisation_staff", "property_staff": "organisation_staff", "district_staff": "oversight"}
    called |= {"department_staff": "organisation_staff", "part_time_grid_officer": "grid_officer"}
    for word, key in content.cast.items():
        assert called.get(word, word) in roles[key], word
        assert Counter(names.values())[names[key]] == 1
        if word in ("grid_officer", "part_time_grid_officer", "building_head"):
            assert (key, word) in offices


def test_all_five_stand_apart() -> None:
    seeds = {name: community.directory_seed() for name, community in CONTENT.items()}
    for rows in ("areas", "organisations", "people"):
        keys = Counter(row.key for seed in seeds.values() for row in getattr(seed, rows))
        assert max(keys.values()) == 1
    roots = [area for seed in seeds.values() for area in seed.areas if area.parent_key is None]
    assert len(roots) == len(PLACES)
    assert all(apart(outline(one), outline(other)) for one, other in combinations(roots, 2))


def test_the_command_knows_them_all() -> None:
    (names,) = (parameter for parameter in linli.commands["demo"].params if parameter.name == "communities")
    assert list(PLACES) == list(CONTENT) == list(names.type.choices)[:-1]
    text = linli.commands["demo"].help or ""
    assert all(name in text and place.name_zh in text for name, place in PLACES.items())
