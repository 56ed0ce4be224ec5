"""What other services read: the change feed. Never reachable from outside."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from services.directory.domain.days import day_of
from services.directory.domain.errors import FeedRestarted
from services.directory.house import Call
from services.directory.queries.changes import changes
from services.directory.schemas.internal import ChangesQuery
from shared.contracts.directory import Changes
from shared.infra.web.routes import Reach, Routes

routes = Routes("internal", prefix="/internal/v1")


@routes.get("/changes", roles=frozenset(), reach=Reach.INTERNAL, answer=Changes, raises=(FeedRestarted,))
async def read_changes(call: Call, query: Annotated[ChangesQuery, Query()]) -> Response:
    """Everything that changed after a place in the feed, each thing once and in its present shape."""
    day = day_of(call.house.clock.now())
    return call.answer(await changes(call.house.pool, query.after, query.limit, day))
