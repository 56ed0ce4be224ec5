"""Who may do what with people's records. The rules alone; actions/people carries them out.

A person is kept by one community (street, district); its staff see them. Whoever looks after a part of it sees those of
them who live there. To everybody else a person is a name at most.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.directory.domain.contact import Field
from shared.kernel.actor import STAFF, Actor, Role
from shared.kernel.words import Word

#: Who keeps the register: enters and corrects people, and may be given what is masked.
REGISTRARS: frozenset[Role] = STAFF | {Role.GRID_OFFICER}
#: Who may take in whole files.
IMPORTERS: frozenset[Role] = frozenset({Role.COMMUNITY_ADMIN, Role.STREET_STAFF})
#: Who finds records of one and the same person, and makes one of them.
MERGERS: frozenset[Role] = STAFF
#: Who may see which fields were shown to whom.
AUDITORS: frozenset[Role] = STAFF | {Role.OVERSIGHT}
#: Who is told that somebody is a member of the party: the community's administrators, who run the double enrolment
#: 双向报到 and the members' service posts. Whoever else needs it holds one of the offices below, in the person's area
#: or above it. Building heads, grid officers and ordinary staff settle the same matters for everybody.
PARTY_KEEPERS: frozenset[Role] = frozenset({Role.COMMUNITY_ADMIN})
PARTY_OFFICES = ("community_party_secretary", "first_secretary", "council_secretary", "party_group_leader")


class Doing(Word):
    """Everything that can be done with a person's record."""

    UPDATE = "update", "修改"
    REVEAL = "reveal", "查看完整信息"
    MERGE = "merge", "合并重复记录"


class Reason(Word):
    """Why somebody is given what is masked. What it was about in particular goes into the note."""

    PETITION = "petition", "办理诉求"
    SERVICE = "service", "上门服务或走访"
    EMERGENCY = "emergency", "紧急联系"
    VERIFICATION = "verification", "核对登记信息"
    OWN_REQUEST = "own_request", "本人要求"


@dataclass(frozen=True, slots=True)
class Record:
    """What the register says of a person, besides what is sealed."""

    name: str
    home_id: UUID | None
    birth_year: int | None  # None, here and below: leaves what is there
    party_member: bool | None  # not everybody is told
    skills: tuple[str, ...]
    work_organisation_id: UUID | None


def allowed_actions(actor: Actor, path: Sequence[UUID]) -> list[Doing]:
    """What the caller may do with the record of a person at the end of `path`."""
    may = dict.fromkeys(Doing, REGISTRARS) | {Doing.MERGE: MERGERS}
    return [doing for doing in Doing if actor.area_roots(may[doing]).intersection(path)]


def acting_as(actor: Actor, path: Sequence[UUID], roles: frozenset[Role]) -> Role | None:
    """The role in which the caller acts on a person at the end of `path`; None when there is none."""
    return next((grant.role for grant in actor.grants if grant.role in roles and grant.area_id in path), None)


def ages(birth_year: int | None, day: date) -> bool:
    """Whether somebody can have been born in that year."""
    return birth_year is None or 1850 <= birth_year <= day.year


def shown_fields(fields: Sequence[Field]) -> list[Field]:
    """The fields of a reveal, each once and in one order, so that equal wishes are equal."""
    return [field for field in Field if field in fields]
