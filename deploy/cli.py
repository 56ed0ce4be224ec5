"""`linli`: the one command. Each subcommand is a few lines; what it does stands in the module that it names."""

import asyncio
import logging
import os
import sys
from collections.abc import Coroutine
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from deploy.demo.communities import FIRST, PLACES
from deploy.machine.folder import data_folder, read_json
from deploy.machine.problems import CommandFailed, MachineProblem
from shared.infra import logs

_PORT = click.IntRange(1, 65535)
_SERVICES = click.Choice(["directory", "petitions", "volunteers"])


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def linli() -> None:
    """邻里 Linli: the backend of a neighbourhood.

    On one machine `linli run` does everything. Apart from that, `linli migrate` makes the databases, `linli serve` the
    web process and `linli work` the worker; all read their settings from LINLI_… in the environment, and where these
    are missing, from the data folder of `linli run`.
    """


def main() -> None:
    """The entry point: problems of the machine and of the input are said in one sentence, without a traceback."""
    from deploy.imports.report import ImportProblem

    # What runs for long logs all it does (see serving.py); a command that a person types only speaks up when it must.
    logs.set_up(logging.ERROR)
    try:
        linli(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except ImportProblem as error:
        sys.exit(f"{error.what_zh}\n{error.what_en}")
    except (ConnectionError, FileNotFoundError, TimeoutError):
        sys.exit(
            "数据库或消息服务没有运行，请先在另一个终端运行 make run\n"
            "The database or the bus does not run; start them with make run in another terminal"
        )
    except (MachineProblem, CommandFailed, OSError) as error:
        sys.exit(str(error))
    except Exception as error:
        if "httpx" not in sys.modules or not isinstance(error, sys.modules["httpx"].HTTPError):
            raise
        sys.exit(
            f"网关没有给出所需的回答，请先启动 make run\nThe gateway did not answer as needed; is it running? ({error})"
        )


@linli.command()
@click.option("--port", default=8000, type=_PORT, show_default=True, help="Where to serve, on 127.0.0.1.")
def run(port: int) -> None:
    """Start everything on this machine and keep it running until Ctrl-C.

    Starts PostgreSQL and NATS from their wheels, migrates, serves, and on the first start loads the demo and plays the
    main journey. Everything it keeps lies in .linli (LINLI_DATA= changes that).
    """
    from deploy.machine.run import run as run_machine
    from deploy.running import greet, prepare

    def prepared(environment: dict[str, str]) -> None:
        prepare(environment, f"http://127.0.0.1:{port}")

    run_machine(port, data_folder(), prepared, greet)


@linli.command(hidden=True)
def prepare() -> None:
    """What `linli run` does before web and worker start."""
    from deploy.starting import prepare as prepare_all

    prepare_all()


@linli.command(hidden=True)
@click.option("--base-url", required=True)
def greet(base_url: str) -> None:
    """What `linli run` does when the address answers."""
    from deploy.starting import greet as greet_with

    greet_with(base_url)


@linli.command()
@click.argument("services", type=_SERVICES, nargs=-1)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, type=_PORT, show_default=True, help="The port to listen on.")
def serve(services: tuple[str, ...], host: str, port: int) -> None:
    """Serve the gateway with all services in this process, or some SERVICES without the gateway.

    A service that runs elsewhere is named by its address: LINLI_PETITIONS_URL=http://10.0.0.7:8001 and so on; the
    gateway then streams to it.
    """
    _with_environment()
    from deploy.serving import serve as serve_app

    serve_app(services, host, port)


@linli.command()
@click.argument("services", type=_SERVICES, nargs=-1)
def work(services: tuple[str, ...]) -> None:
    """Run the workers of all SERVICES, or of some.

    They publish events, take events, follow the directory, award points and seal the ledger.
    """
    _with_environment()
    from deploy.serving import work as work_on

    work_on(services)


@linli.command()
@click.option("--check", is_flag=True, help="Change nothing; say how databases differ from the code (1 when they do).")
def migrate(check: bool) -> None:
    """Bring databases, roles, grants and streams to the present state. Safe to run again.

    Needs an administrator's LINLI_DATABASE_URL and LINLI_BUS_URL, and LINLI_<SERVICE>_OWNER_DATABASE_URL.
    """
    _with_environment()
    from deploy.migrating import drift_all, migrate_all

    if not check:
        _run(migrate_all())
        return
    found = _run(drift_all())
    click.echo("\n".join(found) or "数据库与代码一致 · databases and code agree")
    sys.exit(1 if found else 0)


@linli.command()
@click.argument("communities", nargs=-1, type=click.Choice([*PLACES, "all"]), metavar="[NAME…]")
@click.option("--base-url", default=None, help="The running gateway; by default that of `linli run`.")
def demo(communities: tuple[str, ...], base_url: str | None) -> None:
    """Load communities of the demo into a running installation. Refused in production.

    \b
    changzheng  长征社区    an old estate with a year of its life (when no name is given)
    huayuanlu   花园路街道  a street: 35 grids, 139 building groups, a contact on every floor
    yicheng     驿城区      a district: 67 units whose members enrol, 54,000 volunteers
    siying      四营社区    1,286 relocated households, a council of 11 units
    niying      泥营社区    20 compounds, over 30,000 residents, everybody covered
    all                     all five

    What is there already stays as it is.
    """
    _with_environment()
    from deploy.starting import demo as load

    chosen = tuple(PLACES) if "all" in communities else dict.fromkeys(communities or (FIRST,))
    load(tuple(chosen), base_url or _base_url())


@linli.command()
@click.option("--base-url", default=None, help="The running gateway; by default that of `linli run`.")
def journey(base_url: str | None) -> None:
    """Play the main journey with the demo's people and print each step: who, what, status, milliseconds."""
    _with_environment()
    from deploy.starting import journey as play

    play(base_url or _base_url())


@linli.command()
@click.argument("people", nargs=-1, required=True, metavar="PERSON…")
def token(people: tuple[str, ...]) -> None:
    """Print an access token for each PERSON of the demo (resident, volunteer, grid_officer…), or for a person's id.

    Only with the demo's key, which production refuses.
    """
    _with_environment()
    from deploy.starting import tokens

    for line in _run(tokens(people)):
        click.echo(line)


@linli.group("import")
def import_() -> None:
    """Take in real data. A dirty row is reported by its line, never dropped silently; twice is as good as once."""


@import_.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--messages", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Where texts are from.")
def pingshan(folder: Path, messages: Path | None) -> None:
    """Import the people's-livelihood requests of Pingshan district: its areas, units, categories and 2018's cases."""
    _with_environment()
    from deploy.starting import import_pingshan

    import_pingshan(folder, messages)


@import_.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--parent", type=click.UUID, help="The area below which the file's areas lie, by its id.")
@click.option("--tenant", help="The same for a community, street or district, by its statistical code.")
@click.option("--dry-run", is_flag=True, help="Check everything, say every problem, store nothing.")
def areas(file: Path, parent: UUID | None, tenant: str | None, dry_run: bool) -> None:
    """Import areas from a CSV (UTF-8 or GB 18030) or GeoJSON FILE: all of them, or nothing.

    Columns: code, kind, name, and as needed parent_code, lat, lon, coord_sys, households, residents; headings and kinds
    may be in Chinese. Ends with 1 when the file has problems.
    """
    if (parent is None) == (tenant is None):
        raise click.UsageError("请给出 --parent 或 --tenant 之一 · give either --parent or --tenant")
    _with_environment()
    from deploy.starting import import_area_file

    sys.exit(0 if import_area_file(file, parent, tenant, dry_run) else 1)


@import_.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--tenant", required=True, help="The community, street or district that keeps them, by its code.")
@click.option("--dry-run", is_flag=True, help="Check everything, say every problem, store nothing.")
def people(file: Path, tenant: str, dry_run: bool) -> None:
    """Import people from a CSV FILE (UTF-8 or GB 18030): all of them, or nothing.

    Columns: name, and as needed area_code, door, phone, id_number, address, birth_year, party_member, skills; headings
    may be in Chinese. Ends with 1 when the file has problems.
    """
    _with_environment()
    from deploy.starting import import_people_file

    sys.exit(0 if import_people_file(file, tenant, dry_run) else 1)


@import_.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--area", required=True, help="Code of a province (2 digits), city (4) or district (6).")
def divisions(folder: Path, area: str) -> None:
    """Import the national divisions of a province, city or district from FOLDER: districts, streets, communities.

    FOLDER holds areas.csv, streets.csv and villages.csv.gz with the columns code and name.
    """
    _with_environment()
    from deploy.starting import import_divisions

    import_divisions(folder, area)


@linli.command()
@click.argument("services", type=click.Choice(["petitions", "volunteers"]), nargs=-1)
def rebuild(services: tuple[str, ...]) -> None:
    """Rebuild the copy of the directory that SERVICES keep (by default both), while everything runs.

    Readers notice nothing. What the directory no longer knows is closed or removed at the end. Stopped in between, the
    worker carries it on; run again, or twice at once, it starts over. After a restore from a dump nobody need run it:
    the copies notice by themselves.
    """
    _with_environment()
    from deploy.starting import rebuild_copies

    rebuild_copies(services or ("petitions", "volunteers"))


@linli.group()
def ledger() -> None:
    """The points ledger."""


@ledger.command()
@click.option("--head", "heads", multiple=True, metavar="HASH", help="A head that an earlier run printed.")
def verify(heads: tuple[str, ...]) -> None:
    """Recompute the whole ledger: balances, lots, chain, sums. Names the first wrong row; then it ends with 1.

    A chain rewritten to its end is right in itself: only a head noted before, outside the database, tells.
    """
    _with_environment()
    from deploy.starting import verify_ledger

    sys.exit(0 if verify_ledger(heads) else 1)


@linli.group()
def keys() -> None:
    """The keys that seal personal data: telephones, identity numbers, addresses."""


@keys.command("list")
def list_keys() -> None:
    """List the keys there are, and how many values each seals."""
    _with_environment()
    from deploy.starting import list_keys as list_all

    list_all()


@keys.command("rotate")
def rotate_keys() -> None:
    """Make a new key and seal everything with it, while the services run. Safe to stop and to run again.

    Keep the old keys as long as there are backups that need them. Ends with 1 when values did not open.
    """
    _with_environment()
    from deploy.starting import rotate_keys as rotate

    sys.exit(0 if rotate() else 1)


@linli.group()
def events() -> None:
    """Events that failed after all their tries, and were put aside so that others could go on."""


@events.command("list")
def list_events() -> None:
    """List what lies aside: number, since when, which consumer, what about. Needs an administrator's LINLI_BUS_URL."""
    _with_environment()
    from deploy.events import list_aside

    _run(list_aside(_admin_bus()))


@events.command("replay")
def replay_events() -> None:
    """Carry out again what lies aside; safe beside running workers. Ends with 1 when something failed again."""
    _with_environment()
    from deploy.events import replay_aside

    sys.exit(1 if _run(replay_aside(_admin_bus())) else 0)


@linli.command()
def routes() -> None:
    """Print every route as a Markdown table: who is admitted, what exists for them, and who of those may."""
    from deploy.routes import as_markdown

    click.echo(as_markdown())


@linli.command()
def version() -> None:
    """Print the version."""
    click.echo(f"linli {version_of('linli')}")


def _with_environment() -> None:
    """Where the environment says nothing, the servers of `linli run` are meant."""
    if "LINLI_KEYS" not in os.environ:
        if not (data_folder() / "secrets.json").exists():
            raise click.ClickException(
                "没有 LINLI_… 环境变量，也没有 `linli run` 的数据目录；请先运行 make run。\n"
                "Neither LINLI_… settings nor a data folder of `linli run` are there; start with make run."
            )
        from deploy.machine.servers import open_servers

        for name, value in open_servers(data_folder()).environment().items():
            os.environ.setdefault(name, value)


def _admin_bus() -> str:
    url = os.environ.get("LINLI_BUS_URL")
    if not url:
        raise click.ClickException("请设置管理员的 LINLI_BUS_URL。\nSet an administrator's LINLI_BUS_URL.")
    return url


def _base_url() -> str:
    return str(read_json(data_folder() / "demo.json").get("base_url", "http://127.0.0.1:8000"))


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(work)
