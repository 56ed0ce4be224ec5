"""Units and their members enrol in communities, are told to, and end it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.directory.actions.parties import area_for, belongs, organisation_for, person_for
from services.directory.actions.records import Writing, carry_out, check_term
from services.directory.domain.enrolments import EnrolmentState, enrolling_as, state_of
from services.directory.domain.errors import AlreadyEnded, wrong
from services.directory.domain.plan import Row
from services.directory.house import House
from services.directory.queries import enrolments
from shared.infra.idempotency import Once
from shared.kernel.actor import Actor
from shared.kernel.errors import NotFound

_LAST = """
select * from enrolment where tenant_id = $1 and organisation_id = $2 and person_id is not distinct from $3
 order by ends_on desc nulls first limit 1 for update
"""
_ENROLMENT = """
select e.*, t.ancestors || t.id as path from enrolment e
  join area t on t.tenant_id = e.tenant_id and t.id = e.tenant_id where e.id = $1 for update of e
"""


@dataclass(frozen=True, slots=True)
class NewEnrolment:
    """An organisation, or a member of it, in a community: is told to enrol, or has enrolled (today, unless said)."""

    community_id: UUID
    organisation_id: UUID
    person_id: UUID | None
    state: EnrolmentState
    on: date | None


async def enrol(house: House, actor: Actor, new: NewEnrolment, once: Once) -> bytes:
    """Tells somebody to enrol, or notes that they have; who was told and has enrolled has one enrolment for both."""

    async def work(writing: Writing) -> UUID:
        organisation = await organisation_for(writing, new.organisation_id, "/organisation_id", lock=True)
        community = await area_for(writing, new.community_id, "/community_id", organisation["tenant_id"])
        if community["kind"] != "community":
            raise wrong("/community_id", "not_a_community", "只能向社区报到", "one enrols in a community")
        whose = new.organisation_id, new.person_id
        writing.role = enrolling_as(actor, community["path"], *whose, new.state)
        on = new.on or writing.day
        if on > writing.day:
            raise wrong("/on", "future", "不能晚于今天", "cannot be later than today")
        await _check_member(writing, new, organisation, community, on)
        last = await writing.row(_LAST, community["id"], *whose)
        row = _next(new, last, on) or {
            "tenant_id": community["id"],
            "id": writing.new_id(),
            "version": 1,
            "organisation_id": new.organisation_id,
            "person_id": new.person_id,
            "told_on": on if new.state is EnrolmentState.TOLD else None,
            "starts_on": on if new.state is EnrolmentState.ENROLLED else None,
            "ends_on": None,
        }
        await writing.store("enrolment", row)
        await writing.note("enrolment", row, "tell" if new.state is EnrolmentState.TOLD else "enrol", on=on)
        return UUID(str(row["id"]))

    return await _shown(house, actor, await carry_out(house, actor, once, work))


async def end(house: House, actor: Actor, enrolment_id: UUID, ends_on: date | None, once: Once) -> bytes:
    """It holds no longer from that day on (today)."""

    async def work(writing: Writing) -> UUID:
        row = await writing.row(_ENROLMENT, enrolment_id)
        if row is None or not await enrolments.is_seen(writing.connection, actor, enrolment_id):
            raise NotFound
        whose = row["organisation_id"], row["person_id"]
        writing.role = enrolling_as(actor, row.pop("path"), *whose, EnrolmentState.ENDED)
        state = state_of(row["starts_on"], row["ends_on"], writing.day)
        if state is EnrolmentState.ENDED:
            raise AlreadyEnded(state=state, allowed_actions=[], ends_on=str(row["ends_on"]))
        last = ends_on or writing.day
        check_term(row["starts_on"] or row["told_on"], last)
        changed = row | {"ends_on": last, "version": row["version"] + 1}
        await writing.store("enrolment", changed)
        await writing.note("enrolment", changed, "end", ends_on=last)
        return enrolment_id

    return await _shown(house, actor, await carry_out(house, actor, once, work))


async def _check_member(writing: Writing, new: NewEnrolment, organisation: Row, community: Row, on: date) -> None:
    """A person enrols as a member of the organisation, and where they live, as far as that is known."""
    if new.person_id is None:
        return
    person = await person_for(writing, new.person_id, organisation, "/person_id")
    if not await belongs(writing, new.organisation_id, new.person_id, on):
        zh, en = f"此人不是“{organisation['name']}”的成员", f"they do not belong to “{organisation['name']}”"
        raise wrong("/person_id", "not_a_member", zh, en)
    if person["home_tenant_id"] not in (None, community["id"]):
        zh, en = f"此人不住在“{community['name']}”", f"they do not live in “{community['name']}”"
        raise wrong("/community_id", "not_at_home", zh, en)


def _next(new: NewEnrolment, last: Row | None, on: date) -> Row | None:
    """What becomes of the last enrolment of the same; None when a new one begins."""
    if last is None:
        return None
    whose = "/organisation_id" if new.person_id is None else "/person_id"
    if last["ends_on"] is not None:
        if on < last["ends_on"]:
            zh, en = f"上一次报到到 {last['ends_on']} 才结束", f"the one before holds until {last['ends_on']}"
            raise wrong("/on", "overlap", zh, en)
        return None
    if last["starts_on"] is not None or new.state is EnrolmentState.TOLD:
        raise wrong(whose, "duplicate", "已经报到或已经通知", "enrolled or told already")
    if on < last["told_on"]:
        raise wrong("/on", "before_told", "早于通知的日期", "earlier than they were told")
    return last | {"starts_on": on, "version": last["version"] + 1}


async def _shown(house: House, actor: Actor, id: UUID) -> bytes:
    body, _ = await enrolments.detail(house.pool, actor, id, house.today())
    return body
