"""The worker: what a load has to tell reaches the bus."""

import orjson

from services.directory import worker
from services.directory.house import House
from shared.infra import bus
from shared.infra.worker import running
from tests.services.directory.town import Town


async def test_a_load_is_told_on_the_bus_once(town: Town, house: House, environment: dict[str, str]) -> None:
    await bus.ensure_streams(environment["LINLI_BUS_URL"], ["directory"], [])
    async with (
        bus.connect(environment["LINLI_BUS_URL"], "admin") as listener,
        bus.connect(environment["LINLI_DIRECTORY_BUS_URL"], "directory") as client,
    ):
        # The stream keeps what it has: a listener that comes later hears it all the same.
        heard = await listener.jetstream().subscribe("directory.directory.changed", ordered_consumer=True)
        events = []
        async with running(worker.jobs(house, client)):
            while not events or events[-1]["aggregate_id"] != str(town.ids["district"]):
                events.append(orjson.loads((await heard.next_msg(timeout=20)).data))
    assert len({event["id"] for event in events}) == len(events)
    assert events[-1]["type"] == "directory.changed"
    assert set(events[-1]["payload"]["kinds"]) == {"area", "organisation", "person", "office"}
