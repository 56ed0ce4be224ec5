"""From exceptions to `application/problem+json` (RFC 9457), in the caller's language."""

import asyncio
import re
from collections.abc import Iterable
from typing import Any

import asyncpg
import orjson
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from shared.kernel.errors import (
    BadRequest,
    FieldProblem,
    Interrupted,
    Invalid,
    Language,
    MethodNotAllowed,
    NoSuchAddress,
    Problem,
    Unavailable,
)

#: Pydantic's error types that clients meet most, said in Chinese; `{…}` are the error's own facts.
_ZH = {
    "missing": "必填",
    "extra_forbidden": "没有这个字段或参数",
    "string_type": "应为文字",
    "string_too_long": "最多 {max_length} 个字",
    "string_too_short": "至少 {min_length} 个字",
    "string_pattern_mismatch": "格式不对",
    "int_parsing": "应为整数",
    "int_type": "应为整数",
    "int_from_float": "应为整数",
    "float_parsing": "应为数字",
    "float_type": "应为数字",
    "finite_number": "应为有限的数字",
    "bool_parsing": "应为 true 或 false",
    "bool_type": "应为 true 或 false",
    "uuid_parsing": "应为 UUID",
    "uuid_type": "应为 UUID",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than": "应小于 {lt}",
    "less_than_equal": "不能大于 {le}",
    "literal_error": "只能是 {expected}",
    "enum": "只能是 {expected}",
    "too_long": "最多 {max_length} 项",
    "too_short": "至少 {min_length} 项",
    "list_type": "应为列表",
    "json_invalid": "不是有效的 JSON",
    "datetime_parsing": "应为 RFC 3339 时间，例如 2026-03-01T09:00:00+08:00",
    "datetime_from_date_parsing": "应为 RFC 3339 时间，例如 2026-03-01T09:00:00+08:00",
    "date_parsing": "应为日期，例如 2026-03-01",
    "date_type": "应为日期，例如 2026-03-01",
    "timezone_aware": "时间需要带时区，例如 +08:00",
    "model_type": "应为 JSON 对象",
    "model_attributes_type": "应为 JSON 对象",
}


#: Behind our own text types Pydantic counts a text's characters as "items".
_LENGTHS = {"too_long": "at most {max_length} characters", "too_short": "at least {min_length} characters"}


class Bilingual(ValueError):
    """A rule of ours inside a schema's validator: says what is wrong in both languages."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.code, self.zh, self.en = code, zh, en


def language_of(accept: bytes | None) -> Language:
    """What Accept-Language likes best of what we speak (RFC 9110, 12.5.4); Chinese when it says nothing or no."""
    liked: dict[Language, float] = {}
    for part in (accept or b"").lower().split(b",")[:50]:
        tag, *parameters = (word.strip() for word in part.split(b";"))
        language = _SPOKEN.get(tag.split(b"-")[0])
        if language is not None:
            liked[language] = max(_weight(parameters), liked.get(language, 0.0))
    wanted = [language for language, weight in liked.items() if weight > 0]
    return max(wanted, key=lambda language: liked[language], default="zh-CN")  # the first of equals


_SPOKEN: dict[bytes, Language] = {b"en": "en", b"zh": "zh-CN"}


def _weight(parameters: list[bytes]) -> float:
    """`q=…`, between 0 and 1; 1 when nothing is said, 0 when it cannot be read."""
    for parameter in parameters:
        if parameter.startswith(b"q="):
            return float(parameter[2:]) if _WEIGHT.fullmatch(parameter[2:]) else 0.0
    return 1.0


_WEIGHT = re.compile(rb"0(\.[0-9]{0,3})?|1(\.0{0,3})?")


#: More wrong fields than these are not named, and no longer pointers: the answer must not grow with what was sent.
_MOST_FIELDS = 50
_LONGEST_POINTER = 200


def from_validation(error: ValidationError, *, query: bool = False) -> Problem:
    """The wrong fields at once. In the query an unknown parameter is a 400 that names it, the rest a 422."""
    found = error.errors(include_url=False)
    unreadable = {"json_invalid", "extra_forbidden"} if query else {"json_invalid"}
    kind = BadRequest if any(e["type"] in unreadable for e in found) else Invalid
    return kind(fields=[_field(e, query) for e in found[:_MOST_FIELDS]])


def _field(error: Any, query: bool) -> FieldProblem:
    location = [str(part) for part in error["loc"]]
    pointer = ".".join(location) if query else "".join(f"/{p.replace('~', '~0').replace('/', '~1')}" for p in location)
    pointer = pointer[:_LONGEST_POINTER]
    facts = error.get("ctx", {})
    cause = facts.get("error")
    if isinstance(cause, Bilingual):
        return FieldProblem(pointer, cause.code, cause.zh, cause.en)
    kind = error["type"]
    if kind in _LENGTHS and isinstance(error["input"], str):
        return FieldProblem(
            pointer, f"string_{kind}", _ZH[f"string_{kind}"].format_map(facts), _LENGTHS[kind].format_map(facts)
        )
    return FieldProblem(pointer, kind, _ZH.get(kind, "不符合要求").format_map(facts), error["msg"])


def as_problem(error: BaseException) -> Problem:
    """The problem that an exception stands for; what nobody foresaw is a 500 without internals."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, HTTPException):
        if error.status_code == 405:
            allowed = (error.headers or {}).get("Allow", "")
            return MethodNotAllowed(allowed_methods=allowed, headers={"allow": allowed})
        return NoSuchAddress() if error.status_code == 404 else BadRequest()
    if isinstance(error, _DATABASE_LOST):
        return Interrupted("database")
    if isinstance(error, _DATABASE_AWAY):
        return Unavailable("database")
    return Problem()


#: The connection broke, or time ran out, with a statement under way: nobody can say whether it was carried out.
_DATABASE_LOST = (asyncpg.ConnectionDoesNotExistError, asyncpg.InternalClientError, asyncio.TimeoutError)
_DATABASE_AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.DiskFullError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.QueryCanceledError,
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
    ConnectionError,
)


def problem_response(problem: Problem, *, language: Language, request_id: str) -> Response:
    """The answer for a problem."""
    body = problem.body(language) | {"request_id": request_id}
    headers = {"content-language": language, "cache-control": "no-store", **problem.headers}
    if problem.status == 401:
        headers["www-authenticate"] = "Bearer"
    return Response(
        orjson.dumps(body, default=str),
        problem.status,
        headers=headers,
        media_type="application/problem+json",
    )


def header(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> bytes | None:
    """The first value of a header, by its lower-case name."""
    for key, value in headers:
        if key == name:
            return value
    return None
