"""Plays one opening of the past with everybody's part in it: by the service's own actions, each in the name of who
does it, on a clock that stands where it stood then. The award is the worker's own action, at its time."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from deploy.demo.chance import between
from deploy.demo.changzheng.year.alone import Alone
from deploy.demo.changzheng.year.courses import Cast
from deploy.demo.changzheng.year.services import DemoService, End, Part
from services.volunteers.actions import commands
from services.volunteers.actions.awarding_now import award_now
from services.volunteers.actions.claim import claim
from services.volunteers.actions.finishing import finish_due
from services.volunteers.actions.handle import Decide, act
from services.volunteers.actions.open import Offer, open_opening
from services.volunteers.domain.states import Action
from services.volunteers.house import House
from services.volunteers.queries.openings import read_code
from shared.infra.idempotency import Once
from shared.kernel.actor import Actor
from shared.kernel.clock import BEIJING, MovedClock

_AS_IT_COMES = Once(None, b"")  # the transaction is what makes it happen once
_ANNOUNCED = timedelta(days=3)


class Meeting:
    """One opening from its announcement to the award."""

    def __init__(self, house: House, alone: Alone, cast: Cast, service: DemoService, now: datetime) -> None:
        day = now.astimezone(BEIJING) - timedelta(days=service.days_ago)
        self.starts = day.replace(hour=service.hour, minute=0, second=0, microsecond=0)
        self.ends = self.starts + timedelta(hours=service.lasts_hours)
        self.clock = MovedClock(self.starts - _ANNOUNCED)
        self.house: House = replace(house, pool=alone, clock=self.clock)
        self.alone, self.cast, self.service = alone, cast, service
        self.leader = cast.actors[service.leader_key]
        self.id = UUID(int=0)

    async def play(self) -> None:
        """Everything, in the order in which it happened to all of them."""
        service = self.service
        offer = Offer(
            service.kind, None, self.cast.ids[service.area_key], service.title, service.text, self.starts, self.ends,
            service.capacity, service.points,
        )  # fmt: skip
        self.id = _id(await open_opening(self.house, self.leader, offer, _AS_IT_COMES, None))
        records = [(part, await self._claim(part)) for part in service.parts]
        for part, record in records:
            if part.end is End.CANCELLED:
                await self._cancel(part, record)
        there = [(part, record) for part, record in records if part.end is not End.CANCELLED]
        for action, at in ((Action.CHECK_IN, self.starts), (Action.CHECK_OUT, self.ends)):
            for part, record in there:
                await self._show_up(action, at, part, record)
        self._at(self.ends + timedelta(minutes=10))
        await finish_due(self.house)
        await self._report(there)
        await award_now(self.house, [record for part, record in there if part.end is End.AWARDED])

    async def _claim(self, part: Part) -> UUID:
        self._at(self.clock.at + timedelta(minutes=between(5, 120, "claims", part.person_key, self.service.title)))
        return _id(await claim(self.house, self._person(part), self.id, _AS_IT_COMES, None))

    async def _cancel(self, part: Part, record: UUID) -> None:
        self._at(max(self.clock.at, self.starts - timedelta(hours=20)))
        await self._do(Action.CANCEL, self._person(part), record, commands.cancel(part.words))

    async def _show_up(self, action: Action, at: datetime, part: Part, record: UUID) -> None:
        """A few minutes before or after the hour, with the code that the leader shows then."""
        self._at(
            max(self.clock.at, at + timedelta(minutes=between(-8, 4, action, part.person_key, self.service.title)))
        )
        code = await read_code(self.alone, self.leader, self.id, self.clock.now())
        decide = commands.check_in if action is Action.CHECK_IN else commands.check_out
        await self._do(action, self._person(part), record, decide(code.text))

    async def _report(self, there: list[tuple[Part, UUID]]) -> None:
        """People say what they did, then the leader looks at it in the evening."""
        said = [(part, record) for part, record in there if part.end is not End.CHECKED_OUT]
        for part, record in said:
            await self._do(Action.SUBMIT, self._person(part), record, commands.submit(self.house, part.words, ()))
        self._at(self.clock.at + timedelta(minutes=40))
        for part, record in said:
            if part.end is End.AWARDED:
                await self._do(Action.APPROVE, self.leader, record, commands.approve)
            elif part.end is End.REJECTED:
                await self._do(Action.REJECT, self.leader, record, commands.reject(part.refusal))

    async def _do(self, action: Action, actor: Actor, record: UUID, decide: Decide) -> None:
        await act(self.house, actor, record, action, decide, _AS_IT_COMES, None)

    def _person(self, part: Part) -> Actor:
        return self.cast.actors[part.person_key]

    def _at(self, moment: datetime) -> None:
        self.clock.at = moment


def _id(body: bytes) -> UUID:
    made: dict[str, Any] = orjson.loads(body)
    return UUID(made["id"])
