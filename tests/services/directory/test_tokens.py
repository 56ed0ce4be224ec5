"""actions/tokens: who somebody is when they get a token."""

from datetime import date

import pytest

from services.directory.actions.tokens import actor_for, person_by_key
from services.directory.house import House
from shared.kernel.actor import Grant, Role
from shared.kernel.errors import NotFound
from shared.kernel.ids import new_id
from tests.services.directory.town import Town


async def test_an_actor_has_the_roles_and_the_home_of_the_person(town: Town, house: House) -> None:
    resident = await actor_for(house.pool, town.ids["resident"])
    assert resident.grants == (Grant(Role.RESIDENT, area_id=town.ids["here"]),)
    assert resident.home_id == town.ids["building"]
    worker = await actor_for(house.pool, town.ids["worker"])
    assert worker.grants == (Grant(Role.ORGANISATION_STAFF, organisation_id=town.ids["property"]),)
    assert worker.home_id is None


@pytest.mark.parametrize(
    "starts, ends, on, counts",
    [
        (None, None, date(1990, 1, 1), True),
        (date(2026, 3, 2), None, date(2026, 3, 1), False),
        (date(2026, 3, 2), None, date(2026, 3, 2), True),
        (None, date(2026, 3, 2), date(2026, 3, 1), True),
        (None, date(2026, 3, 2), date(2026, 3, 2), False),
    ],
)
async def test_a_role_counts_from_its_first_day_until_the_day_before_its_end(
    town: Town, house: House, starts: date | None, ends: date | None, on: date, counts: bool
) -> None:
    await house.pool.execute(
        "update role_grant set starts_on = $2, ends_on = $3 where person_id = $1", town.ids["head"], starts, ends
    )
    actor = await actor_for(house.pool, town.ids["head"], on)
    assert bool(actor.grants) == counts


async def test_a_person_is_found_by_the_key_of_the_seed(town: Town, house: House) -> None:
    assert await person_by_key(house.pool, f"{town.name}/head") == town.ids["head"]


async def test_nobody_is_not_found(town: Town, house: House) -> None:
    with pytest.raises(NotFound):
        await person_by_key(house.pool, "nobody")
    with pytest.raises(NotFound):
        await actor_for(house.pool, new_id())
    await house.pool.execute("update person set erased = true where id = $1", town.ids["head"])
    with pytest.raises(NotFound):
        await actor_for(house.pool, town.ids["head"])
    with pytest.raises(NotFound):
        await person_by_key(house.pool, f"{town.name}/head")
