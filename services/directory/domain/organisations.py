"""What an organisation is, and what may be done to it. The rules alone; actions/organisations carries them out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any
from uuid import UUID

from services.directory.domain import credit_code
from services.directory.domain.kinds import OrganisationKind
from services.directory.domain.permissions import may_shape, works_for
from shared.kernel.actor import Actor
from shared.kernel.errors import FieldProblem
from shared.kernel.words import Word


class FormationStatus(Word):
    """How far those who live there have come with forming it (业主大会和业主委员会指导规则, 建房〔2009〕274号)."""

    NONE = "none", "未成立"
    PREPARING = "preparing", "筹备中"
    FORMED = "formed", "已成立"
    COULD_NOT_BE_FORMED = "could_not_be_formed", "未能成立"  # an election that failed; another may follow
    TERM_ENDED = "term_ended", "届满待换届"


class Keeping(Word):
    """Everything that can be done to an organisation."""

    UPDATE = "update", "修改"
    CORRECT = "correct", "更正联系方式"
    ASSIGN = "assign", "分配职责和包联"
    MERGE = "merge", "合并"
    CLOSE = "close", "撤销"


def allowed_actions(actor: Actor, organisation_id: UUID, path: Sequence[UUID], *, closed: bool) -> list[Keeping]:
    """What the caller may do to the organisation that is kept at the end of `path`."""
    if closed:
        return []
    if may_shape(actor, path, tenant=False):
        return list(Keeping)
    return [Keeping.CORRECT] if works_for(actor, organisation_id) else []


@dataclass(frozen=True, slots=True)
class Hours:
    """Open on these days of the week (1 Monday … 7 Sunday, ISO 8601) between two times of the day."""

    days: tuple[int, ...]
    opens: time
    closes: time

    def plain(self) -> dict[str, Any]:
        return {"days": list(self.days), "opens": f"{self.opens:%H:%M}", "closes": f"{self.closes:%H:%M}"}


@dataclass(frozen=True, slots=True)
class Contact:
    """How an organisation is reached by everybody: its public telephone and address, and when it is open."""

    phone: str | None = None
    address: str | None = None
    hours: tuple[Hours, ...] = ()

    def columns(self) -> dict[str, Any]:
        return {"phone": self.phone, "address": self.address, "opening_times": [one.plain() for one in self.hours]}


@dataclass(frozen=True, slots=True)
class Responsibility:
    """The organisation handles what has this category (and what lies below it) at this level, a kind of area."""

    category: str
    level: str

    def plain(self) -> dict[str, str]:
        return {"category": self.category, "level": self.level}


def covering(category: str) -> list[str]:
    """The keys under which somebody may be responsible for a category: a path of names, the whole of it first."""
    for mark in "/.":
        if mark in category:
            parts = category.split(mark)
            return [mark.join(parts[:length]) for length in range(len(parts), 0, -1)]
    return [category]


def formation(kind: OrganisationKind, status: FormationStatus | None) -> FormationStatus | None:
    """Where an organisation stands that has to be formed: there, unless something else is said."""
    return (status or FormationStatus.FORMED) if kind.formed else None


def credit_code_problem(pointer: str, code: str) -> FieldProblem | None:
    """What is wrong with a code, in its canonical form. Which check character it should be is not told: whoever copied
    a character wrong is to look at the certificate, not to make the sum come out."""
    if not credit_code.has_form(code):
        zh = "应为 18 位数字和大写字母（没有 I、O、S、V、Z），第 3–8 位为数字"
        en = "18 digits and capitals (no I, O, S, V, Z), digits at places 3 to 8"
        return FieldProblem(pointer, "credit_code_form", zh, en)
    if not credit_code.checks_out(code):
        zh = "第 18 位校验码不符，请对照证照逐位核对"
        en = "the check character (place 18) does not fit: compare every character with the certificate"
        return FieldProblem(pointer, "credit_code_check", zh, en)
    return None
