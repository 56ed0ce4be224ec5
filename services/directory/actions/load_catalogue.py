"""What the directory has of the facilities and services that a seed names."""

from typing import Any

import orjson

from services.directory.domain.plan import Row
from services.directory.domain.plan_catalogue import PresentCatalogue
from services.directory.domain.seed import DirectorySeed

_FACILITIES = """
select f.*, a.ancestors || a.id as path from facility f
  join area a on a.tenant_id = f.tenant_id and a.id = f.area_id where f.external_key = any($1)
"""
_SERVICES = "select * from service where external_key = any($1)"
_PLACES = "select * from service_place where (tenant_id, service_id) in (select * from unnest($1::uuid[], $2::uuid[]))"
_JSON = ("schedule", "documents", "costs")


async def present_catalogue(connection: Any, seed: DirectorySeed) -> PresentCatalogue:
    """Everything by key, and the kinds of this installation; nothing where the seed has no catalogue."""
    if not seed.facilities and not seed.services:
        return PresentCatalogue()
    named = {place.facility_key for service in seed.services for place in service.places if place.facility_key}
    facilities = await connection.fetch(_FACILITIES, list(named | {one.key for one in seed.facilities}))
    services = await connection.fetch(_SERVICES, [one.key for one in seed.services])
    tenants, ids = [row["tenant_id"] for row in services], [row["id"] for row in services]
    places = await connection.fetch(_PLACES, tenants, ids)
    return PresentCatalogue(
        {row["external_key"]: _row(row) for row in facilities},
        {row["external_key"]: _row(row) for row in services},
        {(row["service_id"], row["facility_id"] or row["area_id"]): _row(row) for row in places},
        {row["key"] for row in await connection.fetch("select key from facility_kind")},
        {row["key"] for row in await connection.fetch("select key from service_category")},
    )


def _row(row: Any) -> Row:
    return {name: orjson.loads(value) if name in _JSON and value else value for name, value in row.items()}
