"""What the commands do beside serving and working, with progress that a person can read."""

import asyncio
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from deploy.demo.communities import FIRST, PLACES
from deploy.keys import DEMO_KEY, ensure_key
from deploy.machine.folder import data_folder, read_json, write_json
from deploy.machine.words import say, step
from shared.infra.settings import CommonSettings

if TYPE_CHECKING:
    from services.directory.actions.import_areas import Report

Tell = Callable[[str, int, int], None]

#: Whoever of demo.json the first community brings: without them it is not loaded yet.
_FIRST_OF_THE_CAST = "resident"


def prepare() -> None:
    """Databases and streams brought up to date, and the demo's key where there is to be a demo."""
    from deploy.migrating import migrate_all

    asyncio.run(migrate_all(dict(os.environ)))
    settings = CommonSettings()
    if not settings.production:
        ensure_key(settings.keys, DEMO_KEY)


def greet(base_url: str) -> None:
    """When the address answers: the demo on the first start, the journey once per data folder."""
    if CommonSettings().production:
        return
    file = data_folder() / "demo.json"
    if _FIRST_OF_THE_CAST not in read_json(file).get("people", {}):
        demo((FIRST,), base_url)
    else:
        renew(file, base_url)
    played = data_folder() / "journey.json"
    if not played.exists():
        journey(base_url)
        write_json(played, {"played": True})
    say(f"居民的访问令牌在 {file}", f"people's tokens are in {file}")


def renew(file: Path, base_url: str) -> None:
    """New tokens for the demo's people at every start: they live for 30 days only."""
    people = read_json(file)["people"]
    fresh = asyncio.run(tokens(tuple(people)))
    renewed = {name: people[name] | {"access_token": token} for name, token in zip(people, fresh, strict=True)}
    write_json(file, {"base_url": base_url, "people": renewed})


def demo(names: Sequence[str], base_url: str) -> None:
    """Loads communities of the demo, one after the other, with progress; refused in production."""
    from deploy.demo.loading import load_demo

    settings = _not_in_production("demo")
    say("正在载入演示数据，其间可以使用", "the demo is loading; all of it works already")
    for name in names:
        place = PLACES[name]
        with step(f"已载入：{place.name_zh}", f"{place.name_en} is loaded"), _bars() as tell:
            asyncio.run(load_demo(name, data_folder() / "demo.json", base_url, settings.keys, tell))


def journey(base_url: str) -> None:
    """Plays the journey and prints each step."""
    import httpx

    from deploy.demo.changzheng import JOURNEY_PLACE
    from deploy.journey import Journey, JourneyFailed

    people = read_json(data_folder() / "demo.json").get("people")
    if people is None:
        raise JourneyFailed("没有演示数据，请先运行 linli demo\nThere is no demo yet; run linli demo first")

    async def play() -> None:
        async with httpx.AsyncClient(base_url=base_url, trust_env=False, timeout=15) as client:
            walk = Journey(client, people, JOURNEY_PLACE)
            async for done in walk.walk():
                click.echo(f"  {done.who:<16} {done.status}  {done.milliseconds:7.1f} ms  {done.what}  {done.note}")
        total = sum(done.milliseconds for done in walk.steps)
        click.echo(f"  {len(walk.steps)} 步全部完成 · steps, all done, {total:.0f} ms")

    asyncio.run(play())


async def tokens(people: tuple[str, ...]) -> list[str]:
    """Tokens signed with the demo's key."""
    from deploy.assemble import Assembly
    from deploy.demo.stage import TOKEN_LIFE
    from services.directory.actions.tokens import actor_for
    from shared.infra.auth import TokenIssuer
    from shared.kernel.errors import NotFound

    settings = _not_in_production("token")
    known = read_json(data_folder() / "demo.json").get("people", {})
    issuer = TokenIssuer(settings.keys, DEMO_KEY)
    found = []
    async with Assembly().opened(("directory",)) as houses:
        for name in people:
            try:
                person_id = UUID(known[name]["person_id"] if name in known else name)
            except ValueError as error:
                names = ", ".join(sorted(known)) or "—"
                raise click.ClickException(
                    f"不认识 {name}；可用：{names}\nNobody is called {name}; known: {names}"
                ) from error
            try:
                actor = await actor_for(houses["directory"].pool, person_id)
            except NotFound as error:
                raise click.ClickException(
                    f"{name} 不是在册人员（没有、已注销，或已并入另一条记录）\n"
                    f"{name} is nobody (unknown, erased, or merged into another record)"
                ) from error
            found.append(issuer.access_token(actor, TOKEN_LIFE))
    return found


def import_pingshan(folder: Path, messages: Path | None) -> None:
    """Reads, loads, and says what was wrong with which line."""
    from deploy.imports import pingshan
    from deploy.imports.loading import READER, load_import
    from deploy.imports.report import summary

    with step("已读取并核对", "read and checked"):
        read = pingshan.read(folder, messages)
    for sentence in (line for language in ("zh", "en") for line in summary(read.problems, language)):
        click.echo(f"  {sentence}")
    with _bars() as tell:
        result = asyncio.run(load_import(read, tell))
    say(
        f"诉求：新增 {result.new_cases}，已有 {result.known_cases}；类别 {result.categories}",
        f"petitions: {result.new_cases} new, {result.known_cases} known already; {result.categories} categories",
    )
    reader = result.directory.ids[READER]
    say(f"查看令牌：linli token {reader}", "prints a token that may see all of it, at /api/v1/petitions?scope=area")


def import_area_file(file: Path, parent: UUID | None, tenant: str | None, dry_run: bool) -> bool:
    """Checks or loads a file of areas, says every problem by its line; True when there was none."""
    from deploy.imports.areas import load_areas, read_file

    reading = read_file(file)
    with _bars() as tell:
        report = asyncio.run(load_areas(reading, parent, tenant, dry_run=dry_run, progress=tell))
    return _told(report, "区域", "areas", dry_run)


def import_people_file(file: Path, tenant: str, dry_run: bool) -> bool:
    """Checks or loads a table of people, says every problem by its line; True when there was none."""
    from deploy.imports.people import load_people

    with _bars() as tell:
        report = asyncio.run(load_people(file, tenant, dry_run=dry_run, progress=tell))
    return _told(report, "人员", "people", dry_run)


def _told(report: "Report", zh: str, en: str, dry_run: bool) -> bool:
    """Says what an import has done, or every problem of its file; True when there was none."""
    for flaw in report.warnings:
        click.echo(f"  ! {flaw.field().zh} · {flaw.field().en} ({flaw.pointer})")
    for flaw in report.flaws:
        click.echo(f"  ✗ {flaw.field().zh} · {flaw.field().en} ({flaw.pointer})", err=True)
    if report.flaws:
        count = len(report.flaws)
        click.echo(f"{count} 处问题，没有导入任何内容\n{count} problems, nothing was imported", err=True)
        return False
    done = ("将", "would be ") if dry_run else ("", "")
    counts = report.counts
    say(
        f"{zh}：{done[0]}新增 {counts.created}，更改 {counts.changed}，不变 {counts.unchanged}",
        f"{en}: {counts.created} {done[1]}new, {counts.changed} changed, {counts.unchanged} as they were",
    )
    return True


def import_divisions(folder: Path, code: str) -> None:
    """Reads and loads the national divisions of a province, city or district."""
    from deploy.assemble import Assembly
    from deploy.imports.divisions import read_divisions
    from services.directory.actions.load import Loaded, load
    from services.directory.domain.seed import DirectorySeed
    from services.directory.queries.areas import names_by_key

    with step("已读取", "read"):
        areas = read_divisions(folder, code)

    async def loading(tell: Tell) -> Loaded:
        async with Assembly().opened(("directory",)) as houses:
            pool = houses["directory"].pool
            # What is there is called as its people have it; the table brings what is missing.
            known = await names_by_key(pool, [area.key for area in areas])
            seed = DirectorySeed(areas=[replace(area, name=known.get(area.key, area.name)) for area in areas])
            return await load(pool, houses["directory"].clock, seed, tell)

    with _bars() as tell:
        counts = asyncio.run(loading(tell)).counts["areas"]
    say(
        f"区划：新增 {counts.created}，更改 {counts.changed}，不变 {counts.unchanged}",
        f"divisions: {counts.created} new, {counts.changed} changed, {counts.unchanged} as they were",
    )


def list_keys() -> None:
    """Each key that seals personal data, with the number of values that need it."""
    from deploy.assemble import Assembly
    from services.directory.queries.keys import keys_in_use
    from shared.infra.sealing import key_ids

    async def used() -> dict[str, int]:
        async with Assembly().opened(("directory",)) as houses:
            return await keys_in_use(houses["directory"].pool)

    in_use, there = asyncio.run(used()), key_ids(CommonSettings().keys)
    for key_id in [*there, *sorted(set(in_use).difference(there))]:
        missing = "" if key_id in there else "  缺少密钥文件 · its file is missing"
        click.echo(f"  {key_id:<10} {in_use.get(key_id, 0):>10}{missing}")


def rotate_keys() -> bool:
    """Makes a new key and seals everything with it, with progress; True when everything opened."""
    from deploy.assemble import Assembly
    from services.directory.actions.rotate import Rotated, rotate

    async def rotating(tell: Tell) -> Rotated:
        async with Assembly().opened(("directory",)) as houses:
            return await rotate(houses["directory"].pool, houses["directory"].settings.keys, tell)

    with _bars() as tell:
        done = asyncio.run(rotating(tell))
    say(f"密钥 {done.key_id}：重新加密 {done.sealed} 项", f"{done.sealed} values are sealed with {done.key_id} now")
    for tenant_id, owner_id, field in done.broken:
        click.echo(f"  ✗ 无法解密 · does not open: {tenant_id} {owner_id} {field}", err=True)
    if not done.broken:
        say("旧密钥请保留到不再有需要它的备份为止", "keep the old keys as long as backups need them")
    return not done.broken


def rebuild_copies(services: Sequence[str]) -> None:
    """Rebuilds the services' copies of the directory while everything runs."""
    from deploy.assemble import Assembly

    async def rebuilding(tell: Tell) -> None:
        async with Assembly().opened(tuple(services)) as houses:
            for service in services:
                await houses[service].directory.rebuild(partial(tell, service))

    with _bars() as tell:
        asyncio.run(rebuilding(tell))
    for service in services:
        say(f"{service} 的组织目录副本已重建", f"the copy of the directory in {service} is rebuilt")


def verify_ledger(published: Sequence[str] = ()) -> bool:
    """Verifies and says what was found; True when everything is right. `published` are heads of earlier runs."""
    from deploy.assemble import Assembly
    from services.volunteers.verify import verify

    async def verifying() -> bool:
        async with Assembly().opened(("volunteers",)) as houses:
            with _bars() as tell:
                report = await verify(houses["volunteers"].pool, partial(tell, "tenants"), published)
        say(
            f"租户 {report.tenants}，账户 {report.accounts}，转账 {report.transfers}，待封存 {report.unsealed}",
            f"tenants {report.tenants}, accounts {report.accounts}, transfers {report.transfers}, "
            f"waiting to be sealed {report.unsealed}",
        )
        for head in report.heads:
            say(f"链头 {head.tenant_id} #{head.seq}", head.hash)
        if report.wrong is not None:
            click.echo(f"\n{report.wrong.zh}\n{report.wrong.en}", err=True)
            return False
        say("账本正确", "the ledger is right")
        return True

    return asyncio.run(verifying())


def _not_in_production(what: str) -> CommonSettings:
    settings = CommonSettings()
    if settings.production:
        raise click.ClickException(
            f"生产环境不能使用 linli {what}（LINLI_PRODUCTION=true）。\nlinli {what} is refused in production."
        )
    return settings


@contextmanager
def _bars() -> Iterator[Tell]:
    """A bar for each kind of thing that is worked through."""
    columns = (TextColumn("  {task.description:<16}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns) as progress:
        tasks: dict[str, object] = {}

        def tell(kind: str, done: int, of: int) -> None:
            if kind not in tasks:
                tasks[kind] = progress.add_task(kind, total=of)
            progress.update(tasks[kind], completed=done, total=of)  # type: ignore[arg-type]

        yield tell
