"""Problems: what can go wrong, said so that a person can act on it, in Chinese and English.

Each problem is a class with a stable `code`, the HTTP status it becomes, and its texts. The classes together are
the one table from code to status and language (`catalogue()`); the rules raise them without knowing HTTP.
Problems of one service stand in that service's `domain/errors.py`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal

from shared.kernel.clock import BEIJING
from shared.kernel.words import Word

Language = Literal["zh-CN", "en"]


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One wrong field: `pointer` is a JSON Pointer (RFC 6901) into the body, or the name of a query parameter."""

    pointer: str
    code: str
    zh: str
    en: str


class Problem(Exception):
    """Something the caller must hear about. `facts` fill the texts and appear as members of the answer."""

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500
    title: ClassVar[tuple[str, str]] = ("服务器出错了", "Something went wrong on our side")
    detail: ClassVar[tuple[str, str]] = (
        "请稍后再试；如再次出现，请把 request_id 告诉我们。",
        "Please try again; if it happens again, tell us the request_id.",
    )

    def __init__(
        self, *, fields: Sequence[FieldProblem] = (), headers: dict[str, str] | None = None, **facts: Any
    ) -> None:
        super().__init__(self.code)
        self.fields = tuple(fields)
        self.headers = headers or {}
        self.facts = facts

    def body(self, language: Language) -> dict[str, Any]:
        """The members of the RFC 9457 answer that the problem itself knows."""
        which = 0 if language == "zh-CN" else 1
        body: dict[str, Any] = {
            "type": f"/problems/{self.code}",
            "title": self.title[which],
            "status": self.status,
            "detail": self.detail[which].format_map(_Lenient(_in_words(self.facts, which))),
            "code": self.code,
        }
        if self.fields:
            texts = ((f.pointer, f.code, (f.zh, f.en)[which]) for f in self.fields)
            body["errors"] = [{"pointer": p, "code": c, "message": m} for p, c, m in texts]
        return body | self.facts


def _in_words(facts: dict[str, Any], which: int) -> dict[str, Any]:
    """Facts as a person reads them in the sentence; beside it they stand as programs do."""
    return {name: _said(fact, which) for name, fact in facts.items()}


def _said(fact: Any, which: int) -> str:
    if isinstance(fact, list):
        return ("、", ", ")[which].join(_said(one, which) for one in fact) or "—"
    if isinstance(fact, Word) and which == 0:
        return fact.zh
    if isinstance(fact, datetime):
        local = fact.astimezone(BEIJING)
        return (f"{local.month}月{local.day}日 {local:%H:%M}", f"{local:%Y-%m-%d %H:%M} (Beijing time)")[which]
    return str(fact)


class _Lenient(dict[str, Any]):
    """A fact that is missing leaves a dash: a problem must never fail while it is being told."""

    def __missing__(self, key: str) -> str:
        return "—"


def catalogue() -> Iterator[type[Problem]]:
    """Every problem there is, for documentation and tests."""
    waiting: list[type[Problem]] = [Problem]
    while waiting:
        problem = waiting.pop(0)
        yield problem
        waiting.extend(problem.__subclasses__())


class Unauthenticated(Problem):
    code, status = "unauthenticated", 401
    title = ("请先登录", "Please sign in")
    detail = (
        "请求没有有效的访问令牌，或令牌已过期，请重新登录。",
        "The request carries no valid access token, or it has expired; sign in again.",
    )


class Forbidden(Problem):
    code, status = "forbidden", 403
    title = ("您的角色不能这样做", "Your role may not do this")
    detail = ("此操作需要以下角色之一：{needed_roles}。", "This needs one of the roles: {needed_roles}.")


class NotFound(Problem):
    code, status = "not_found", 404
    title = ("没有找到", "Not found")
    detail = (
        "它不存在，或不在您可以查看的范围内。",
        "It does not exist, or it is outside of what you may see.",
    )


class NoSuchAddress(Problem):
    code, status = "no_such_address", 404
    title = ("没有这个地址", "No such address")
    detail = (
        "此地址没有服务，请对照接口文档检查路径。",
        "Nothing is served at this address; check the path.",
    )


class MethodNotAllowed(Problem):
    code, status = "method_not_allowed", 405
    title = ("此地址不支持这种方法", "This address does not take that method")
    detail = ("请改用：{allowed_methods}。", "Use {allowed_methods} instead.")


class BadRequest(Problem):
    code, status = "bad_request", 400
    title = ("请求无法理解", "The request cannot be understood")
    detail = ("请按 errors 中的说明修改后再试。", "Mend what errors names and send it again.")


class Invalid(Problem):
    code, status = "invalid", 422
    title = ("内容需要修改", "Some fields need mending")
    detail = (
        "请按 errors 中的说明逐项修改，没有任何内容被保存。",
        "Mend each field in errors; nothing was stored.",
    )


class Conflict(Problem):
    code, status = "conflict", 409
    title = ("当前状态不允许这样做", "The present state does not allow this")
    detail = (
        "当前状态为“{state}”，可以做的是：{allowed_actions}。",
        "The state is “{state}”; what may be done: {allowed_actions}.",
    )


class StaleVersion(Problem):
    code, status = "stale_version", 412
    title = ("内容已被别人修改", "Somebody changed it in between")
    detail = ("请重新读取后再修改。", "Read it again, then change it.")


class PreconditionRequired(Problem):
    code, status = "precondition_required", 428
    title = ("请先读取再修改", "Read it before you change it")
    detail = (
        "修改共享的记录时，请用 If-Match 带上读取时得到的 ETag。",
        "A change of a shared record carries the ETag of what was read in If-Match.",
    )


class TooLarge(Problem):
    code, status = "too_large", 413
    title = ("内容太大", "Too large")
    detail = ("最多允许 {limit}。", "At most {limit} is accepted.")


class UnsupportedMedia(Problem):
    code, status = "unsupported_media", 415
    title = ("不支持这种内容类型", "This kind of content is not accepted")
    detail = ("可以接受的类型：{accepted}。", "Accepted: {accepted}.")


class IdempotencyKeyReused(Problem):
    code, status = "idempotency_key_reused", 422
    title = ("同一个 Idempotency-Key 用在了不同的内容上", "The Idempotency-Key was used for something else")
    detail = ("请为新的请求换一个新的键。", "Use a new key for a new request.")


class TooManyRequests(Problem):
    code, status = "too_many_requests", 429
    title = ("请求太频繁", "Too many requests")
    detail = ("请在 {retry_after} 秒后再试。", "Try again in {retry_after} s.")

    def __init__(self, retry_after: int) -> None:
        super().__init__(headers={"retry-after": str(retry_after)}, retry_after=retry_after)


class Unavailable(Problem):
    code, status = "unavailable", 503
    title = ("服务暂时不可用", "Temporarily unavailable")
    detail = (
        "“{part}”暂时无法使用，没有任何内容被保存，请稍后再试。",
        "“{part}” cannot be reached just now; nothing was stored. Please try again shortly.",
    )

    def __init__(self, part: str, retry_after: int = 2) -> None:
        super().__init__(headers={"retry-after": str(retry_after)}, part=part)


class Interrupted(Problem):
    code, status = "interrupted", 503
    title = ("处理中断", "Interrupted")
    detail = (
        "“{part}”在处理时中断，请求可能已经完成，请用同一个 Idempotency-Key 重试或先查看结果。",
        "“{part}” went away while it worked; the request may have been carried out: retry with the same "
        "Idempotency-Key, or look first.",
    )

    def __init__(self, part: str, retry_after: int = 2) -> None:
        super().__init__(headers={"retry-after": str(retry_after)}, part=part)


class GatewayTimeout(Problem):
    code, status = "gateway_timeout", 504
    title = ("服务没有及时回应", "The service did not answer in time")
    detail = (
        "请求可能已经完成，请用同一个 Idempotency-Key 重试或先查看结果。",
        "The request may have been carried out: retry with the same Idempotency-Key, or look first.",
    )
