"""The effects of the single actions: what each needs, what it changes, what it leaves in the history."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import orjson

from services.petitions.actions.handle import Decide, Effect
from services.petitions.domain.deadlines import Urgency, promise
from services.petitions.domain.errors import UnknownReference
from services.petitions.domain.levels import level_after_dispute
from services.petitions.house import House
from shared.kernel.errors import FieldProblem

Outcome = Literal["solved", "partly", "explained", "not_possible"]


@dataclass(frozen=True, slots=True)
class Party:
    """A person or an organisation that handles a petition."""

    type: Literal["organisation", "person"]
    id: UUID


_CATEGORY = "select urgency from category where id = $1 and tenant_id = any($2::uuid[])"
#: Who can act on it: organisations of the place's tenants or that serve it (teams have openings instead), and people
#: who hold an office there. A neighbour could see the reporter's name and do nothing.
_PARTIES = """
select id from organisation
 where id = any($1::uuid[]) and not closed and kind <> 'volunteer_team'
   and (tenant_id = any($3::uuid[]) or serves && $3::uuid[])
union
select o.person_id from office o
 where o.person_id = any($2::uuid[]) and o.area_id = any($3::uuid[]) and not o.ended
"""


def accept(pool: Any, category_id: UUID | None, urgency: Urgency | None) -> Decide:
    """It is ours; category and urgency are confirmed, or changed, and the promise with them."""

    async def decide(petition: Any, now: datetime) -> Effect:
        changes: dict[str, Any] = {}
        facts: dict[str, Any] = {}
        chosen = urgency
        if category_id is not None:
            proposed = await pool.fetchval(_CATEGORY, category_id, petition["area_path"])
            if proposed is None:
                zh, en = "这个社区没有这个类别", "the community has no such category"
                raise UnknownReference(fields=[FieldProblem("/category", "unknown_category", zh, en)])
            changes["category_id"] = facts["category_id"] = category_id
            chosen = chosen or Urgency(proposed)
        if chosen is not None and chosen != petition["urgency"]:
            due = promise(chosen, petition["created_at"])
            changes |= {"urgency": chosen, "respond_by": due.respond_by, "resolve_by": due.resolve_by}
            facts["urgency"] = chosen
        return Effect(changes, facts)

    return decide


def reject(reason: str, text: str) -> Decide:
    """It is not ours: why, and where else to turn."""
    return _fixed(Effect(facts={"reason": reason}, public_note=text))


def dispatch(house: House, lead: Party, co_handlers: list[Party], note: str | None) -> Decide:
    """The lead becomes the holder. A lead that is a moment old in the directory is looked up once more."""

    async def decide(petition: Any, now: datetime) -> Effect:
        named = [lead, *co_handlers]
        arguments = (
            [p.id for p in named if p.type == "organisation"],
            [p.id for p in named if p.type == "person"],
            petition["area_path"],
        )
        known = {row["id"] for row in await house.pool.fetch(_PARTIES, *arguments)}
        if not known.issuperset(p.id for p in named):
            await house.directory.catch_up_soon()
            known = {row["id"] for row in await house.pool.fetch(_PARTIES, *arguments)}
        zh, en = "这里没有这个承办人", "no such handler for this place"
        wrong = ["/lead/id"] if lead.id not in known else []
        wrong += [f"/co_handlers/{i}/id" for i, p in enumerate(co_handlers) if p.id not in known]
        if wrong:
            raise UnknownReference(fields=[FieldProblem(w, "unknown_handler", zh, en) for w in wrong])
        others = [{"type": p.type, "id": str(p.id)} for p in co_handlers]
        changes = {
            "holder_type": lead.type,
            "holder_id": lead.id,
            "co_handlers": orjson.dumps(others).decode(),
            "co_handler_ids": [p.id for p in co_handlers],
        }
        facts = {"lead": {"type": lead.type, "id": lead.id}, "co_handlers": others}
        return Effect(changes, facts, internal_note=note)

    return decide


def start(note: str | None) -> Decide:
    """The holder has been in touch with the reporter: the response clock stops."""

    async def decide(petition: Any, now: datetime) -> Effect:
        return Effect({"responded_at": petition["responded_at"] or now}, public_note=note)

    return decide


def resolve(outcome: Outcome, text: str, attachments: tuple[UUID, ...]) -> Decide:
    """The holder says that it is done, and what came of it."""

    async def decide(petition: Any, now: datetime) -> Effect:
        changes = {"outcome": outcome, "resolved_at": now}
        return Effect(changes, {"outcome": outcome}, public_note=text, uploads=attachments)

    return decide


def confirm(rating: int, contacted: bool) -> Decide:
    """The reporter agrees. The rating stays out of the history: staff never see a single resident's rating."""

    async def decide(petition: Any, now: datetime) -> Effect:
        return Effect({"closed_at": now, "rating": rating, "contacted": contacted})

    return decide


def dispute(solved: Literal["no", "partly"], text: str) -> Decide:
    """The reporter does not agree: another round; from the second time on the level above looks at it."""

    async def decide(petition: Any, now: datetime) -> Effect:
        changes = {
            "round": petition["round"] + 1,
            "resolved_at": None,
            "outcome": None,
            "level_area_id": level_after_dispute(petition["area_path"], petition["level_area_id"], petition["round"]),
        }
        return Effect(changes, {"solved": solved}, public_note=text)

    return decide


def withdraw(text: str | None) -> Decide:
    """The reporter takes it back."""
    return _fixed(Effect(public_note=text))


def _fixed(effect: Effect) -> Decide:
    async def decide(petition: Any, now: datetime) -> Effect:
        return effect

    return decide
