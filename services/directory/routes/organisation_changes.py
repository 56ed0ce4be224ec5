"""Organisations are entered, changed, merged and closed; they get responsibilities, and areas to support."""

from uuid import UUID

from starlette.responses import Response

from services.directory.actions import organisations, supports
from services.directory.actions.organisation_merging import merge
from services.directory.domain.errors import (
    CreditCodeTaken,
    CreditCodeTakenElsewhere,
    NotYours,
    OrganisationClosed,
    OrganisationInUse,
    OrganisationNotYours,
    OrganisationsStayApart,
    SimilarOrganisations,
)
from services.directory.domain.permissions import CORRECTORS, KEEPERS, Relation
from services.directory.house import Call
from services.directory.schemas import examples, organisation_examples
from services.directory.schemas.organisation_changes import (
    AssignedResponsibilities,
    ChangedOrganisation,
    CloseOrganisation,
    EndSupport,
    MergeOrganisations,
    NewOrganisation,
    NewSupport,
    PublicContact,
)
from services.directory.schemas.organisations import OrganisationDetail
from shared.infra.idempotency import Once
from shared.infra.web.routes import Reach, Routes

routes = Routes("organisations")

_KEEPER = frozenset({Relation.KEEPER})
_TAKEN = (CreditCodeTaken, CreditCodeTakenElsewhere)


def _once(call: Call) -> Once:
    return Once(call.idempotency_key, call.fingerprint(call.content))


@routes.post(
    "/organisations",
    summary="登记单位 · Enter an organisation",
    raises=(OrganisationNotYours, NotYours, *_TAKEN, SimilarOrganisations),
    sends=organisation_examples.NEW_ORGANISATION,
    who=_KEEPER,
    roles=KEEPERS,
    reach=Reach.TENANT,
    answer=OrganisationDetail,
    status=201,
    example=organisation_examples.ORGANISATION_DETAIL,
)
async def create_organisation(call: Call, body: NewOrganisation) -> Response:
    """Enter an organisation that a community, street or district keeps.

    A unified social credit code that somebody has already is refused. A similar name or alias there or above is a 409
    `directory.similar_organisations` with the candidates, unless `confirm_new` says that somebody has looked.
    """
    made = await organisations.create(
        call.house, call.actor, body.tenant_id, body.description(), _once(call), confirm_new=body.confirm_new
    )
    return call.answer(made, status=201)


@routes.put(
    "/organisations/{organisation_id}",
    summary="修改单位 · Change an organisation",
    raises=(OrganisationNotYours, NotYours, OrganisationClosed, *_TAKEN),
    sends=organisation_examples.CHANGED_ORGANISATION,
    who=_KEEPER,
    roles=KEEPERS,
    reach=Reach.TENANT,
    answer=OrganisationDetail,
    example=organisation_examples.ORGANISATION_DETAIL,
)
async def change_organisation(call: Call, organisation_id: UUID, body: ChangedOrganisation) -> Response:
    """Change what an organisation is and which areas it serves. The whole of it, over the version that was read.

    Whoever adds an area looks after it: staff of the organisation will see what lies there.
    """
    changed = await organisations.change(
        call.house, call.actor, organisation_id, call.known_version, body.description(), _once(call)
    )
    return call.answer(changed)


@routes.put(
    "/organisations/{organisation_id}/contact",
    summary="更正单位的联系方式 · Correct how an organisation is reached",
    raises=(OrganisationNotYours, OrganisationClosed),
    sends=organisation_examples.CONTACT,
    who=frozenset({Relation.KEEPER, Relation.OWN_STAFF}),
    roles=CORRECTORS,
    reach=Reach.TENANT,
    answer=OrganisationDetail,
    example=organisation_examples.ORGANISATION_DETAIL,
)
async def correct_organisation(call: Call, organisation_id: UUID, body: PublicContact) -> Response:
    """Correct telephone, address and opening times; the organisation's own staff may, too."""
    changed = await organisations.correct(
        call.house, call.actor, organisation_id, call.known_version, body.contact(), _once(call)
    )
    return call.answer(changed)


@routes.put(
    "/organisations/{organisation_id}/responsibilities",
    summary="设定职责清单 · Set what an organisation is responsible for",
    raises=(OrganisationNotYours, OrganisationClosed),
    sends=organisation_examples.RESPONSIBILITIES,
    who=_KEEPER,
    roles=KEEPERS,
    reach=Reach.TENANT,
    answer=OrganisationDetail,
    example=organisation_examples.ORGANISATION_DETAIL,
)
async def assign_responsibilities(call: Call, organisation_id: UUID, body: AssignedResponsibilities) -> Response:
    """Set the whole list of categories and levels 职责清单 by which petitions are dispatched to it."""
    changed = await organisations.assign(
        call.house, call.actor, organisation_id, call.known_version, body.wanted(), _once(call)
    )
    return call.answer(changed)


@routes.post(
    "/organisations/{organisation_id}/merge",
    summary="合并单位 · Merge organisations",
    raises=(OrganisationNotYours, OrganisationClosed, OrganisationsStayApart),
    sends=organisation_examples.MERGE_ORGANISATIONS,
    who=_KEEPER,
    roles=KEEPERS,
    reach=Reach.TENANT,
    answer=OrganisationDetail,
    example=organisation_examples.ORGANISATION_DETAIL,
)
async def merge_organisations(call: Call, organisation_id: UUID, body: MergeOrganisations) -> Response:
    """Take other organisations that the same place keeps into this one; they are closed and lead to it.

    Names, served areas, responsibilities, supports, members, roles and what belongs to them follow, and so do the
    petitions that they hold. Nobody has anything twice afterwards.
    """
    merged = await merge(call.house, call.actor, organisation_id, body.organisation_ids, _once(call))
    return call.answer(merged)


@routes.post(
    "/organisations/{organisation_id}/close",
    summary="撤销单位 · Close an organisation",
    raises=(OrganisationNotYours, OrganisationClosed, OrganisationInUse),
    sends=examples.NOTHING,
    who=_KEEPER,
    roles=KEEPERS,
    reach=Reach.TENANT,
    answer=OrganisationDetail,
    example=organisation_examples.ORGANISATION_DETAIL,
)
async def close_organisation(call: Call, organisation_id: UUID, body: CloseOrganisation) -> Response:
    """Close an organisation to which no other belongs (409 `directory.organisation_in_use` otherwise).

    Nothing is deleted; memberships, roles and supports end today.
    """
    return call.answer(await organisations.close(call.house, call.actor, organisation_id, _once(call)))


@routes.post(
    "/organisations/{organisation_id}/supports",
    summary="分配包联 · Assign an organisation to support an area",
    raises=(NotYours, OrganisationClosed),
    sends=organisation_examples.NEW_SUPPORT,
    who=_KEEPER,
    roles=KEEPERS,
    reach=Reach.TENANT,
    answer=OrganisationDetail,
    example=organisation_examples.ORGANISATION_DETAIL,
)
async def support_area(call: Call, organisation_id: UUID, body: NewSupport) -> Response:
    """Assign an organisation to support an area 包联: whoever looks after the area does."""
    assigned = await supports.support(
        call.house, call.actor, organisation_id, body.area_id, body.starts_on, _once(call)
    )
    return call.answer(assigned)


@routes.post(
    "/organisations/{organisation_id}/supports/{support_id}/end",
    summary="结束包联 · End the support of an area",
    raises=(NotYours, OrganisationClosed),
    sends=organisation_examples.END_SUPPORT,
    who=_KEEPER,
    roles=KEEPERS,
    reach=Reach.TENANT,
    answer=OrganisationDetail,
    example=organisation_examples.ORGANISATION_DETAIL,
)
async def end_support_of_area(call: Call, organisation_id: UUID, support_id: UUID, body: EndSupport) -> Response:
    """End an assigned support 包联 today or on a later day. It stays in the list of what the organisation did."""
    ended = await supports.end_support(call.house, call.actor, organisation_id, support_id, body.ends_on, _once(call))
    return call.answer(ended)
