"""The floor: the best SQL shape for one answer behind a bare ASGI app. No routing, no auth, no validation.

`python -m tests.bench.floor ROW PORT PLAN` serves one row of the bench on the pool that services use. PLAN is a pickle
of the statement's constant arguments, made by the bench itself.
"""

import gc
import pickle
import sys
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import uvicorn

from shared.infra.database import open_pool
from shared.infra.settings import CommonSettings
from shared.kernel.ids import new_id

_NAMES = """
(select n from (select c.id, c.name, nullif(c.name_en, '') as name_en from category c
                 where c.id = p.category_id limit 1) n) as category,
(select n from (select a.id, a.name from area a where a.id = p.area_id limit 1) n) as area,
case when p.holder_id is not null then (select n from (select p.holder_type as type, p.holder_id as id,
    case p.holder_type when 'person' then (select display_name from person where id = p.holder_id limit 1)
                       else (select name from organisation where id = p.holder_id limit 1) end as name) n) end as holder
"""
#: $1 the one community. The names and texts of 20 rows; the 21st only tells that there are more.
LIST = f"""
with page as materialized (
  select tenant_id, id, number, version, status, kind, category_id, urgency, area_id, holder_type, holder_id, round,
         respond_by, resolve_by, responded_at, created_at, updated_at
    from petition where tenant_id = $1 order by tenant_id desc, id desc limit 21
)
select (select json_agg(r) from (
          select p.id, p.number, p.version, p.status, p.kind, p.urgency, coalesce(x.title, left(x.text, 60)) as title,
                 p.round, p.respond_by, p.resolve_by, p.responded_at, p.created_at, p.updated_at, {_NAMES}
            from (select * from page limit 20) p
            left join petition_text x on x.tenant_id = p.tenant_id and x.petition_id = p.id) r)::text as items,
       (select id from page offset 19 limit 1) as last, (select count(*) > 20 from page) as more
"""
#: $1 the petition, as its reporter sees it.
DETAIL = f"""
select row_to_json(r)::text from (
  select p.id, p.number, p.version, p.kind, p.status, p.channel, p.urgency, x.title, x.text, p.anonymity, p.co_handlers,
         p.round, p.respond_by, p.resolve_by, p.responded_at, p.resolved_at, p.closed_at, p.outcome, p.in_time,
         p.created_at, p.updated_at, {_NAMES},
         (select n from (select a.id, a.name from area a where a.id = p.tenant_id limit 1) n) as tenant,
         (select kind from area where id = p.level_area_id limit 1) as level,
         (select n from (select r.id, r.display_name as name from person r where r.id = p.reporter_id limit 1) n)
             as reporter, 'reporter' as view,
         (select n from (select round(p.lat::numeric, 7) as lat, round(p.lon::numeric, 7) as lon,
                                'wgs84' as coord_sys) n) as location,
         (select json_agg(h) from (
            select h.version, h.at, h.action, h.from_status as "from", h.to_status as "to", h.actor_role, h.facts,
                   n.public_note
              from petition_history h left join petition_note n
                on n.tenant_id = h.tenant_id and n.petition_id = h.petition_id and n.version = h.version
             where h.tenant_id = p.tenant_id and h.petition_id = p.id order by h.version) h) as history,
         (select coalesce(json_agg(a), '[]') from (
            select a.id, a.width, a.height, a.version as action_version from attachment a
             where a.tenant_id = p.tenant_id and a.owner_id = p.id order by a.version, a.position) a) as attachments
    from petition p left join petition_text x on x.tenant_id = p.tenant_id and x.petition_id = p.id
   where p.id = $1) r
"""
#: $1 the person. What stands on the accounts, less what has expired on each.
POINTS = """
with mine as materialized (
  select a.tenant_id, a.scheme, a.balance, 0 as held,
         a.spendable - coalesce((select sum(remaining) from lot l
                                  where l.tenant_id = a.tenant_id and l.account_id = a.id and l.remaining > 0
                                    and l.expires_at <= now() and l.spendable), 0)::bigint as spendable
    from account a where a.owner_id = $1 and a.kind = 'volunteer'
)
select row_to_json(r)::text from (
  select coalesce(sum(balance) filter (where scheme = 'resident'), 0)::bigint as balance, 0 as held,
         coalesce(sum(spendable) filter (where scheme = 'resident'), 0)::bigint as spendable,
         (select coalesce(json_agg(a), '[]') from (
            select (select n from (select t.id, t.name from area t where t.tenant_id = m.tenant_id
                                      and t.id = m.tenant_id) n) as tenant,
                   scheme, balance, held, spendable from mine m order by tenant_id, scheme) a) as accounts
    from mine) r
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a floor is told: the databases, the constant arguments, and, to submit, the statements with all of theirs.

    `read` and `write` are what the service itself sent for one submission; `fresh` says at which places of `write`
    id, number, event id and key stand.
    """

    database_urls: dict[str, str]
    community_id: UUID
    person_id: UUID
    read: tuple[str, list[Any]]
    write: tuple[str, list[Any]]
    fresh: dict[str, int]


Answer = Callable[[Any, Plan, Any], Awaitable[tuple[int, bytes]]]


async def _list(pool: Any, plan: Plan, scope: Any) -> tuple[int, bytes]:
    row = await pool.fetchrow(LIST, plan.community_id)
    cursor = f'"{urlsafe_b64encode(row["last"].bytes).decode().rstrip("=")}"' if row["more"] else "null"
    return 200, f'{{"items":{row["items"]},"next_cursor":{cursor}}}'.encode()


async def _detail(pool: Any, plan: Plan, scope: Any) -> tuple[int, bytes]:
    body: str = await pool.fetchval(DETAIL, UUID(scope["path"][-36:]))
    return 200, body.encode()


async def _points(pool: Any, plan: Plan, scope: Any) -> tuple[int, bytes]:
    body: str = await pool.fetchval(POINTS, plan.person_id)
    return 200, body.encode()


async def _submit(pool: Any, plan: Plan, scope: Any) -> tuple[int, bytes]:
    key, petition_id = str(new_id()), new_id()
    read, arguments = plan.read
    await pool.fetchrow(read, *arguments[:-1], key)
    write, arguments = plan.write
    arguments = arguments.copy()
    arguments[plan.fresh["key"]] = key
    arguments[plan.fresh["id"]] = petition_id
    arguments[plan.fresh["event"]] = new_id()
    arguments[plan.fresh["number"]] = petition_id.hex
    row = await pool.fetchrow(write, *arguments)
    return 201, f"{row['body'][:-1]},{row['view'][1:]}".encode()


ANSWERS: dict[str, Answer] = {"list": _list, "detail": _detail, "points": _points, "submit": _submit}
_SERVICE = {"points": "volunteers"}


class Floor:
    """The bare app."""

    def __init__(self, row: str, plan: Plan) -> None:
        self.answer = ANSWERS[row]
        self.plan = plan
        self.url = plan.database_urls[_SERVICE.get(row, "petitions")]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            return await self._live(receive, send)
        await receive()
        status, body = await self.answer(self.pool, self.plan, scope)
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _live(self, receive: Any, send: Any) -> None:
        await receive()
        async with open_pool(self.url, CommonSettings.model_fields["pool_size"].default) as self.pool:
            gc.collect()
            gc.freeze()
            gc.set_threshold(50_000, 20, 100)
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})


def main(row: str, port: str, plan: str) -> None:
    uvicorn.run(
        Floor(row, pickle.loads(Path(plan).read_bytes())),  # noqa: S301 the bench wrote it
        port=int(port),
        loop="uvloop",
        http="httptools",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=75,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
