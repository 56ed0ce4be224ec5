"""Plays one petition of the year from its submission to where its course ends: by the service's own actions, each in
the name of who does it, on a clock that stands where it stood then."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from deploy.demo.chance import pick
from deploy.demo.changzheng.cast import person_key
from deploy.demo.changzheng.year.petitions import DemoPetition
from services.petitions.actions import commands
from services.petitions.actions.handle import Decide, act
from services.petitions.actions.submit import Report, submit
from services.petitions.domain.states import Action
from services.petitions.house import House
from shared.infra.idempotency import Once
from shared.kernel.actor import Actor, Role
from shared.kernel.clock import BEIJING, MovedClock

_STAFF = ("community_staff", "community-staff-2", "community-staff-3", "community-staff-4")
_AS_IT_COMES = Once(None, b"")  # the transaction is what makes it happen once
_NIGHT_ENDS, _NIGHT_DAYS = 8, 2


class Cast:
    """What keys stand for: ids, and the people as they act."""

    def __init__(self, ids: dict[str, UUID], categories: dict[str, UUID], actors: dict[str, Actor]) -> None:
        self.ids, self.categories, self.actors = ids, categories, actors
        self.by_id = {actor.person_id: actor for actor in actors.values()}
        self.staff_of: dict[UUID, list[Actor]] = defaultdict(list)
        for actor in actors.values():
            for organisation_id in actor.organisations(frozenset({Role.ORGANISATION_STAFF})):
                self.staff_of[organisation_id].append(actor)

    def handlers(self, organisation_key: str) -> Sequence[Actor]:
        """Those who act for the organisation."""
        return self.staff_of[self.ids[organisation_key]]


def awake(moment: datetime) -> datetime:
    """The same day, after breakfast: what is said of people's nights is not told to their community."""
    local = moment.astimezone(BEIJING)
    return moment + timedelta(hours=9) if local.hour < _NIGHT_ENDS else moment


class Course:
    """One petition on its way; nothing happens later than now."""

    def __init__(self, house: House, cast: Cast, petition: DemoPetition, label: str, now: datetime) -> None:
        self.cast, self.petition, self.now = cast, petition, now
        submitted = now - timedelta(days=petition.age_days)
        self.submitted = awake(submitted) if petition.age_days > _NIGHT_DAYS else submitted
        self.clock = MovedClock(self.submitted)
        self.house = replace(house, clock=self.clock)
        self.reporter = cast.actors[petition.reporter_key]
        self.staff = cast.actors[person_key(pick(_STAFF, "staff", label))]
        self.label = label
        self.id = UUID(int=0)

    async def play(self) -> UUID:
        """Everything up to the end of the course; the petition's id."""
        petition = self.petition
        self.id, holder_id = await self._submit()
        officer = self.cast.by_id[holder_id]
        if petition.course == "submitted":
            return self.id
        if petition.course in ("rejected", "withdrawn"):
            await self._end_early()
            return self.id
        if petition.course == "accepted":
            await self._do(petition.took_days, Action.ACCEPT, officer, commands.accept(self.house.pool, None, None))
            return self.id
        holder = pick(self.cast.handlers(petition.lead_key), self.label) if petition.lead_key else officer
        await self._hand_over(petition.took_days if petition.course == "dispatched" else petition.respond_days)
        if petition.course == "dispatched":
            return self.id
        note = None if petition.lead_key else petition.note
        await self._do(petition.respond_days, Action.START, holder, commands.start(note))
        await self._work(holder)
        return self.id

    async def _submit(self) -> tuple[UUID, UUID]:
        petition = self.petition
        report = Report(
            lat=petition.place[0],
            lon=petition.place[1],
            coord_sys="wgs84",
            title=petition.title,
            text=petition.text,
            category_id=self.cast.categories[petition.category_key],
            attachment_ids=(),
            anonymity="none",
            channel=petition.channel,
        )
        made = orjson.loads(await submit(self.house, self.reporter, report, _AS_IT_COMES, None))
        return UUID(made["id"]), UUID(made["holder"]["id"])

    async def _end_early(self) -> None:
        petition = self.petition
        if petition.accepted:
            accept = commands.accept(self.house.pool, None, None)
            await self._do(petition.took_days * 0.5, Action.ACCEPT, self.staff, accept)
        if petition.course == "rejected":
            decide = commands.reject(str(petition.reject_reason), petition.reject_text)
            await self._do(petition.took_days, Action.REJECT, self.staff, decide)
        else:
            decide = commands.withdraw(petition.withdraw_text)
            await self._do(petition.took_days, Action.WITHDRAW, self.reporter, decide)

    async def _hand_over(self, within: float) -> None:
        """Accepted, and given to whoever is to handle it, perhaps after a detour; all within so many days."""
        petition = self.petition
        await self._do(within * 0.3, Action.ACCEPT, self.staff, commands.accept(self.house.pool, None, None))
        if petition.lead_key is None:
            return
        if petition.wrong_lead_key:
            await self._dispatch(within * 0.4, petition.wrong_lead_key, "请先到现场看看归谁管。")
        await self._dispatch(within * (0.8 if petition.wrong_lead_key else 0.5), petition.lead_key, petition.note)

    async def _dispatch(self, days: float, lead_key: str, note: str) -> None:
        petition = self.petition
        helper = petition.co_handler_key if lead_key == petition.lead_key else None
        helpers = [commands.Party("organisation", self.cast.ids[helper])] if helper else []
        lead = commands.Party("organisation", self.cast.ids[lead_key])
        await self._do(days, Action.DISPATCH, self.staff, commands.dispatch(self.house, lead, helpers, note))

    async def _work(self, holder: Actor) -> None:
        """The rounds that were disputed, then the last: resolved, and confirmed where it is closed."""
        petition = self.petition
        begun, turns = petition.respond_days, 2 * len(petition.complaints) + 1
        step = (petition.took_days - begun) / turns
        for number, complaint in enumerate(petition.complaints):
            outcome: commands.Outcome = "partly" if complaint.solved == "partly" else "solved"
            said = begun + step * (2 * number + 1)
            await self._do(said, Action.RESOLVE, holder, commands.resolve(outcome, complaint.resolve_text, ()))
            dispute = commands.dispute(complaint.solved, complaint.text)
            await self._do(said + step, Action.DISPUTE, self.reporter, dispute)
        if petition.outcome is None:
            return
        last: Any = petition.outcome
        await self._do(petition.took_days, Action.RESOLVE, holder, commands.resolve(last, petition.resolve_text, ()))
        if petition.course == "closed":
            decide = commands.confirm(petition.rating or 5, bool(petition.contacted))
            await self._do(petition.took_days + petition.confirm_days, Action.CONFIRM, self.reporter, decide)

    async def _do(self, days: float, action: Action, actor: Actor, decide: Decide) -> None:
        """So many days after it was submitted."""
        self.clock.at = max(self.clock.at, min(self.submitted + timedelta(days=days), self.now))
        await act(self.house, actor, self.id, action, decide, _AS_IT_COMES, None)
