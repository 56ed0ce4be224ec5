"""Opaque cursors for lists in a stable order, newest first: the id of the last row seen."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

from shared.kernel.errors import BadRequest, FieldProblem

#: Before the first page: greater than any UUIDv7.
START = UUID(int=2**128 - 1)


def encode(last: UUID) -> str:
    return urlsafe_b64encode(last.bytes).decode().rstrip("=")


def decode(cursor: str | None) -> UUID:
    """The position of a cursor; 400 when it is none of ours."""
    if cursor is None:
        return START
    try:
        return UUID(bytes=urlsafe_b64decode(cursor + "=="))
    except ValueError as error:
        zh, en = "请使用上一页给出的 next_cursor", "use the next_cursor of the page before"
        raise BadRequest(fields=[FieldProblem("cursor", "cursor_form", zh, en)]) from error


def page(items: list[str], ids: list[UUID], limit: int) -> bytes:
    """The list answer from JSON rows of which one more than `limit` was asked for."""
    more = len(items) > limit
    following = f'"{encode(ids[limit - 1])}"' if more else "null"
    return f'{{"items":[{",".join(items[:limit])}],"next_cursor":{following}}}'.encode()
