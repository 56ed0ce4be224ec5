"""GET /me."""

from services.directory.house import House
from services.directory.schemas.me import Me
from shared.kernel.actor import Role
from tests.services.directory.town import Town


async def me(town: Town, person: str) -> Me:
    answer = await town.get(person, "/me")
    assert answer.status_code == 200, answer.text
    found = Me.model_validate_json(answer.content)
    assert found.model_dump(mode="json") == answer.json()
    return found


async def test_a_resident_learns_who_answers_for_their_home(town: Town) -> None:
    found = await me(town, "resident")
    assert (found.person.id, found.person.name) == (town.ids["resident"], "李秀英")
    assert found.home is not None and found.home.area.name == "1号楼"
    assert [step.name for step in found.home.path] == ["测试区", "测试街道", "甲社区", "第一网格", "和平小区", "1号楼"]
    assert found.tenant.name == "甲社区"
    assert [(officer.kind, officer.person.name) for officer in found.officers] == [
        ("building_head", "马桂兰"),
        ("grid_officer", "阿依古丽"),
        ("community_party_secretary", "周建国"),
    ]
    (role,) = found.roles
    assert role.role is Role.RESIDENT and role.organisation is None
    assert role.area is not None and role.area.name == "甲社区"


async def test_who_lives_elsewhere_has_no_home_but_a_tenant(town: Town) -> None:
    found = await me(town, "worker")
    assert (found.home, found.officers, found.tenant.name) == (None, [], "乙社区")
    (role,) = found.roles
    assert role.role is Role.ORGANISATION_STAFF and role.area is None
    assert role.organisation is not None and role.organisation.name == "平安物业"


async def test_a_token_outlives_no_person(town: Town, house: House) -> None:
    headers = {"authorization": f"Bearer {await town.token('resident')}"}
    await house.pool.execute("update person set erased = true where id = $1", town.ids["resident"])
    answer = await town.api.get("/api/v1/me", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


async def test_it_takes_no_parameters(town: Town) -> None:
    answer = await town.get("resident", "/me", verbose="1")
    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == ["verbose"]
