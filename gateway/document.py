"""One OpenAPI document out of all services' documents, in the order of the main journey."""

import asyncio
import time
from typing import Any

import orjson
import structlog
from starlette.types import Scope

from gateway.page import Page
from gateway.upstreams import Upstream, ask
from shared.infra.web.frame import where

log = structlog.get_logger()

#: Seconds for which a merged document is kept: a service elsewhere may be replaced, one that is down comes back.
_KEPT_SECONDS = 60.0
_KEPT_INCOMPLETE_SECONDS = 2.0

_TAGS = {
    "attachments": "照片：先上传，再在诉求或服务记录里引用 · Photos",
    "categories": "诉求类别 · What a petition can be about",
    "petitions": "诉求：提交、受理、派单、办理、办结、确认 · Petitions, from the report to the last word",
    "openings": "任务与活动：发布、认领、签到码 · Tasks and activities for volunteers",
    "service-records": "服务记录：签到、签退、提交、审核 · What volunteers did",
    "points": "积分 · Points",
    "home": "首页：一次取回本人的待办、任务与积分 · The first screen in one call",
    "me": "本人 · The caller",
    "areas": "区域：地图上的点属于哪里、谁负责，区域的增改并拆 · Areas, who answers for them, and how they change",
    "offices": "职务：谁负责哪里、自何时至何时，任命、终止与移交 · Who answers for what, from when until when",
    "grants": "角色：授予、终止与审计 · Roles, who gave and ended them",
    "organisations": "单位：登记、更正、合并，职责清单与包联 · Whom a community can turn to, and who handles what",
    "people": "人员：登记、查找、脱敏显示与查看记录 · The register of people, masked, and who was shown what",
    "care": "关爱：谁需要照顾、由谁照顾，只有相关的人能看 · Who is looked after, told by assignment only",
    "facilities": "设施与 15 分钟生活圈 · Facilities, and what can be reached on foot",
    "services": "服务目录：在哪里办、几点办、带什么 · What one can get where, when, and what to bring",
    "statistics": "统计：按表计数 · Figures, by counting",
    "households": "住户：区域里的门牌 · Households behind the doors of an area",
    "memberships": "成员身份：谁在哪个单位、受谁委派 · Who belongs to which organisation",
    "enrolments": "双向报到：单位在驻地、党员在居住地 · Units enrol where they are, their members where they live",
    "councils": "大党委、大工委：成员单位、委员、例会 · Councils, who sits in them, and whether they meet",
}
_INFO = """\
邻里：居民诉求、志愿服务与社区目录的接口，JSON，中文与英文（`Accept-Language`，默认中文）。

- **登录**：除照片链接外都需要访问令牌，点右侧的 Authorize 填入（不含 `Bearer`）。令牌由本社区的部署人员签发。
- **出错**：统一为 RFC 9457 `application/problem+json`，`code` 不变，`type` 可以打开；全部错误见 [错误目录](/problems)。
- **重试**：`POST` 带 `Idempotency-Key`，同键同内容只做一次。读取带 `ETag`，可用 `If-None-Match`。
- **频率**：每个调用者的余量见 `RateLimit` 响应头；超出时 429，按 `Retry-After` 再试。

Petitions, volunteers and the directory of a neighbourhood. Sign in with an access token (Authorize). Errors are
RFC 9457 problems with a stable `code`; `type` opens the [catalogue of problems](/problems). A `POST` with an
`Idempotency-Key` is done once; reads give an `ETag`. Times are RFC 3339 in UTC, coordinates name their system.
"""
_BEARER = "访问令牌（ES256 JWT，15 分钟有效）· An access token; it lives for 15 minutes."


class MergedDocument:
    """The document as it is sent, kept for a while."""

    def __init__(self, own: dict[str, Any], upstreams: dict[str, Upstream]) -> None:
        self.own = own
        self.upstreams = upstreams
        self._page: Page | None = None
        self._until = 0.0
        self._one_at_a_time = asyncio.Lock()

    async def page(self, scope: Scope) -> Page:
        async with self._one_at_a_time:
            if self._page is None or time.monotonic() > self._until:
                document = await merged(self.own, self.upstreams, scope)
                kept = _KEPT_INCOMPLETE_SECONDS if "x-missing" in document else _KEPT_SECONDS
                self._page = Page.of(orjson.dumps(document), "application/json")
                self._until = time.monotonic() + kept
            return self._page


async def merged(own: dict[str, Any], upstreams: dict[str, Upstream], scope: Scope) -> dict[str, Any]:
    """Paths and components of all; a service that is down, or contradicts another, is left out: see `x-missing`."""
    paths = dict(own["paths"])
    parts = {kind: dict(named) for kind, named in own["components"].items()}
    missing = []
    for name, upstream in upstreams.items():
        try:
            status, body = await ask(upstream, scope, "/openapi.json")
            theirs = orjson.loads(body) if status == 200 else None
            if theirs is not None:
                parts = with_parts(parts, theirs["components"])
                paths |= theirs["paths"]
                continue
        except Exception as error:  # a service that does not tell what it offers must not hide what the others do
            log.warning("document", service=name, error=where(error))
        missing.append(name)
    parts["securitySchemes"] = {"bearer": parts["securitySchemes"]["bearer"] | {"description": _BEARER}}
    document: dict[str, Any] = {
        "openapi": own["openapi"],
        "info": {"title": "邻里 Linli", "version": own["info"]["version"], "description": _INFO},
        "servers": [{"url": "/", "description": "此网关 · This gateway"}],
        "tags": [{"name": name, "description": words} for name, words in _TAGS.items()],
        "paths": _in_order(paths),
        "components": parts,
    }
    return document | ({"x-missing": missing} if missing else {})


def _in_order(paths: dict[str, Any]) -> dict[str, Any]:
    """By tag in the order above, within it as declared; what makes something before what lists it."""
    order = list(_TAGS)
    tagged = sorted(paths.items(), key=lambda item: order.index(next(iter(item[1].values()))["tags"][0]))
    return {path: dict(sorted(methods.items(), reverse=True)) for path, methods in tagged}


def with_parts(parts: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any]:
    """Components of both; raises when one name stands for two things, because then the document would lie."""
    together = {kind: dict(named) for kind, named in parts.items()}
    for kind, named in theirs.items():
        for name, part in named.items():
            if together.setdefault(kind, {}).setdefault(name, part) != part:
                raise ValueError(f"another {kind} {name}")
    return together
