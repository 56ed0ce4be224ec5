"""Files of areas are checked and taken in."""

from asyncio import to_thread
from typing import Annotated

from fastapi import Query, UploadFile
from starlette.responses import Response

from services.directory.actions.import_areas import import_areas, read_areas
from services.directory.domain.errors import ImportRefused, NotYours
from services.directory.domain.permissions import KEEPERS, Relation
from services.directory.domain.shaping import Importer
from services.directory.house import Call
from services.directory.schemas import examples
from services.directory.schemas.imports import MOST_NAMED, ImportQuery, ImportReport
from shared.infra.idempotency import Once
from shared.infra.web.problems import language_of
from shared.infra.web.routes import Reach, Routes
from shared.kernel.errors import NotFound

routes = Routes("areas")


@routes.post(
    "/areas/import",
    summary="导入区域 · Import areas",
    raises=(NotFound, NotYours, ImportRefused),
    who=frozenset({Relation.KEEPER}),
    roles=KEEPERS,
    reach=Reach.TENANT,
    answer=ImportReport,
    example=examples.IMPORT,
)
async def import_area_file(call: Call, query: Annotated[ImportQuery, Query()], file: UploadFile) -> Response:
    """Take in a file of areas below an area: CSV (UTF-8 or GB 18030) or GeoJSON, at most 10 MB.

    Columns, or properties in GeoJSON: `code`, `kind`, `name`, and as needed `parent_code`, `lat`, `lon`, `coord_sys`,
    `households`, `residents`; also in Chinese: 编码, 类型, 名称, 上级编码, 纬度, 经度, 坐标系, 户数, 人数.

    All of it is stored or nothing: 422 `directory.import_refused` names each problem. A code names the same area for
    ever, so the same file again changes nothing. `dry_run=true` answers with every problem, and stores nothing.
    """
    content = await file.read()
    where = f"{query.parent} {query.dry_run}\n".encode()
    once = Once(call.idempotency_key if not query.dry_run else None, call.fingerprint(where + content))
    report = await import_areas(
        call.house.pool,
        call.house.clock,
        Importer(call.actor),
        query.parent,
        await to_thread(read_areas, content),  # others are served meanwhile
        once,
        dry_run=query.dry_run,
    )
    if report.flaws and not query.dry_run:
        named = [flaw.field() for flaw in report.flaws[:MOST_NAMED]]
        raise ImportRefused(fields=named, problem_count=len(report.flaws))
    language = language_of(call.head(b"accept-language"))
    return call.answer(ImportReport.of(report, language, dry_run=query.dry_run).model_dump_json().encode())
