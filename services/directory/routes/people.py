"""People of the register: lists, look-up, one person, what is masked and who was given it."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from services.directory.actions import people as actions
from services.directory.actions.reveal import reveal
from services.directory.domain import contact
from services.directory.domain.days import day_of
from services.directory.domain.errors import PersonMerged, RoleEnded
from services.directory.domain.people import AUDITORS, PARTY_KEEPERS, REGISTRARS
from services.directory.house import Call
from services.directory.queries import histories, people, people_lists
from services.directory.schemas import people_examples as examples
from services.directory.schemas.histories import History
from services.directory.schemas.people import (
    AccessLog,
    ChangedPerson,
    LookUp,
    NewPerson,
    PersonDetail,
    PersonList,
    PersonListQuery,
    Reveal,
    Revealed,
)
from shared.infra.idempotency import Once
from shared.infra.web.routes import Reach, Routes
from shared.infra.web.types import ListQuery
from shared.kernel.errors import Invalid

routes = Routes("people")


def _once(call: Call) -> Once:
    return Once(call.idempotency_key, call.fingerprint(call.content))


@routes.get(
    "/people",
    summary="人员列表 · List people",
    roles=REGISTRARS,
    reach=Reach.AREA,
    answer=PersonList,
    example=examples.PEOPLE,
)
async def list_people(call: Call, query: Annotated[PersonListQuery, Query()]) -> Response:
    """People whom the caller looks after, newest first: all whom a community keeps, or who is at home in a part of it.

    `q=` is how a name begins. By telephone or identity number they are found with `POST /people/look-up`.
    """
    roots = call.actor.area_roots(REGISTRARS)
    wanted = query.area, query.q or None, query.limit, query.cursor
    return call.answer(await people_lists.people(call.house.pool, call.house.sealer, roots, *wanted))


@routes.ask(
    "/people/look-up",
    summary="按电话或身份证号查人 · Look people up",
    raises=(Invalid,),
    sends=examples.LOOK_UP,
    roles=REGISTRARS,
    reach=Reach.AREA,
    answer=PersonList,
    example=examples.PEOPLE,
)
async def look_people_up(call: Call, body: LookUp) -> Response:
    """Those of the people whom the caller looks after who have this telephone or this identity number, at most 100."""
    field, text = body.wanted()
    kept, wrong = contact.read("", {field: text}, day_of(call.house.clock.now()))
    if wrong:
        raise Invalid(fields=wrong)
    roots = call.actor.area_roots(REGISTRARS)
    return call.answer(await people_lists.look_up(call.house.pool, call.house.sealer, roots, field, kept[field] or ""))


@routes.post(
    "/people",
    summary="登记人员 · Enter a person",
    sends=examples.NEW_PERSON,
    roles=REGISTRARS,
    reach=Reach.AREA,
    answer=PersonDetail,
    status=201,
    example=examples.PERSON,
)
async def create_person(call: Call, body: NewPerson) -> Response:
    """Enter somebody who lives in the caller's area, or whom the caller's community keeps.

    Telephone, identity number, address and door are stored encrypted and shown masked from then on.
    """
    made = await actions.create(call.house, call.actor, body.record(), body.kept_by, body.texts(), _once(call))
    return call.answer(made[0], status=201)


@routes.get(
    "/people/{person_id}",
    summary="查看人员 · Read a person",
    roles=REGISTRARS,
    reach=Reach.AREA,
    answer=PersonDetail,
    example=examples.PERSON,
)
async def read_person(call: Call, person_id: UUID) -> Response:
    """One person whom the caller looks after. An id that was merged into another says into which."""
    day = day_of(call.house.clock.now())
    body, version = await people.detail(call.house.pool, call.house.sealer, call.actor, person_id, day)
    return call.answer(body, version=version)


@routes.put(
    "/people/{person_id}",
    summary="更正人员信息 · Change a person",
    raises=(PersonMerged,),
    sends=examples.CHANGED_PERSON,
    roles=REGISTRARS,
    reach=Reach.AREA,
    answer=PersonDetail,
    example=examples.PERSON,
)
async def change_person(call: Call, person_id: UUID, body: ChangedPerson) -> Response:
    """Correct a person's record. The whole of it, over the version that was read (`If-Match`), but for what is masked:
    what of that is left out stays as it is, null takes it away.
    """
    wanted = body.record(), body.texts(), _once(call)
    changed, _ = await actions.change(call.house, call.actor, person_id, call.known_version, *wanted)
    return call.answer(changed)


@routes.post(
    "/people/{person_id}/reveal",
    summary="查看完整信息 · Reveal what is masked",
    raises=(RoleEnded,),
    sends=examples.REVEAL,
    roles=REGISTRARS,
    reach=Reach.AREA,
    answer=Revealed,
    example=examples.REVEALED,
)
async def reveal_person(call: Call, person_id: UUID, body: Reveal) -> Response:
    """Give fields in full, for a reason that goes on record for ever with who asked.

    The caller's role is checked as it is at this moment, whatever the token says: 403 `directory.role_ended`.
    """
    wanted = body.wanted(), body.reason, body.note or None
    return call.answer(await reveal(call.house, call.actor, person_id, *wanted, _once(call)))


@routes.get(
    "/people/{person_id}/history",
    summary="人员信息的变更记录 · List what was done to a person's record",
    roles=PARTY_KEEPERS,
    reach=Reach.AREA,
    answer=History,
    example=examples.HISTORY,
)
async def list_person_history(call: Call, person_id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    """What was done to a person's record and by whom, newest first: which fields, never what stood in them."""
    roots, which = call.actor.area_roots(PARTY_KEEPERS), (query.limit, query.cursor)
    return call.answer(await histories.history(call.house.pool, roots, "person", person_id, *which))


@routes.get(
    "/people/{person_id}/access-log",
    summary="个人信息查看记录 · List who was given what is masked",
    roles=AUDITORS,
    reach=Reach.AREA,
    answer=AccessLog,
    example=examples.ACCESS_LOG,
)
async def list_person_accesses(call: Call, person_id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    """To whom fields of a person were given in full, which and why, newest first."""
    roots = call.actor.area_roots(AUDITORS)
    page = await people.access_log(call.house.pool, call.house.sealer, roots, person_id, query.limit, query.cursor)
    return call.answer(page)
