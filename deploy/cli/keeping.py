"""Keeping it right: copies, the ledger, keys, events that were put aside, and what there is."""

import asyncio
import sys
from importlib.metadata import version as version_of

import click

from deploy.cli.group import admin_bus, linli, with_environment


@linli.command()
@click.argument("services", type=click.Choice(["petitions", "volunteers"]), nargs=-1)
def rebuild(services: tuple[str, ...]) -> None:
    """Rebuild the copy of the directory that SERVICES keep (by default both), while everything runs.

    Readers notice nothing. What the directory no longer knows is closed or removed at the end. Stopped in between, the
    worker carries it on; run again, or twice at once, it starts over. After a restore from a dump nobody need run it:
    the copies notice by themselves.
    """
    with_environment()
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
    with_environment()
    from deploy.starting import verify_ledger

    sys.exit(0 if verify_ledger(heads) else 1)


@linli.group()
def keys() -> None:
    """The keys that seal personal data: telephones, identity numbers, addresses."""


@keys.command("list")
def list_keys() -> None:
    """List the keys there are, and how many values each seals."""
    with_environment()
    from deploy.starting import list_keys as list_all

    list_all()


@keys.command("rotate")
def rotate_keys() -> None:
    """Make a new key and seal everything with it, while the services run. Safe to stop and to run again.

    Keep the old keys as long as there are backups that need them. Ends with 1 when values did not open.
    """
    with_environment()
    from deploy.starting import rotate_keys as rotate

    sys.exit(0 if rotate() else 1)


@linli.group()
def events() -> None:
    """Events that failed after all their tries, and were put aside so that others could go on."""


@events.command("list")
def list_events() -> None:
    """List what lies aside: number, since when, which consumer, what about. Needs an administrator's LINLI_BUS_URL."""
    with_environment()
    from deploy.events import list_aside

    asyncio.run(list_aside(admin_bus()))


@events.command("replay")
def replay_events() -> None:
    """Carry out again what lies aside; safe beside running workers. Ends with 1 when something failed again."""
    with_environment()
    from deploy.events import replay_aside

    sys.exit(1 if asyncio.run(replay_aside(admin_bus())) else 0)


@linli.command()
def routes() -> None:
    """Print every route as a Markdown table: who is admitted, what exists for them, and who of those may."""
    from deploy.routes import as_markdown

    click.echo(as_markdown())


@linli.command()
def version() -> None:
    """Print the version."""
    click.echo(f"linli {version_of('linli')}")
