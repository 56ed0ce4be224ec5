"""The docs page and the catalogue of problems in a real browser that can reach no other host."""

from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path

import httpx
import pytest

from shared.kernel.errors import catalogue
from tests.support.browser import tab
from tests.support.processes import answers, free_port, process
from tests.support.world import World

#: Kept by CI; not in the repository.
ARTEFACTS = Path(__file__).parents[2] / ".linli" / "artefacts"


@pytest.fixture
async def address(environment: dict[str, str], tmp_path: Path) -> AsyncIterator[str]:
    """`linli serve`, as it is run."""
    url, log = f"http://127.0.0.1:{(port := free_port())}", tmp_path / "web.log"
    async with process(log, environment, "serve", "--port", str(port)) as web:
        await answers(f"{url}/readyz", web, log)
        yield url


async def test_the_page_shows_every_operation_and_needs_no_other_host(address: str, tmp_path: Path) -> None:
    async with httpx.AsyncClient(base_url=address, trust_env=False) as client:
        document = (await client.get("/openapi.json")).json()
    operations = [operation for methods in document["paths"].values() for operation in methods.values()]
    async with tab(tmp_path) as page:
        await page.open(f"{address}/docs")
        await page.until(f"document.querySelectorAll('.opblock').length === {len(operations)}")
        assert await page.say("document.title") == "邻里 Linli 接口文档"
        shown = "[...document.querySelectorAll('{}')].map(found => found.innerText.trim())"
        assert await page.say(shown.format(".opblock-summary-description")) == [o["summary"] for o in operations]
        tags = await page.say("[...document.querySelectorAll('.opblock-tag')].map(tag => tag.dataset.tag)")
        assert tags == [tag["name"] for tag in document["tags"]]
        assert tags[:6] == ["attachments", "categories", "petitions", "openings", "service-records", "points"]
        await page.picture(ARTEFACTS / "docs.png")
        await page.say(
            "document.querySelector('#operations-petitions-submit_petition .opblock-summary-control').click()"
        )
        await page.until("document.body.innerText.includes('3号楼2单元门禁已经坏了三天')")
        assert "petition.place_outside" in await page.say("document.body.innerText")
        await page.say("document.querySelector('#operations-petitions-submit_petition').scrollIntoView()")
        await page.picture(ARTEFACTS / "docs-operation.png")
        await page.open(f"{address}/problems")
        await page.until("document.querySelectorAll('tbody tr').length > 20")
        await page.picture(ARTEFACTS / "problems.png")
    assert len(page.requested) >= 6
    assert {url for url in page.requested if not url.startswith((f"{address}/", "data:"))} == set()
    assert page.complaints == []


async def test_a_call_can_be_tried_from_the_page(address: str, world: World, tmp_path: Path) -> None:
    async with tab(tmp_path) as page:
        await page.open(f"{address}/docs")
        await page.click(".btn.authorize")
        await page.until("document.querySelector('.auth-container input') !== null")
        await page.say("document.querySelector('.auth-container input').focus()")
        await page.call("Input.insertText", text=world.resident.token)
        await page.click(".auth-btn-wrapper .authorize")
        await page.click(".auth-btn-wrapper .btn-done")
        await page.say("document.querySelector('#operations-me-read_me .opblock-summary-control').click()")
        await page.click("#operations-me-read_me .try-out__btn")
        await page.click("#operations-me-read_me .execute")
        answer = "#operations-me-read_me .live-responses-table tbody"
        await page.until(f"document.querySelector('{answer}')?.innerText.includes('{world.resident.id}')")
    assert page.complaints == []


async def test_every_problem_has_a_page_that_says_what_to_do_in_both_languages(world: World) -> None:
    client = world.resident.client
    listed = (await client.get("/problems.json")).json()
    assert {entry["code"] for entry in listed} == {problem.code for problem in catalogue()}
    everything = unescape((await client.get("/problems")).text)
    for problem in catalogue():
        page = await client.get(f"/problems/{problem.code}", headers={"accept": "text/html,*/*"})
        assert page.status_code == 200 and page.headers["content-type"].startswith("text/html")
        for text in (problem.code, str(problem.status), *problem.title):
            assert text in unescape(page.text) and text in everything, text
        alone = (await client.get(f"/problems/{problem.code}", headers={"accept": "application/json"})).json()
        assert alone in listed and alone["detail"] == {"zh-CN": problem.detail[0], "en": problem.detail[1]}
    assert (await client.get("/problems/nothing")).json()["code"] == "no_such_address"


async def test_the_type_of_a_real_problem_opens(address: str) -> None:
    async with httpx.AsyncClient(base_url=address, trust_env=False) as client:
        for path in ("/api/v1/me", "/api/v1/nothing"):
            refused = await client.get(path)
            opened = await client.get(refused.url.join(refused.json()["type"]))
            assert opened.status_code == 200 and refused.json()["title"] in opened.text


@pytest.mark.parametrize("path", ["/docs", "/problems", "/problems/not_found", "/openapi.json", "/problems.json"])
async def test_pages_load_nothing_from_elsewhere_and_are_fetched_once(world: World, path: str) -> None:
    first = await world.resident.client.get(path)
    policy = first.headers["content-security-policy"]
    assert policy.startswith("default-src 'none';") and "unsafe" not in policy and "http" not in policy
    assert first.headers["x-content-type-options"] == "nosniff"
    assert "<script>" not in first.text and "style=" not in first.text
    seen = {"if-none-match": first.headers["etag"]}
    assert (await world.resident.client.get(path, headers=seen)).status_code == 304
    assert (await world.resident.client.head(path)).status_code == 200


async def test_the_files_of_the_page_are_kept_by_browsers_for_ever_under_a_name_that_changes(world: World) -> None:
    client = world.resident.client
    page = (await client.get("/docs")).text
    named = [part.split('"')[0] for part in page.split('="')[1:] if part.startswith("/docs/")]
    assert len({*named}) == 6
    for path in named:
        answer = await client.get(path)
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert (await client.get(path.replace("/docs/", "/docs/0"))).status_code == 404
    for path in ("/docs/x/secrets.json", "/docs/x/../../main.py", "/docs/x/%2e%2e"):
        assert (await client.get(path)).status_code == 404
