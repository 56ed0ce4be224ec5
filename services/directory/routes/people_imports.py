"""Files of people are checked and taken in."""

from asyncio import to_thread
from typing import Annotated

from fastapi import Query, UploadFile
from starlette.responses import Response

from services.directory.actions.import_people import import_people, read_people
from services.directory.domain.days import day_of
from services.directory.domain.errors import ImportRefused
from services.directory.domain.people import IMPORTERS
from services.directory.house import Call
from services.directory.schemas import examples
from services.directory.schemas.imports import MOST_NAMED, ImportReport, PeopleImportQuery
from shared.infra.idempotency import Once
from shared.infra.web.problems import language_of
from shared.infra.web.routes import Reach, Routes
from shared.kernel.errors import NotFound

routes = Routes("people")


@routes.post(
    "/people/import",
    summary="导入人员 · Import people",
    raises=(NotFound, ImportRefused),
    roles=IMPORTERS,
    reach=Reach.AREA,
    answer=ImportReport,
    example=examples.IMPORT,
)
async def import_people_file(call: Call, query: Annotated[PeopleImportQuery, Query()], file: UploadFile) -> Response:
    """Take in a table of people: CSV (UTF-8 or GB 18030), at most 10 MB.

    Columns: `name`, and as needed `area_code`, `door`, `phone`, `id_number`, `address`, `birth_year`, `party_member`
    (是 or 否), `skills`; also in Chinese: 姓名, 区域编码, 门牌, 电话, 身份证号, 地址, 出生年份, 党员, 特长.

    All of it is stored or nothing: 422 `directory.import_refused` names each problem. An identity number names the same
    person for ever, without one name, year of birth and home do; so the same file again changes nothing.
    """
    content = await file.read()
    where = f"{query.area} {query.dry_run}\n".encode()
    once = Once(call.idempotency_key if not query.dry_run else None, call.fingerprint(where + content))
    house = call.house
    reading = await to_thread(read_people, content, day_of(house.clock.now()))  # others are served meanwhile
    who = house.pool, house.clock, house.sealer, call.actor
    report = await import_people(*who, query.area, reading, once, dry_run=query.dry_run)
    if report.flaws and not query.dry_run:
        named = [flaw.field() for flaw in report.flaws[:MOST_NAMED]]
        raise ImportRefused(fields=named, problem_count=len(report.flaws))
    language = language_of(call.head(b"accept-language"))
    return call.answer(ImportReport.of(report, language, dry_run=query.dry_run).model_dump_json().encode())
