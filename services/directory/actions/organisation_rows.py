"""What every change of an organisation needs: who may, whether what is said of it can be, and its history."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from services.directory.actions.shaping import path
from services.directory.actions.tree import Tree
from services.directory.domain.credit_code import canonical
from services.directory.domain.days import day_of
from services.directory.domain.errors import (
    CreditCodeTaken,
    CreditCodeTakenElsewhere,
    OrganisationClosed,
    SimilarOrganisations,
    wrong,
)
from services.directory.domain.organisations import Contact, FormationStatus, credit_code_problem, formation
from services.directory.domain.permissions import correcting_as, keeping_as, shaping_as
from services.directory.domain.plan import Row
from services.directory.domain.unit_names import Known, search_keys, similar
from services.directory.house import House
from services.directory.queries import organisation_detail, who
from services.directory.queries.areas import is_visible
from shared.kernel.actor import Actor
from shared.kernel.errors import Invalid, NotFound
from shared.kernel.ids import new_id

_READ = "select * from organisation where id = any($1)"
_ABOVE = """
with recursive up as (
  select id, parent_id from organisation where id = $1
  union select o.id, o.parent_id from up join organisation o on o.id = up.parent_id
)
select exists (select from up where id = $2)
"""
_WITH_CODE = "select id, name from organisation where credit_code = $1 and not closed and id <> $2"
#: The kind of what has a row in `council` besides.
_COUNCIL = "council"
_HISTORY = """
insert into organisation_history (tenant_id, id, organisation_id, version, at, action, actor_id, actor_role, facts)
select o.tenant_id, given.id, o.id, o.version, $3, $4, $5, $6, given.facts::jsonb
  from unnest($1::uuid[], $2::uuid[], $7::text[]) given(organisation_id, id, facts)
  join organisation o on o.id = given.organisation_id
"""


@dataclass(frozen=True, slots=True)
class Description:
    """What people say of an organisation."""

    kind: str
    name: str
    aliases: tuple[str, ...]
    parent_id: UUID | None
    serves: tuple[UUID, ...]
    credit_code: str | None
    formation_status: FormationStatus | None
    contact: Contact


async def read(tree: Tree, ids: Sequence[UUID]) -> dict[UUID, Row]:
    """The organisations by id; those that there are."""
    found = {}
    for row in await tree.connection.fetch(_READ, ids):
        lists = {name: orjson.loads(row[name]) for name in ("opening_times", "responsibilities")}
        found[row["id"]] = dict(row) | lists
    return found


async def tenant_path(tree: Tree, tenant_id: UUID) -> list[UUID]:
    """The way to the community, street or district that keeps something."""
    return path((await tree.read([tenant_id]))[tenant_id])


async def to_change(tree: Tree, actor: Actor, organisation_id: UUID, *, by_its_staff: bool = False) -> Row:
    """The organisation that somebody wants to change; raises when it does not let them."""
    row = (await read(tree, [organisation_id])).get(organisation_id)
    if row is None or not await organisation_detail.visible(tree.connection, actor, [organisation_id]):
        raise NotFound
    way = await tenant_path(tree, row["tenant_id"])
    tree.role = correcting_as(actor, organisation_id, way) if by_its_staff else keeping_as(actor, way)
    if row["closed"]:
        raise OrganisationClosed(state="closed", allowed_actions=[], organisation=row["name"])
    return row


async def columns(tree: Tree, actor: Actor, now: Row, said: Description) -> Row:
    """What people say of the organisation `now` as its row has it; raises with what is wrong."""
    kind = tree.kinds.organisations.get(said.kind)
    if kind is None:
        raise wrong("/kind", "unknown_kind", "没有这种单位", "there is no such kind")
    if (kind.key == _COUNCIL) != (now.get("kind") == _COUNCIL):
        zh, en = (
            "大党委（大工委）由 POST /councils 设立，种类不变",
            "a council is made by POST /councils, and stays one",
        )
        raise wrong("/kind", "council", zh, en)
    if said.formation_status and not kind.formed:
        zh, en = f"{kind.name_zh}不是要选举成立的组织", f"{kind.name_en}: nothing that has to be formed"
        raise wrong("/formation_status", "not_formed", zh, en)
    if said.parent_id != now["parent_id"]:
        await _check_parent(tree, actor, now, said.parent_id)
    serves = await _served(tree, actor, now, said.serves)
    return {
        "kind": kind.key,
        "name": said.name,
        "aliases": list(said.aliases),
        "search_keys": search_keys(said.name, said.aliases),
        "parent_id": said.parent_id,
        "serves": sorted(area["id"] for area in serves),
        "serves_tenants": sorted({area["tenant_id"] for area in serves}),
        "credit_code": await _credit_code(tree, actor, now["id"], said.credit_code),
        "formation_status": formation(kind, said.formation_status),
        **said.contact.columns(),
    }


async def _check_parent(tree: Tree, actor: Actor, now: Row, parent_id: UUID | None) -> None:
    """A parent is there for the caller, kept by the same tenant or one above, and not itself below."""
    if parent_id is None:
        return
    parent = (await read(tree, [parent_id])).get(parent_id)
    seen = parent is not None and await organisation_detail.visible(tree.connection, actor, [parent_id])
    if parent is None or not seen or parent["closed"]:
        zh, en = "没有这个单位，或它已撤销", "no such organisation, or it is closed"
        raise wrong("/parent_id", "unknown_organisation", zh, en)
    if parent["tenant_id"] not in await tenant_path(tree, now["tenant_id"]):
        zh, en = "上级单位应登记在同一社区或其上级", "the parent is kept by the same community, or above it"
        raise wrong("/parent_id", "parent_elsewhere", zh, en)
    if await tree.connection.fetchval(_ABOVE, parent_id, now["id"]):
        raise wrong("/parent_id", "cycle", "单位不能隶属于自己的下属", "an organisation cannot belong to its own part")


async def _served(tree: Tree, actor: Actor, now: Row, wanted: Sequence[UUID]) -> list[Row]:
    """The areas served. Whoever adds one looks after it: staff of the organisation will see what lies there."""
    areas = await tree.read(wanted)
    for n, id in enumerate(wanted):
        if id in now["serves"]:
            continue
        area = areas.get(id)
        if area is None or area["closed"] or not await is_visible(tree.connection, actor, id):
            zh, en = "没有这个区域，或它已撤销", "no such area, or it is closed"
            raise wrong(f"/serves/{n}", "unknown_area", zh, en)
        shaping_as(actor, path(area), tenant=False)
    return list(areas.values())


async def _credit_code(tree: Tree, actor: Actor, id: UUID, written: str | None) -> str | None:
    """The code as it is kept; nobody else has it, wherever they are kept."""
    if not written:
        return None
    code = canonical(written)
    problem = credit_code_problem("/credit_code", code)
    if problem:
        raise Invalid(fields=[problem])
    other = await tree.connection.fetchrow(_WITH_CODE, code, id)
    if other is None:
        return code
    if await organisation_detail.visible(tree.connection, actor, [other["id"]]):
        raise CreditCodeTaken(name=other["name"], organisation_id=other["id"])
    raise CreditCodeTakenElsewhere


async def warn_of_similar(tree: Tree, tenant_id: UUID, new: Known) -> None:
    """Raises with those of the same tenant or above that may be the one that is about to be entered."""
    way = await tenant_path(tree, tenant_id)
    rows = await tree.connection.fetch(who.SIMILAR, tenant_id, way, search_keys(new.name, new.aliases))
    alike = {unit.id for unit in similar(new, [who.known_of(row) for row in rows])}
    candidates = who.named([row for row in rows if row["id"] in alike][: who.MOST_NAMED])
    if candidates:
        raise SimilarOrganisations(candidates=candidates, names=[one["name"] for one in candidates])


async def note(tree: Tree, action: str, facts: dict[UUID, dict[str, Any]]) -> None:
    """One line in the history of each organisation, after its row was written."""
    ids = [new_id(tree.at) for _ in facts]
    words = [orjson.dumps(fact, default=str).decode() for fact in facts.values()]
    await tree.connection.execute(_HISTORY, list(facts), ids, tree.at, action, tree.who, tree.role, words)


async def show(house: House, actor: Actor, organisation_id: UUID) -> bytes:
    """The detail, as every change answers with it."""
    body, _ = await organisation_detail.detail(house.pool, actor, organisation_id, day_of(house.clock.now()))
    return body
