"""One request, as the routes see it: who calls, what they sent, and how to answer."""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import parse_qsl
from uuid import UUID

import orjson
from pydantic import BaseModel, ValidationError
from python_multipart.multipart import parse_options_header
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from shared.infra.web.problems import from_validation, header
from shared.kernel.actor import Actor
from shared.kernel.errors import (
    BadRequest,
    FieldProblem,
    Invalid,
    NotFound,
    PreconditionRequired,
    StaleVersion,
    TooLarge,
    UnsupportedMedia,
)

Model = TypeVar("Model", bound=BaseModel)

JSON_LIMIT = 1_000_000
#: An ETag as `answer` makes them: the version, and a digest of what was shown.
_TAG = re.compile(rb'(?:W/)?"(\d{1,9})-[0-9a-f]+"')


class Call(Request):
    """A request with a known caller. Each service narrows `house` to its own."""

    house: Any
    actor: Actor
    content: bytes = b""  # the body as it came, once it was read

    @property
    def request_id(self) -> str:
        return str(self.scope["linli.trail"].request_id)

    @property
    def traceparent(self) -> str:
        return str(self.scope["linli.trail"].traceparent)

    def head(self, name: bytes) -> bytes | None:
        """A header by its lower-case name, without building the whole mapping."""
        return header(self.scope["headers"], name)

    @property
    def idempotency_key(self) -> str | None:
        """The client's Idempotency-Key; 400 when it is not 1–200 visible ASCII characters."""
        given = self.head(b"idempotency-key")
        if given is None:
            return None
        if not 1 <= len(given) <= 200 or not all(33 <= byte <= 126 for byte in given):
            zh, en = "应为 1–200 个可见的 ASCII 字符", "must be 1–200 visible ASCII characters"
            raise BadRequest(fields=[FieldProblem("Idempotency-Key", "idempotency_key_form", zh, en)])
        return given.decode("ascii")

    def check_key(self) -> None:
        """Raises for a key of the wrong form, before anything is said of what the request is about."""
        _ = self.idempotency_key

    @property
    def known_version(self) -> int:
        """The version that `If-Match` says the client has read; 428 without one. What is no ETag of ours is stale."""
        given = (self.head(b"if-match") or b"").strip()
        if not given:
            raise PreconditionRequired
        tag = _TAG.fullmatch(given)
        if tag is None:
            raise StaleVersion
        return int(tag[1])

    def fingerprint(self, content: bytes) -> bytes:
        """What an Idempotency-Key stands for: the method, the address and the content."""
        return hashlib.sha256(b"\n".join((self.method.encode(), self.scope["path"].encode(), content))).digest()

    def path_id(self, name: str) -> UUID:
        """An id in the path; what is not an id names nothing, so it is a 404."""
        try:
            return UUID(self.path_params[name])
        except ValueError as error:
            raise NotFound from error

    def read_query(self, model: type[Model] | None) -> Model | None:
        """The query string as the declared model; an unknown parameter is a 400 that names it."""
        raw = self.scope["query_string"]
        if not raw and model is None:
            return None
        try:
            pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, max_num_fields=50, errors="strict")
        except ValueError as error:
            raise BadRequest from error
        values = dict(pairs)
        if len(values) < len(pairs):
            twice = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
            raise BadRequest(fields=[FieldProblem(twice, "repeated", "只能出现一次", "must be given once only")])
        try:
            return (model or _NoQuery).model_validate(values) if pairs or model else None  # type: ignore[return-value]
        except ValidationError as error:
            raise from_validation(error, query=True) from error

    async def read_json(self, model: type[Model]) -> Model:
        """The body as the declared model; 415 when it is not JSON, 413 beyond 1 MB, 422 with pointers.

        No body and no content type stand for an empty object, as many clients send an action without members.
        """
        kind = (self.head(b"content-type") or b"").split(b";")[0].strip().lower()
        if kind not in (b"application/json", b""):
            raise UnsupportedMedia(accepted="application/json")
        content = await self.read_bytes(JSON_LIMIT, "1 MB")
        if not kind and content:
            raise UnsupportedMedia(accepted="application/json")
        try:
            return model.model_validate_json(content if kind else b"{}")
        except ValidationError as error:
            raise from_validation(error) from error

    async def read_bytes(self, limit: int, words: str) -> bytes:
        """The body, refused as soon as it is known to be beyond `limit` bytes; packed ones are not unpacked."""
        if (self.head(b"content-encoding") or b"identity").lower() != b"identity":
            raise UnsupportedMedia(accepted="Content-Encoding: identity")
        declared = self.head(b"content-length")
        if declared is not None and declared.isdigit() and int(declared) > limit:
            raise TooLarge(limit=words)
        chunks: list[bytes] = []
        size = 0
        try:
            async for chunk in self.stream():
                size += len(chunk)
                if size > limit:
                    raise TooLarge(limit=words)
                chunks.append(chunk)
        except ClientDisconnect as error:
            raise BadRequest from error
        self.content = self._body = b"".join(chunks)
        return self.content

    async def read_file(self, name: str, limit: int, words: str) -> UploadFile:
        """The one file of a multipart form; 415 when it is no form, 422 when the field is missing."""
        kind, options = parse_options_header(self.head(b"content-type"))
        if kind != b"multipart/form-data":
            raise UnsupportedMedia(accepted="multipart/form-data")
        content = await self.read_bytes(limit + 10_000, words)
        boundary = options.get(b"boundary")
        if not boundary or b"\r\n--" + boundary + b"--" not in content:
            raise BadRequest  # the parser would drop the unfinished part without a word
        try:
            form = await self.form(max_files=1, max_fields=5)
        except Exception as error:
            raise BadRequest from error
        given = form.get(name)
        if not isinstance(given, UploadFile):
            raise Invalid(fields=[FieldProblem(f"/{name}", "missing", "请附上一个文件", "a file is required")])
        if (given.size or 0) > limit:
            raise TooLarge(limit=words)
        return given

    def answer(
        self,
        body: bytes,
        *,
        status: int = 200,
        version: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """JSON, private to the caller. A read gets an ETag, and 304 when the client has it already."""
        out = {"cache-control": "private, no-store", **(headers or {})}
        if self.method == "GET":
            digest = hashlib.sha256(body).hexdigest()[:18]  # in hardware nearly everywhere
            tag = out["etag"] = f'"{version or 0}-{digest}"'
            seen = self.head(b"if-none-match")
            if seen is not None and {tag.encode(), b"*"} & {t.strip().removeprefix(b"W/") for t in seen.split(b",")}:
                return Response(status_code=304, headers=out)
        return Response(body, status, headers=out, media_type="application/json")


class _NoQuery(BaseModel, extra="forbid"):
    """For routes that take no query parameters."""


def dumps(value: Any) -> bytes:
    """JSON bytes of plain data."""
    return orjson.dumps(value, default=str)
