"""What people may write comes back byte for byte; what would spoof, break or flood is refused with a reason.

Refused in all texts: NUL and other control characters (PostgreSQL stores no NUL, a terminal obeys the others), and the
bidirectional overrides and isolates U+202A-202E and U+2066-2069 (UAX 9): one of them in a title turns the order of
what stands after it in a list, so that a name or a link reads as another. They are refused, not taken out in silence:
whoever wrote one by intent should know, and nobody types one by accident. Kept: every script, combining marks,
joiners (ZWJ holds families of emoji together, ZWNJ Persian words), the marks U+200E/F that Arabic and Hebrew need, and
private use characters, in which some names were written before Unicode had them.
"""

import json
from typing import Any
from urllib.parse import unquote

import httpx
import orjson
import pytest
from starlette.types import Message, Scope

from shared.infra import cursors
from shared.kernel.ids import new_id
from tests.services.petitions.test_journey_of_a_petition import brought_to, submitted
from tests.support.world import World

KEPT = {
    "Hanzi beyond the first plane": "𠮷野家在𰻝𰻝面馆旁边，𪚥𪚥",
    "extensions of Hanzi": "\U00020000\U0002a6df\U0002b740\U0002ceb0\U00030000\U000323af",
    "compatibility Hanzi, not made alike": "豈 ≠ 豈",
    "combining marks, not put together": "e\u0301 ≠ é, ǭ̴̢̛",
    "emoji families": "👨‍👩‍👧‍👦🏳️‍🌈👩🏽‍🚒🇨🇳",
    "Uyghur and Arabic": "چىراغ بۇزۇلدى، العربية",
    "marks of direction that Hebrew needs": "שלום\u200f!\u200e (1)",
    "Tibetan, Mongolian, Yi": "བོད་སྐད། ᠮᠣᠩᠭᠣᠯ ꆈꌠꉙ",
    "private use": "\ue000\U000f0000",
    "what is no character": "\ufffe\uffff\U0010ffff",
    "spaces inside": "一　二\u00a0三\u2003四",
    "tabs and lines": "一\t二\n三",
    "quotes of every kind": "'; drop table petition; -- \" \\ \\u0000 %s {0} ${x} \u2028 {{x}}",
    "a page": "<script>alert(1)</script><img src=x onerror=alert(1)>&amp;",
    "a replaced character": "\ufffd",
}


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT)
async def test_what_people_may_write_comes_back_byte_for_byte(world: World, text: str) -> None:
    written = await submitted(world, text=text)
    assert written["text"] == text and written["history"][0]["facts"] is not None
    read = (await world.resident.get(f"/petitions/{written['id']}")).json()
    assert read["text"].encode() == text.encode()
    if not {"\n", "\u2028"} & set(text):
        titled = await submitted(world, title=text)
        rows = (await world.resident.get("/petitions")).json()["items"]
        assert {row["id"]: row["title"] for row in rows}[titled["id"]] == text


async def test_escaped_and_plain_characters_are_the_same(world: World) -> None:
    location = json.dumps(world.location())
    for escaped in ('"\\ud842\\udfb7"', '"𠮷"'):
        content = f'{{"text": {escaped}, "location": {location}}}'.encode()
        answer = await _send(world, content)
        assert answer.status_code == 201 and answer.json()["text"] == "𠮷", answer.text


REFUSED = {
    "NUL": "a\x00b",
    "an escape that colours terminals": "a\x1b[31mb",
    "backspaces": "a\x08\x08b",
    "delete": "a\x7fb",
    "a control character of Latin-1": "a\x9b31mb",
    "right-to-left override": "照片\u202egpj.exe",
    "left-to-right embedding": "a\u202ab\u202c",
    "an isolate that never ends": "a\u2067b",
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
async def test_what_spoofs_or_breaks_is_refused_by_name(world: World, text: str) -> None:
    for field in ("title", "text"):
        body = {"text": "路灯不亮", "location": world.location(), field: text}
        refused = await world.resident.post("/petitions", body)
        assert refused.status_code == 422
        assert [(e["pointer"], e["code"]) for e in refused.json()["errors"]] == [(f"/{field}", "control_character")]


async def _send(world: World, content: bytes, kind: str = "application/json", **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await world.resident.post("/petitions", content=content, headers={"content-type": kind, **named})


_TEXT = '{"text": "路灯不亮", "location": {"lat": 1, "lon": 1, "coord_sys": "wgs84"}}'
#: What is sent, and the status; what passes the parser names a place where nobody is, which is a 422.
JSON: dict[str, tuple[bytes, int]] = {
    "100,000 lists deep": (b"[" * 100_000, 400),
    "100,000 lists deep, closed": (b"[" * 100_000 + b"]" * 100_000, 400),
    "100,000 objects deep": (b'{"text":' * 100_000 + b"1" + b"}" * 100_000, 400),
    "deep where a list is asked for": (b'{"attachments":' + b"[" * 400_000 + b"]" * 400_000 + b"}", 400),
    "100,000 unknown fields": (b"{" + b",".join(b'"f%d":1' % n for n in range(70_000)) + b"}", 422),
    "one field again and again": (b"{" + b'"text":"a",' * 80_000 + b'"text":"b"}', 422),
    "300,000 attachments": (b'{"attachments":[' + b'"",' * 300_000 + b'""]}', 422),
    "a string of 999 KB": (b'{"text":"' + b"a" * 999_000 + b'"}', 422),
    "1e400": (b'{"location":{"lat":1e400,"lon":1,"coord_sys":"wgs84"}}', 422),
    "-1e400": (b'{"location":{"lat":-1e400,"lon":1,"coord_sys":"wgs84"}}', 422),
    "1e-400": (_TEXT.replace('"lat": 1', '"lat": 1e-400').encode(), 422),
    "an integer of 400 digits": (b'{"location":{"lat":1' + b"0" * 400 + b',"lon":1,"coord_sys":"wgs84"}}', 422),
    "an integer of 5,000 digits": (b'{"location":{"lat":1' + b"0" * 5_000 + b',"lon":1,"coord_sys":"wgs84"}}', 400),
    "NaN": (b'{"location":{"lat":NaN,"lon":1,"coord_sys":"wgs84"}}', 422),
    "Infinity": (b'{"location":{"lat":Infinity,"lon":1,"coord_sys":"wgs84"}}', 422),
    "minus zero": (_TEXT.replace('"lat": 1', '"lat": -0').replace('"lon": 1', '"lon": -0.0').encode(), 422),
    "a lone high surrogate": (b'{"text":"\\ud842"}', 400),
    "a lone low surrogate": (b'{"text":"\\udfb7"}', 400),
    "surrogates the wrong way round": (b'{"text":"\\udfb7\\ud842"}', 400),
    "a surrogate in UTF-8": (b'{"text":"\xed\xa1\x82"}', 400),
    "GBK": (_TEXT.encode("gbk"), 400),
    "Big5": (_TEXT.replace("灯", "燈").encode("big5"), 400),
    "UTF-16": (_TEXT.encode("utf-16"), 400),
    "UTF-32": (_TEXT.encode("utf-32-le"), 400),
    "a byte order mark": (b"\xef\xbb\xbf" + _TEXT.encode(), 400),
    "an overlong slash": (b'{"text":"\xc0\xaf"}', 400),
    "a control character that is not escaped": (b'{"text":"a\x00b"}', 400),
    "two values": (b"{} {}", 400),
    "a comment": (b"{/* x */}", 400),
    "a comma too many": (b'{"text":"a",}', 400),
    "quotes of another kind": (b"{'text':'a'}", 400),
    "null": (b"null", 422),
    "true": (b"true", 422),
    "a number": (b"1", 422),
    "a list around it": (b"[" + _TEXT.encode() + b"]", 422),
    "fields of Python": (b'{"__class__":{"__init__":1},"__proto__":{}}', 422),
}


@pytest.mark.parametrize(("content", "status"), JSON.values(), ids=JSON)
async def test_json_that_lies_bursts_or_breaks_is_refused_and_stores_nothing(
    world: World, content: bytes, status: int
) -> None:
    refused = await _send(world, content)
    assert refused.status_code == status, refused.text[:500]
    assert len(refused.content) < 20_000, "the answer must not grow with what was sent"
    assert (await world.resident.get("/petitions")).json()["items"] == []


async def test_a_value_of_another_type_is_refused_and_a_whole_number_is_one_however_it_is_written(world: World) -> None:
    path = f"/petitions/{(await brought_to(world, 'resolved'))['id']}/confirm"
    good = {"rating": 5, "contacted": True}
    for field, lie in (("rating", "5"), ("rating", True), ("rating", 4.5), ("contacted", "yes"), ("contacted", 1)):
        refused = await world.resident.post(path, good | {field: lie})
        assert refused.status_code == 422 and refused.json()["errors"][0]["pointer"] == f"/{field}", (field, lie)
    assert (await world.resident.post(path, good | {"rating": 5.0})).status_code == 200


async def test_a_title_is_one_line_for_unicode_too(world: World) -> None:
    for end in ("\n", "\u2028", "\u2029"):
        body = {"text": "路灯不亮", "title": f"一{end}二", "location": world.location()}
        refused = await world.resident.post("/petitions", body)
        assert refused.status_code == 422 and refused.json()["errors"][0]["code"] == "one_line"


async def test_a_type_that_lies_or_a_body_that_is_packed_is_a_415(world: World) -> None:
    body = json.dumps({"text": "路灯不亮", "location": world.location()}).encode()
    for kind in (
        "text/plain",
        "application/xml",
        "application/json+x",
        "application/jsonp",
        "multipart/form-data",
        "*/*",
    ):
        assert (await _send(world, body, kind)).status_code == 415, kind
    for packed in ("gzip", "br", "deflate", "gzip, gzip", "x-unknown"):
        assert (await _send(world, body, content_encoding=packed)).status_code == 415, packed
    for kind in ("application/json", "Application/JSON; charset=utf-8", "application/json;charset=GBK"):
        assert (await _send(world, body, kind)).status_code == 201, kind


async def exactly(world: World, token: str, path: str, query: bytes = b"") -> tuple[int, bytes]:
    """A GET of this very address, which no client has put in order before: the status and the body."""
    sent: list[Message] = []
    scope: Scope = {"type": "http", "method": "GET", "scheme": "http", "root_path": "", "http_version": "1.1"}
    scope |= {"path": unquote(path), "raw_path": path.encode(), "query_string": query}
    scope["headers"] = [(b"authorization", f"Bearer {token}".encode())]

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await world.assembly.gateway(scope, receive, send)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])


QUERIES: dict[str, tuple[str, int]] = {
    "an unknown one": ("x=1", 400),
    "no name": ("=1", 400),
    "a name of a field": ("reporter_id=1", 400),
    "brackets": ("limit[]=1", 400),
    "fifty-one": ("&".join("limit=1" for _ in range(51)), 400),
    "the same twice": ("limit=1&limit=500", 400),
    "broken percents": ("q=%E8%A7", 400),
    "latin-1": ("q=%E9", 400),
    "a NUL": ("q=%00%00", 422),
    "a limit of a NUL": ("limit=%00", 422),
    "a limit in other digits": ("limit=%D9%A1%D9%A0", 422),
    "bytes that are not escaped": ("q=路灯".encode().decode("latin-1"), 400),
    "a limit of 400 digits": ("limit=" + "9" * 400, 422),
    "a limit below": ("limit=-1", 422),
    "a limit in hex": ("limit=0x10", 422),
    "a statement": ("q=%27%3B+drop+table+petition%3B--", 200),
    "a pattern": ("q=%25%25%25__%5C", 422),
    "only signs": ("q=%28%28%2A%2A%2B%2B%7C%7C", 422),
    "Hanzi beyond the first plane": ("q=%F0%A0%AE%B7%F0%A0%AE%B7", 200),
}


@pytest.mark.parametrize(("query", "status"), QUERIES.values(), ids=QUERIES)
async def test_a_query_is_read_exactly_or_refused(world: World, query: str, status: int) -> None:
    answered, body = await exactly(world, world.resident.token, "/api/v1/petitions", query.encode("latin-1"))
    assert answered == status, body


CURSORS = ["", "A", "AAAA", "=" * 10, "A" * 22, "A" * 200, "A" * 201, "%00", "☃", "../..", "e30", "-1", "0", "null"]


async def test_a_cursor_that_is_forged_cut_or_foreign_shows_nothing_that_is_not_mine(world: World) -> None:
    await submitted(world)
    theirs = await submitted(world)
    good = cursors.encode(new_id())
    for cursor in (*CURSORS, good[:-1], good + "A", good.swapcase(), f" {good}", f"{good}==", good + "\n"):
        answer = await world.resident.get("/petitions", params={"cursor": cursor})
        assert answer.status_code in (200, 400, 422), (cursor, answer.text)
    for path in ("/petitions", "/openings", "/service-records", "/points/me/transfers", "/organisations"):
        foreign = await world.stranger.get(path, params={"cursor": cursors.encode(cursors.START)})
        assert foreign.status_code in (200, 400) and theirs["id"] not in foreign.text, path


async def test_ids_in_other_spellings_are_the_same_id_or_none(world: World) -> None:
    petition = (await submitted(world))["id"]
    other = ["{" + petition + "}", f"urn:uuid:{petition}", petition.replace("-", ""), petition.upper()]
    for spelt in other:
        assert (await world.resident.get(f"/petitions/{spelt}")).status_code in (200, 404), spelt
    for none in (
        "00000000-0000-0000-0000-000000000000",
        "f" * 8 + "-ffff-ffff-ffff-" + "f" * 12,
        "1" * 400,
        "%00",
        "null",
    ):
        assert (await world.resident.get(f"/petitions/{none}")).status_code == 404, none
    for none in ("d9428888-122b-11e1-b85c-61cd3cbb3210", "936DA01F-9ABD-4D9D-80C7-02AF85C822A8"):
        assert (await world.resident.get(f"/petitions/{none}")).status_code == 404, none


async def test_a_strange_idempotency_key_is_a_400_or_a_key(world: World) -> None:
    body: dict[str, Any] = {"text": "路灯不亮", "location": world.location()}
    for key in (b"", b" ", b"a b", b"x" * 201, "钥匙".encode(), b"a\tb", b"a\x7f"):
        refused = await world.resident.post("/petitions", body, headers={"idempotency-key": key})
        assert refused.status_code == 400, key
        assert refused.json()["errors"][0]["pointer"] == "Idempotency-Key"
    for key in (b"'--", b"{}", b"x" * 200, b"%00", b"../.."):
        first = await world.resident.post("/petitions", body, headers={"idempotency-key": key})
        again = await world.resident.post("/petitions", body, headers={"idempotency-key": key})
        assert first.status_code == again.status_code == 201 and first.json()["id"] == again.json()["id"], key


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [
        (b"en;q=0", "zh-CN"),
        (b"en;q=0, zh;q=0", "zh-CN"),
        (b"zh;q=0, en;q=0.1", "en"),
        (b"en;q=0.1, zh;q=0.2", "zh-CN"),
        (b"fr, en-GB;q=0.5", "en"),
        (b"en;q=nonsense", "zh-CN"),
        (b"en;q=1e9", "zh-CN"),
        (b"english", "zh-CN"),
        (b"zh-Hant-TW", "zh-CN"),
        (b"EN_us", "zh-CN"),
        (b",;,;q=,", "zh-CN"),
        (b"x," * 20_000 + b"en", "zh-CN"),
        (b"\xff\xfe", "zh-CN"),
        (b"*", "zh-CN"),
    ],
)
async def test_a_problem_speaks_what_accept_language_likes_best(world: World, asked: bytes, spoken: str) -> None:
    answer = await world.resident.client.get("/api/v1/nothing", headers={"accept-language": asked})
    assert answer.headers["content-language"] == spoken


async def test_if_none_match_of_any_kind_is_the_same_or_ignored(world: World) -> None:
    path = f"/petitions/{(await submitted(world))['id']}"
    tag = (await world.resident.get(path)).headers["etag"]
    for same in (tag, f"W/{tag}", f'"x", {tag}', "*", f"{tag},{'x' * 9000}"):
        answer = await world.resident.get(path, headers={"if-none-match": same})
        assert answer.status_code == 304 and answer.content == b"", same
    for other in ("", '"', tag.strip('"'), tag[:-2] + '"', "W/", ",,,", "\xff" * 9, '"x"' * 3000):
        answer = await world.resident.get(path, headers={"if-none-match": other.encode("latin-1")})
        assert answer.status_code == 200, other


PATHS = [
    "/api/v1/petitions%2f{id}",
    "/api/v1/petitions/{id}/",
    "/api/v1/petitions//{id}",
    "/api/v1/petitions/{id}%00",
    "/api/v1/petitions/{id}%0a",
    "/api/v1/petitions/{id};x=1",
    "/api/v1/petitions/{id}.json",
    "/api/v1/petitions/../petitions/{id}",
    "/api/v1/petitions/%2e%2e/me",
    "/api/v1/%70etitions/%2e/{id}",
    "/API/V1/petitions/{id}",
    "/api/v1/petitions\\{id}",
    "/api/v2/petitions/{id}",
    "/api/v1/petitions/{id}/history/../../..",
    "/internal/v1/petitions/{id}",
    "//internal/v1/petitions/{id}",
    "/api/v1/me/../../../internal/v1/petitions/{id}",
    "/api/v1/petitions/" + "x/" * 3000,
    "/%ff%fe",
]


@pytest.mark.parametrize("path", PATHS)
async def test_no_path_leads_round_the_back(world: World, path: str) -> None:
    petition = (await submitted(world))["id"]
    for person in (world.stranger, world.platform_admin):
        status, body = await exactly(world, person.token, path.replace("{id}", petition))
        assert status in (401, 404), (path, body)
        assert orjson.loads(body)["status"] == status and petition.encode() not in body


async def test_head_is_get_without_its_body_and_options_names_the_methods(world: World) -> None:
    path = f"/api/v1/petitions/{(await submitted(world))['id']}"
    got, head = await world.resident.call("GET", path), await world.resident.call("HEAD", path)
    assert head.status_code == 200 and head.content == b""
    for name in ("etag", "content-type", "content-length", "cache-control"):
        assert head.headers[name] == got.headers[name]
    theirs = {"authorization": f"Bearer {world.stranger.token}"}
    assert (await world.resident.client.head(path, headers=theirs)).status_code == 404
    assert (await world.resident.client.head(path)).status_code == 401
    asked = await world.resident.client.options("/api/v1/petitions")
    assert asked.status_code == 204 and asked.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    for method in ("PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "X" * 50):
        refused = await world.resident.call(method, path)
        assert refused.status_code == 405 and refused.headers["allow"] == "GET, HEAD, OPTIONS", method
