"""What was put aside is listed without its contents, carried out again once, and kept when it fails again."""

import pytest

from deploy.events import list_aside, replay_aside
from shared.contracts.events import Envelope
from shared.infra import bus
from shared.infra.aside import all_aside, put_aside
from shared.kernel.ids import new_id
from tests.support.world import World


async def test_an_event_put_aside_is_carried_out_again_and_one_that_fails_again_stays(
    world: World, environment: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    url = environment["LINLI_BUS_URL"]
    petition = (await world.resident.post("/petitions", {"text": "井盖松了", "location": world.location()})).json()
    opening = new_id()
    event = Envelope(
        id=new_id(),
        type="service_record.approved",
        tenant_id=world.ids["here"],
        aggregate_id=new_id(),
        aggregate_version=5,
        at=world.assembly.clock.now(),
        payload={"opening_id": str(opening), "petition_id": petition["id"], "person_id": str(world.volunteer.id),
                 "status": "approved", "evidence_grade": "A", "points": 5, "rule_version": 1},
    )  # fmt: skip
    async with bus.connect(url, "admin") as admin:
        await admin.jetstream().purge_stream("dead")  # of what other tests left there
    async with bus.connect(environment["LINLI_PETITIONS_BUS_URL"], "petitions") as client:
        for message in (b"no event at all", event.model_dump_json().encode()):
            await put_aside(client, "petitions_service_records", message)

    async def history() -> list[str]:
        rows = (await world.resident.get(f"/petitions/{petition['id']}/history")).json()["items"]
        return [row["action"] for row in rows]

    assert await list_aside(url) == 2
    shown = capsys.readouterr().out
    assert str(event.id) in shown and str(opening) not in shown and "no event at all" not in shown
    assert await history() == ["submit"]
    assert await replay_aside(url) == 1
    assert await history() == ["submit", "task_done"]
    assert "ValidationError" in capsys.readouterr().out
    async with bus.connect(environment["LINLI_PETITIONS_BUS_URL"], "petitions") as client:
        await put_aside(client, "petitions_service_records", event.model_dump_json().encode())
    assert await replay_aside(url) == 1
    assert await history() == ["submit", "task_done"]
    async with bus.connect(url, "admin") as admin:
        left = await all_aside(admin)
        assert [aside.message for aside in left] == [b"no event at all"]
        await admin.jetstream().delete_msg("dead", left[0].seq)
