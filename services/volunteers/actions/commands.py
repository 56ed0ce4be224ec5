"""The effects of the single actions: what each needs, what it changes, what it leaves in the history."""

from uuid import UUID

from services.volunteers.actions import petitions
from services.volunteers.actions.handle import Decide, Effect, Given
from services.volunteers.domain.codes import accepts
from services.volunteers.domain.errors import WrongCode
from services.volunteers.domain.evidence import Grade, grade_of_code, weaker
from services.volunteers.domain.permissions import shows_codes
from services.volunteers.domain.windows import Window, busy_until, minutes_served
from services.volunteers.house import House
from shared.kernel.errors import FieldProblem


def check_in(code: str) -> Decide:
    """The volunteer is there: the code on the leader's screen says so."""

    async def decide(given: Given) -> Effect:
        grade = _proof(given, code)
        changes = {
            "checked_in_at": given.now,
            "recorded_by": given.actor.person_id,
            "evidence_grade": grade,
        }
        return Effect(changes, {"by": "code", "evidence_grade": grade})

    return decide


def check_out(code: str) -> Decide:
    """The volunteer leaves; the time served is what lies within the window."""

    async def decide(given: Given) -> Effect:
        grade = weaker(Grade(given.record["evidence_grade"]), _proof(given, code))
        window = Window(given.record["starts_at"], given.record["ends_at"])
        minutes = minutes_served(window, given.record["checked_in_at"], given.now)
        changes = {
            "checked_out_at": given.now,
            "busy_until": busy_until(window, given.now),
            "minutes": minutes,
            "evidence_grade": grade,
        }
        return Effect(changes, {"by": "code", "evidence_grade": grade, "minutes": minutes})

    return decide


def submit(house: House, text: str | None, attachments: tuple[UUID, ...]) -> Decide:
    """The volunteer says what was done. Photos are taken first: taking them again for the same record is no error."""

    async def decide(given: Given) -> Effect:
        record = given.record
        if attachments:
            me = given.actor.person_id
            await petitions.take_attachments(house, me, record["tenant_id"], record["id"], attachments)
        return Effect({"attachment_ids": list(attachments)}, {"attachments": len(attachments)}, text)

    return decide


async def approve(given: Given) -> Effect:
    """Points, rule and grade are fixed; the award follows from the event."""
    points, rule = given.record["points_offered"], given.record["rule"]
    facts = {"points": points, "rule_version": rule, "evidence_grade": given.record["evidence_grade"]}
    return Effect({"points": points, "rule_version": rule}, facts)


def reject(text: str) -> Decide:
    """It does not count, and why."""
    return _fixed(Effect(note=text))


def cancel(text: str | None) -> Decide:
    """The place goes back."""
    return _fixed(Effect(note=text))


def _fixed(effect: Effect) -> Decide:
    async def decide(given: Given) -> Effect:
        return effect

    return decide


def _proof(given: Given, code: str) -> Grade:
    """What the code proves; raises when it is not the one that is shown."""
    if not accepts(given.record["secret"], given.record["opening_id"], given.now, code):
        zh, en = "请输入现在显示的签到码", "type the code that is shown now"
        raise WrongCode(fields=[FieldProblem("/code", "wrong_code", zh, en)])
    return grade_of_code(shows_codes(given.mine))
