"""Keys are rotated while people read and write: nothing is lost, nothing waits, and nothing lies there readable."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from deploy.keys import ensure_sealing_keys
from services.directory.actions.load import load
from services.directory.actions.rotate import _BATCH, rotate
from services.directory.domain.seed import DirectorySeed, HouseholdSeed, PersonSeed
from services.directory.house import House, open_house
from services.directory.queries.keys import keys_in_use
from services.directory.tables import SCHEMA
from shared.infra import sealing
from shared.infra.sealing import Sealer, make_first_keys
from tests.services.directory.test_people import ADDRESS, changed, entered, id_number, officer, staff
from tests.services.directory.town import Town

PEOPLE = _BATCH + 70


def quiet(kind: str, done: int, of: int) -> None: ...


async def patience(seconds: float) -> None:
    """Time passes for the others only."""
    await asyncio.sleep(0)


@pytest.fixture
async def many(town: Town, house: House) -> list[UUID]:
    """More people than one batch, each with a telephone of their own."""
    people = [
        PersonSeed(f"{town.name}/p{n}", f"{town.name}/here", "某某", f"{town.name}/building", phone=f"139{n:08}")
        for n in range(PEOPLE)
    ]
    loaded = await load(house.pool, house.clock, DirectorySeed(people=people), None, house.sealer)
    return [loaded.ids[person.key] for person in people]


async def run(house: House, **how: Any) -> Any:
    return await rotate(house.pool, house.settings.keys, quiet, settled=0, pause=patience, **how)


async def test_everything_is_sealed_with_the_new_key_while_it_is_read_and_changed(
    town: Town, house: House, many: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "RELOAD_SECONDS", 0.0)
    before = house.sealer.key_id
    made = await entered(town, phone="13809901234", id_number=id_number(), address=ADDRESS)
    stop = asyncio.Event()

    async def reading() -> int:
        reads = 0
        while not stop.is_set():
            page = await town.call("GET", "/people?limit=50", staff(town))
            assert all(item["phone"].startswith("13") for item in page.json()["items"]), page.text
            body = {"fields": ["phone", "id_number", "address"], "reason": "service"}
            shown = await town.call("POST", f"/people/{made['id']}/reveal", officer(town), body)
            assert shown.json()["id_number"] == id_number(), shown.text
            reads += 1
        return reads

    async def writing() -> int:
        writes = 0
        while not stop.is_set():
            body = {"name": "古丽娜", "home_id": str(town.ids["building"]), "phone": f"138{writes:08}"}
            assert (await changed(town, staff(town), f"/people/{made['id']}", body)).is_success
            writes += 1
        return writes

    others = [asyncio.create_task(reading()), asyncio.create_task(writing())]
    done = await run(house)
    stop.set()
    assert all(await asyncio.gather(*others))
    assert done.made and done.broken == [] and done.sealed > PEOPLE
    assert done.key_id != before and set(await keys_in_use(house.pool)) == {done.key_id}
    found = await town.call("POST", "/people/look-up", staff(town), {"phone": "13900000007"})
    assert [item["id"] for item in found.json()["items"]] == [str(many[7])]


async def test_a_run_that_was_killed_is_gone_on_with_and_two_at_once_do_no_harm(
    town: Town, house: House, many: list[UUID]
) -> None:
    class KilledError(Exception):
        pass

    def killing(kind: str, done: int, of: int) -> None:
        raise KilledError

    with pytest.raises(KilledError):
        await rotate(house.pool, house.settings.keys, killing, settled=0, pause=patience)
    half = await keys_in_use(house.pool)
    newest = sealing.key_ids(house.settings.keys)[-1]
    assert len(half) == 2 and 0 < half[newest] < sum(half.values())
    first, second = await asyncio.gather(run(house), run(house))
    assert not first.made and not second.made and first.key_id == second.key_id == newest
    assert set(await keys_in_use(house.pool)) == {newest}
    assert first.sealed + second.sealed == sum(half.values()) - half[newest]


async def test_what_does_not_open_is_named_and_does_not_stop_the_rest(
    town: Town, house: House, many: list[UUID]
) -> None:
    swap = "update sealed_value set value = (select value from sealed_value where owner_id = $2) where owner_id = $1"
    await house.pool.execute(swap, many[3], many[4])
    done = await run(house)
    assert done.broken == [(town.ids["here"], many[3], "phone")]
    body = {"fields": ["phone"], "reason": "service"}
    answer = await town.call("POST", f"/people/{many[3]}/reveal", officer(town), body)
    assert answer.status_code == 500 and "1390000000" not in answer.text
    await house.pool.execute("delete from sealed_value where owner_id = $1", many[3])


async def test_no_text_that_leads_to_a_door_lies_readable_in_any_table(
    town: Town, house: House, environment: dict[str, str]
) -> None:
    number, phone, address, door = id_number(sequence="913"), "13791376137", "驫驫路鱻鱻苑9号", "9137-鱻"
    household = HouseholdSeed(f"{town.name}/h", f"{town.name}/building", "9138-鱻")
    person = PersonSeed(
        f"{town.name}/sealed", f"{town.name}/here", "甲", phone=phone, household_key=household.key, address="驫靐路8号"
    )
    await load(house.pool, house.clock, DirectorySeed(people=[person], households=[household]), None, house.sealer)
    made = await entered(town, phone=phone, id_number=number, address=address, door=door)
    note = {"fields": ["phone"], "reason": "service", "note": "鱻驫鱻"}
    key = "a-key-of-its-own"
    path = f"/people/{made['id']}/reveal"
    assert (await town.call("POST", path, officer(town), note, idempotency_key=key)).is_success
    connection = await asyncpg.connect(environment["LINLI_DIRECTORY_OWNER_DATABASE_URL"])
    try:
        tables = {
            table.name: await connection.fetch(f'select t::text as row from "{table.name}" t')
            for table in SCHEMA.metadata.sorted_tables
        }
    finally:
        await connection.close()
    assert any(key in row["row"] for row in tables["idempotency"]), "the dump sees what is there"
    for table, rows in tables.items():
        held = "\n".join(row["row"] for row in rows)
        for text in (number, phone, address, door, "9138-鱻", "驫", "鱻"):
            for form in (text, text.encode().hex()):
                assert form not in held, (table, text)


async def test_in_production_the_service_does_not_open_without_its_keys(house: House, tmp_path: Path) -> None:
    settings = house.settings.model_copy(update={"production": True, "keys": tmp_path})
    with pytest.raises(OSError, match="linli migrate"):
        async with open_house(settings, house.clock):
            pytest.fail("it opened")
    make_first_keys(tmp_path)
    async with open_house(settings, house.clock) as opened:
        assert opened.sealer.key_id == "data-1"


async def test_keys_are_never_made_anew_beside_values_that_need_the_old_ones(tmp_path: Path) -> None:
    ensure_sealing_keys(tmp_path, {})
    ensure_sealing_keys(tmp_path, {"data-1": 5})
    assert Sealer(tmp_path).key_id == "data-1"
    (tmp_path / "index.key").unlink()
    with pytest.raises(OSError, match=r"index\.key"):
        ensure_sealing_keys(tmp_path, {"data-1": 5})
    (tmp_path / "data-1.key").unlink()
    with pytest.raises(OSError, match=r"data-1\.key, index\.key"):
        ensure_sealing_keys(tmp_path, {"data-1": 5})
    assert list(tmp_path.iterdir()) == []
