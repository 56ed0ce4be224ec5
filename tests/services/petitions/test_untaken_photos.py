"""What nobody used within a week is gone, file and row; what was taken or is young stays."""

from datetime import UTC, datetime, timedelta

from deploy.journey import photo_of
from services.petitions.actions.forgetting import forget_untaken
from tests.support.world import World


async def test_a_photo_that_nothing_took_is_forgotten_after_a_week_and_no_other(world: World) -> None:
    house = world.assembly.app("petitions").state.house
    taken, left = [
        (await world.resident.post("/attachments", files={"file": ("a.jpg", photo_of(word), "image/jpeg")})).json()
        for word in ("用了", "没用")
    ]
    body = {"text": "路灯不亮", "location": world.location(), "attachments": [taken["id"]]}
    assert (await world.resident.post("/petitions", body)).status_code == 201

    async def shown(photo: dict[str, str]) -> set[int]:
        return {(await world.resident.client.get(photo[link])).status_code for link in ("url", "thumbnail_url")}

    now = datetime.now(UTC)
    await forget_untaken(house, now + timedelta(days=6))
    assert await shown(left) == {200}
    while await forget_untaken(house, now + timedelta(days=8)):
        pass  # a batch at a time; other tests leave photos too
    assert (await shown(left), await shown(taken)) == ({404}, {200})
    body["attachments"] = [left["id"]]
    assert (await world.resident.post("/petitions", body)).status_code == 422
