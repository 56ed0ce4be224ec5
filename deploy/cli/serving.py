"""Starting and serving: what `linli run` does, and its parts one by one."""

import asyncio
import sys

import click

from deploy.cli.group import linli, with_environment
from deploy.machine.folder import data_folder

_PORT = click.IntRange(1, 65535)
_SERVICES = click.Choice(["directory", "petitions", "volunteers"])


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
    with_environment()
    from deploy.serving import serve as serve_app

    serve_app(services, host, port)


@linli.command()
@click.argument("services", type=_SERVICES, nargs=-1)
def work(services: tuple[str, ...]) -> None:
    """Run the workers of all SERVICES, or of some.

    They publish events, take events, follow the directory, award points and seal the ledger.
    """
    with_environment()
    from deploy.serving import work as work_on

    work_on(services)


@linli.command()
@click.option("--check", is_flag=True, help="Change nothing; say how databases differ from the code (1 when they do).")
def migrate(check: bool) -> None:
    """Bring databases, roles, grants and streams to the present state. Safe to run again.

    Needs an administrator's LINLI_DATABASE_URL and LINLI_BUS_URL, and LINLI_<SERVICE>_OWNER_DATABASE_URL.
    """
    with_environment()
    from deploy.migrating import drift_all, migrate_all

    if not check:
        asyncio.run(migrate_all())
        return
    found = asyncio.run(drift_all())
    click.echo("\n".join(found) or "数据库与代码一致 · databases and code agree")
    sys.exit(1 if found else 0)
