"""The catalogue of problems, made from their classes: what each `type` link opens, for people and for programs."""

from functools import cache
from html import escape
from string import Template
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.docs import with_addresses
from gateway.page import Page
from shared.infra.web.document import example_of, facts_of
from shared.kernel.errors import NoSuchAddress, Problem, catalogue

_FRAME = Template("""\
<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title · 邻里 Linli</title>
<link rel="icon" href="{icon.svg}">
<link rel="stylesheet" href="{linli.css}">
</head>
<body>
<header>
<a class="name" href="/docs"><img src="{icon.svg}" alt="" width="28" height="28">邻里 <span lang="en">Linli</span></a>
<nav><a href="/docs">接口文档 <span lang="en">API</span></a><a href="/problems">错误目录 <span lang="en">Problems</span></a><a href="/problems.json">problems.json</a></nav>
</header>
<main class="problems">
$body
</main>
</body>
</html>
""")  # noqa: E501
_LIST = Template("""\
<h1>错误目录 <span lang="en">Problems</span></h1>
<p>接口出错时回答 <code>application/problem+json</code>（RFC 9457）；
<code>code</code> 不会改变，<code>type</code> 指向这里。</p>
<p class="soft" lang="en">What can come instead of an answer. Programs go by <code>code</code>; it never changes.</p>
<table>
<thead><tr><th>状态</th><th>code</th><th>意思</th><th>怎么办</th></tr></thead>
<tbody>
$rows
</tbody>
</table>""")
_ROW = Template("""\
<tr id="$code"><td class="status">$status</td><td><a href="/problems/$code"><code>$code</code></a></td>
<td><p>$title_zh</p><p lang="en">$title_en</p></td><td><p>$detail_zh</p><p lang="en">$detail_en</p></td></tr>""")
_ONE = Template("""\
<h1>$title_zh</h1>
<p class="soft" lang="en">$title_en</p>
<table>
<tr><th>code</th><td><code>$code</code></td></tr>
<tr><th>HTTP</th><td class="status">$status</td></tr>
<tr><th>怎么办</th><td><p>$detail_zh</p><p lang="en">$detail_en</p></td></tr>
<tr><th>另有成员 <span lang="en">members</span></th><td>$members</td></tr>
</table>
<h2>例子 <span lang="en">Example</span></h2>
<pre>$example</pre>
<p><a href="/problems">全部错误 <span lang="en">All problems</span></a></p>""")


def _known() -> dict[str, type[Problem]]:
    found = {problem.code: problem for problem in catalogue()}
    return dict(sorted(found.items(), key=lambda item: (item[1].status, item[0])))


def _entry(problem: type[Problem]) -> dict[str, Any]:
    title, detail = ({"zh-CN": text[0], "en": text[1]} for text in (problem.title, problem.detail))
    return {
        "type": f"/problems/{problem.code}",
        "code": problem.code,
        "status": problem.status,
        "title": title,
        "detail": detail,
        "members": facts_of(problem),
        "example": example_of(problem),
    }


def _words(problem: type[Problem]) -> dict[str, str]:
    members = "、".join(f"<code>{escape(name)}</code>" for name in facts_of(problem))
    example = orjson.dumps(example_of(problem), option=orjson.OPT_INDENT_2).decode()
    (title_zh, title_en), (detail_zh, detail_en) = problem.title, problem.detail
    return {
        "code": problem.code,
        "status": str(problem.status),
        "title_zh": escape(title_zh),
        "title_en": escape(title_en),
        "detail_zh": escape(detail_zh),
        "detail_en": escape(detail_en),
        "members": members or "—",
        "example": escape(example),
    }


def _html(title: str, body: str) -> Page:
    return Page.of(with_addresses(_FRAME.substitute(title=title, body=body)).encode(), "text/html")


def _json(value: Any) -> Page:
    return Page.of(orjson.dumps(value), "application/json")


@cache
def _list(json: bool) -> Page:
    if json:
        return _json([_entry(problem) for problem in _known().values()])
    rows = "\n".join(_ROW.substitute(_words(problem)) for problem in _known().values())
    return _html("错误目录", _LIST.substitute(rows=rows))


@cache
def _one(code: str, json: bool) -> Page:
    problem = _known()[code]
    if json:
        return _json(_entry(problem))
    return _html(escape(problem.title[0]), _ONE.substitute(_words(problem)))


def _wants_json(request: Request) -> bool:
    accepted = request.headers.get("accept", "")
    return "json" in accepted and "text/html" not in accepted


async def _read_list(request: Request) -> Response:
    return _list(_wants_json(request)).answer(request)


async def _read_list_as_json(request: Request) -> Response:
    return _list(True).answer(request)


async def _read_one(request: Request) -> Response:
    code = request.path_params["code"]
    if code not in _known():
        raise NoSuchAddress
    return _one(code, _wants_json(request)).answer(request)


routes = [
    Route("/problems", _read_list),
    Route("/problems.json", _read_list_as_json),
    Route("/problems/{code}", _read_one),
]
