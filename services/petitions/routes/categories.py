"""Categories: what a petition can be about."""

from starlette.responses import Response

from services.petitions.house import Call
from services.petitions.queries import categories
from services.petitions.schemas import examples
from services.petitions.schemas.petitions import CategoryList
from shared.infra.web.routes import Reach, Routes
from shared.kernel.actor import EVERYONE

routes = Routes("categories")


@routes.get(
    "/categories",
    summary="诉求类别 · List categories",
    roles=EVERYONE,
    reach=Reach.TENANT,
    answer=CategoryList,
    example=examples.CATEGORIES,
)
async def list_categories(call: Call) -> Response:
    """The category tree that holds where I live and work, as a flat list with parents before children."""
    return call.answer(await categories.read(call.house.pool, call.actor))
