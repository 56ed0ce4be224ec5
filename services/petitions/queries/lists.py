"""Lists of petitions, newest first: mine, held by me, or of the areas I look after."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from services.petitions.domain.permissions import relations
from services.petitions.domain.search import query_terms
from services.petitions.domain.states import OPEN, Status, allowed_actions
from services.petitions.queries.detail import standing
from services.petitions.queries.list_statements import Scope, Shape, of_the_first_screen, statement
from services.petitions.queries.viewer import Viewer
from shared.infra import cursors
from shared.kernel.actor import Actor
from shared.kernel.errors import FieldProblem, Invalid

_WAITING = tuple(sorted(status.value for status in OPEN - {Status.RESOLVED}))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is asked for."""

    scope: Scope
    limit: int
    cursor: str | None = None
    statuses: tuple[str, ...] = ()
    category_id: UUID | None = None
    words: str | None = None
    with_actions: bool = False


async def read(pool: Any, actor: Actor, wanted: Wanted) -> bytes:
    """The page as JSON."""
    viewer = Viewer.of(actor)
    whose: Any = {"mine": viewer.me, "held": viewer.mine, "area": viewer.overseen}[wanted.scope]
    statuses = wanted.statuses or (_WAITING if wanted.scope == "held" else ())
    words = _tsquery(wanted.words) if wanted.words else None
    category = wanted.category_id
    shape = Shape(wanted.scope, bool(statuses), category is not None, words is not None, wanted.with_actions)
    given = [value for value in (list(statuses) or None, category, words) if value is not None]
    rows = await pool.fetch(statement(shape), whose, cursors.decode(wanted.cursor), wanted.limit + 1, *given)
    items = [_with_actions(row, actor) if wanted.with_actions else row["body"] for row in rows]
    return cursors.page(items, [row["id"] for row in rows], wanted.limit)


async def first_screen(pool: Any, actor: Actor, limit: int) -> bytes:
    """The newest that the caller reported, and the newest that wait for them; one trip to the database."""
    viewer = Viewer.of(actor)
    rows = await pool.fetch(of_the_first_screen(), viewer.me, cursors.START, limit, viewer.mine, list(_WAITING))
    mine, held = (",".join(_with_actions(row, actor) for row in rows if row["mine"] is own) for own in (True, False))
    return f'{{"petitions":[{mine}],"held":[{held}]}}'.encode()


def _tsquery(words: str) -> str:
    wanted = query_terms(words)
    if not wanted:
        zh, en = "至少两个汉字，或一个单词", "at least two Chinese characters, or a word"
        raise Invalid(fields=[FieldProblem("q", "too_short", zh, en)])
    return " & ".join(f"'{term}'" for term in wanted)


def _with_actions(row: Any, actor: Actor) -> str:
    actions = allowed_actions(Status(row["status"]), relations(actor, standing(row)))
    return f'{row["body"][:-1]},"allowed_actions":{orjson.dumps(actions).decode()}}}'
