"""Whatever is moved, merged, split and closed, the tree in the database is the one that a plain dictionary holds."""

from dataclasses import dataclass, field
from random import Random
from uuid import UUID

import pytest

from services.directory.house import House
from tests.services.directory.town import Town


@dataclass
class Oracle:
    """Parents by id, and which areas are open. Nothing is clever here."""

    parents: dict[UUID, UUID]
    kinds: dict[UUID, str]
    open: set[UUID] = field(default_factory=set)

    def path(self, id: UUID) -> list[UUID]:
        way = [id]
        while way[0] in self.parents:
            way.insert(0, self.parents[way[0]])
        return way

    def of(self, kind: str) -> list[UUID]:
        return sorted(id for id in self.open if self.kinds[id] == kind)

    def below(self, id: UUID) -> list[UUID]:
        return sorted(child for child, parent in self.parents.items() if parent == id)


@pytest.mark.parametrize("chance", range(6))
async def test_random_changes_leave_the_tree_that_a_dictionary_holds(town: Town, house: House, chance: int) -> None:
    random = Random(chance)
    oracle = Oracle({}, {town.ids["here"]: "community"})
    for kind, above, count in (("grid", "community", 4), ("compound", "grid", 8), ("building", "compound", 16)):
        for n in range(count):
            parents = oracle.of(above) if above != "community" else [town.ids["here"]]
            await _make(town, oracle, random.choice(parents), kind, f"{kind}{n}")
    for _ in range(25):
        await random.choice([_move, _move, _merge, _split, _close])(town, oracle, random)
    rows = await house.pool.fetch(
        "select id, parent_id, ancestors, closed from area where id = any($1)", [*oracle.parents]
    )
    assert len(rows) == len(oracle.parents)
    above = await house.pool.fetchval("select ancestors from area where id = $1", town.ids["here"])
    for row in rows:
        assert row["parent_id"] == oracle.parents[row["id"]]
        assert [*row["ancestors"], row["id"]] == [*above, *oracle.path(row["id"])]
        assert row["closed"] == (row["id"] not in oracle.open)


async def _post(town: Town, path: str, body: object) -> dict[str, object]:
    answer = await town.call("POST", path, town.keeper(), body)
    assert answer.status_code in (200, 201), answer.text
    found: dict[str, object] = answer.json()
    return found


async def _make(town: Town, oracle: Oracle, parent: UUID, kind: str, name: str) -> None:
    made = await _post(town, "/areas", {"parent_id": str(parent), "kind": kind, "name": name})
    id = UUID(str(made["id"]))
    oracle.parents[id], oracle.kinds[id] = parent, kind
    oracle.open.add(id)


async def _move(town: Town, oracle: Oracle, random: Random) -> None:
    kind, above = random.choice([("building", "compound"), ("building", "grid"), ("compound", "grid")])
    if not oracle.of(kind) or not oracle.of(above):
        return
    id, parent = random.choice(oracle.of(kind)), random.choice(oracle.of(above))
    await _post(town, f"/areas/{id}/move", {"parent_id": str(parent)})
    oracle.parents[id] = parent


async def _merge(town: Town, oracle: Oracle, random: Random) -> None:
    same = oracle.of(random.choice(["grid", "compound"]))
    if len(same) < 3:
        return
    survivor, *gone = random.sample(same, random.choice([2, 3]))
    await _post(town, f"/areas/{survivor}/merge", {"area_ids": [str(id) for id in gone]})
    for id in gone:
        for child in oracle.below(id):
            oracle.parents[child] = survivor
        oracle.parents[id] = survivor
        oracle.open.discard(id)


async def _split(town: Town, oracle: Oracle, random: Random) -> None:
    same = oracle.of(random.choice(["grid", "compound", "building"]))
    if not same:
        return
    id = random.choice(same)
    below = oracle.below(id)
    named = random.sample(below, len(below) // 2)
    parts = [{"name": "甲", "child_ids": [str(child) for child in named]}, {"name": "乙"}]
    answer = await _post(town, f"/areas/{id}/split", {"parts": parts, "rest": 1})
    made = [UUID(heir["id"]) for heir in answer["succeeded_by"]]  # type: ignore[attr-defined]
    for part in made:
        oracle.parents[part], oracle.kinds[part] = oracle.parents[id], oracle.kinds[id]
        oracle.open.add(part)
    for child in below:
        oracle.parents[child] = made[0] if child in named else made[1]
    oracle.parents[id] = made[1]
    oracle.open.discard(id)


async def _close(town: Town, oracle: Oracle, random: Random) -> None:
    empty = [id for id in oracle.of("building") if not [c for c in oracle.below(id) if c in oracle.open]]
    if not empty:
        return
    id = random.choice(empty)
    await _post(town, f"/areas/{id}/close", {})
    oracle.open.discard(id)
