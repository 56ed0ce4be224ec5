"""The Pingshan cases in a running system: imported once, listed, filtered and searched."""

import os
from collections import Counter
from pathlib import Path

import httpx
import pytest

from deploy.assemble import Assembly
from deploy.imports import pingshan
from deploy.imports.loading import READER, Result, load_import
from services.directory.actions.tokens import actor_for
from shared.infra.auth import TokenIssuer
from tests.support.person import Person

DATA = Path(os.environ.get("LINLI_REAL_DATA", Path(__file__).parents[3] / "shared" / "data"))
pytestmark = pytest.mark.skipif(not (DATA / "pingshan").is_dir(), reason=f"no real data at {DATA}")


def _quiet(kind: str, done: int, of: int) -> None:
    return None


@pytest.fixture(scope="module")
def read() -> pingshan.PingshanImport:
    return pingshan.read(DATA / "pingshan", DATA / "messages")


@pytest.fixture(scope="module")
async def imported(read: pingshan.PingshanImport, assembly: Assembly) -> Result:
    return await load_import(read, _quiet)


@pytest.fixture
async def reader(imported: Result, assembly: Assembly, client: httpx.AsyncClient, issuer: TokenIssuer) -> Person:
    directory = assembly.app("directory").state.house
    person_id = imported.directory.ids[READER]
    return Person("reader", person_id, issuer.access_token(await actor_for(directory.pool, person_id)), client)


async def listed(reader: Person, query: str) -> list[dict]:
    found: list[dict] = []
    cursor = ""
    while True:
        page = (await reader.get(f"/petitions?scope=area&limit=100&{query}{cursor}")).json()
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"


async def test_every_case_is_there_and_a_second_import_changes_nothing(
    imported: Result, read: pingshan.PingshanImport, reader: Person
) -> None:
    assert imported.new_cases + imported.known_cases == len(read.cases)
    again = await load_import(read, _quiet)
    assert (again.new_cases, again.known_cases) == (0, len(read.cases))
    assert all(counts.created == counts.changed == 0 for counts in again.directory.counts.values())
    assert len(await listed(reader, "")) == len(read.cases)


async def test_filters_by_category_count_what_the_files_hold(read: pingshan.PingshanImport, reader: Person) -> None:
    names = {category.key: category for category in read.categories}

    def top(key: str) -> str:
        parent = names[key].parent_key
        return top(parent) if parent else names[key].name

    wanted = Counter(top(case.category_key) for case in read.cases)
    tops = [c for c in (await reader.get("/categories")).json()["items"] if c["parent_id"] is None]
    small = [c for c in tops if 0 < wanted[c["name"]] < 400]
    assert small
    for category in small:
        assert len(await listed(reader, f"category={category['id']}")) == wanted[category["name"]], category["name"]


async def test_every_spelling_of_a_unit_is_resolved(read: pingshan.PingshanImport, reader: Person) -> None:
    units = read.directory.organisations
    parents = {unit.key: unit.name for unit in units}
    several = 0
    for unit in units:
        for spelling in {unit.name, *unit.aliases}:
            found = (await reader.get("/organisations/resolve", params={"name": spelling})).json()
            assert unit.name in {item["name"] for item in found["items"]}, spelling
            if found["organisation"] is None:
                several += 1
                continue
            parent = found["organisation"]["parent"]
            assert (parent and parent["name"]) == (unit.parent_key and parents[unit.parent_key]), spelling
    print(f"\n{len(units)} units, {sum(len({u.name, *u.aliases}) for u in units)} spellings, {several} not one's alone")
    assert several < len(units) / 2


async def test_search_finds_what_the_texts_hold(read: pingshan.PingshanImport, reader: Person) -> None:
    for words in ("路灯", "噪音", "红绿灯"):
        holding = {case.title for case in read.cases if words in case.title + case.text}
        assert holding
        found = await listed(reader, f"q={words}")
        assert {item["title"] for item in found} == holding, words


async def test_a_case_is_closed_without_timers_and_says_whether_it_was_in_time(
    read: pingshan.PingshanImport, reader: Person
) -> None:
    item = (await listed(reader, "q=路灯"))[0]
    case = (await reader.get(f"/petitions/{item['id']}")).json()
    assert case["status"] == "closed" and case["created_at"].startswith("2018")
    assert case["in_time"] in (True, False)
    assert [case[name] for name in ("respond_by", "resolve_by", "responded_at", "resolved_at", "closed_at")] == [
        None
    ] * 5
    assert [row["action"] for row in case["history"]] == ["import"]
    assert case["allowed_actions"] == []


async def test_an_import_sends_no_events(imported: Result, assembly: Assembly, reader: Person) -> None:
    petitions = assembly.app("petitions").state.house
    tenants = [imported.directory.ids[key] for key in imported.directory.ids if key.startswith("areas/")]
    sent = await petitions.pool.fetchval("select count(*) from outbox where tenant_id = any($1::uuid[])", tenants)
    assert sent == 0
