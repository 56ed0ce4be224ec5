"""Records of one and the same person are found and made one."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from services.directory.actions.merge_people import merge
from services.directory.domain.errors import BeyondYourRank, NotToYourself, PersonMerged, RoleEnded
from services.directory.domain.people import MERGERS
from services.directory.house import Call
from services.directory.queries.duplicates import duplicates
from services.directory.schemas import people_examples as examples
from services.directory.schemas.people import DuplicateList, DuplicateQuery, MergePeople, PersonDetail
from shared.infra.idempotency import Once
from shared.infra.web.routes import Reach, Routes

routes = Routes("people")


@routes.get(
    "/people/duplicates",
    summary="可能重复的人员 · List people who may have been entered twice",
    roles=MERGERS,
    reach=Reach.AREA,
    answer=DuplicateList,
    example=examples.DUPLICATES,
)
async def list_duplicates(call: Call, query: Annotated[DuplicateQuery, Query()]) -> Response:
    """People of the caller's communities with the same telephone, the same identity number, or the same name, year of
    birth and home. Families share telephones: whether two records are one person is for staff to say.
    """
    return call.answer(await duplicates(call.house.pool, call.actor, query.area, query.limit, query.cursor))


@routes.post(
    "/people/{person_id}/merge",
    summary="合并重复的人员 · Merge records of one person",
    raises=(RoleEnded, PersonMerged, BeyondYourRank, NotToYourself),
    sends=examples.MERGE_PEOPLE,
    roles=MERGERS,
    reach=Reach.AREA,
    answer=PersonDetail,
    example=examples.PERSON,
)
async def merge_people(call: Call, person_id: UUID, body: MergePeople) -> Response:
    """Take other records of the same person into this one; they lead to it from then on.

    What this record does not know, offices, memberships, roles and household follow. Roles beyond those that everybody
    may have follow only by whom they could be given: 403 `directory.beyond_your_rank`, `directory.not_to_yourself`.
    """
    once = Once(call.idempotency_key, call.fingerprint(call.content))
    merged, _ = await merge(call.house, call.actor, person_id, body.person_ids, once)
    return call.answer(merged)
