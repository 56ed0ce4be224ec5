"""The caller."""

from starlette.responses import Response

from services.directory.actions.people import correct
from services.directory.domain.days import day_of
from services.directory.house import Call
from services.directory.queries.me import me
from services.directory.schemas import examples, people_examples
from services.directory.schemas.me import Me
from services.directory.schemas.people import OwnContact
from shared.infra.idempotency import Once
from shared.infra.web.routes import Reach, Routes
from shared.kernel.actor import EVERYONE
from shared.kernel.errors import NotFound

routes = Routes("me")


@routes.get(
    "/me",
    summary="我是谁 · Read who I am",
    roles=EVERYONE,
    reach=Reach.OWN,
    answer=Me,
    example=examples.ME,
)
async def read_me(call: Call) -> Response:
    """My name, my roles and where they count, my home, and who answers for it, nearest first."""
    body, version = await me(call.house.pool, call.house.sealer, call.actor, day_of(call.house.clock.now()))
    return call.answer(body, version=version)


@routes.put(
    "/me/contact",
    summary="更正我的联系方式 · Correct my contact data",
    raises=(NotFound,),
    sends=people_examples.OWN_CONTACT,
    roles=EVERYONE,
    reach=Reach.OWN,
    answer=Me,
    example=examples.ME,
)
async def correct_my_contact(call: Call, body: OwnContact) -> Response:
    """Correct my telephone and address: what is left out stays, null takes it away. `If-Match` carries the ETag of
    `/me`. The name and the identity number are corrected by the community, which has seen the card.
    """
    once = Once(call.idempotency_key, call.fingerprint(call.content))
    answer, _ = await correct(call.house, call.actor, call.known_version, body.texts(), once)
    return call.answer(answer)
