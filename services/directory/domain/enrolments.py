"""Enrolment 双向报到: where one stands, and who may tell, enrol and end.

A unit may be told to enrol, and so may each of its members; who is told and does not is what the unit wants to know.
Nobody is enrolled by the employer: a member does it, or the community notes that they have come.
"""

from datetime import date
from uuid import UUID

from services.directory.domain.errors import NotYours
from services.directory.domain.ties import ORGANISERS, role_in, works_for
from shared.kernel.actor import Actor, Role
from shared.kernel.words import Word


class EnrolmentState(Word):
    """Where an enrolment stands on a day."""

    TOLD = "told", "已通知"
    ENROLLED = "enrolled", "已报到"
    ENDED = "ended", "已结束"


def state_of(starts_on: date | None, ends_on: date | None, day: date) -> EnrolmentState:
    """`ends_on` is the first day on which it no longer holds."""
    if ends_on is not None and ends_on <= day:
        return EnrolmentState.ENDED
    return EnrolmentState.TOLD if starts_on is None else EnrolmentState.ENROLLED


def enrolling_as(
    actor: Actor, path: list[UUID], organisation_id: UUID, person_id: UUID | None, wanted: EnrolmentState
) -> str:
    """The role in which the caller brings an enrolment in the community at the end of `path` to that state.

    Those who work in the community note everything; a unit's staff enrol the unit, tell its members, and end; a person
    enrols and ends for themselves. Raises NotYours.
    """
    found = role_in(actor, ORGANISERS, path)
    if found is None and (person_id is None or wanted is not EnrolmentState.ENROLLED):
        found = works_for(actor, organisation_id)
    if found is None and person_id == actor.person_id and wanted is not EnrolmentState.TOLD:
        found = "oneself"
    if found is None:
        raise NotYours(needed_roles=sorted(ORGANISERS | {Role.ORGANISATION_STAFF}))
    return found
