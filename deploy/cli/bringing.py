"""Bringing something in: the demo and its people, and real data."""

import asyncio
import sys
from pathlib import Path
from uuid import UUID

import click

from deploy.cli.group import linli, usual_base_url, with_environment
from deploy.demo.communities import FIRST, PLACES


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
    with_environment()
    from deploy.starting import demo as load

    chosen = tuple(PLACES) if "all" in communities else dict.fromkeys(communities or (FIRST,))
    load(tuple(chosen), base_url or usual_base_url())


@linli.command()
@click.option("--base-url", default=None, help="The running gateway; by default that of `linli run`.")
def journey(base_url: str | None) -> None:
    """Play the main journey with the demo's people and print each step: who, what, status, milliseconds."""
    with_environment()
    from deploy.starting import journey as play

    play(base_url or usual_base_url())


@linli.command()
@click.argument("people", nargs=-1, required=True, metavar="PERSON…")
def token(people: tuple[str, ...]) -> None:
    """Print an access token for each PERSON of the demo (resident, volunteer, grid_officer…), or for a person's id.

    Only with the demo's key, which production refuses.
    """
    with_environment()
    from deploy.starting import tokens

    for line in asyncio.run(tokens(people)):
        click.echo(line)


@linli.group("import")
def import_() -> None:
    """Take in real data. A dirty row is reported by its line, never dropped silently; twice is as good as once."""


@import_.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--messages", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Where texts are from.")
def pingshan(folder: Path, messages: Path | None) -> None:
    """Import the people's-livelihood requests of Pingshan district: its areas, units, categories and 2018's cases."""
    with_environment()
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
    with_environment()
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
    with_environment()
    from deploy.starting import import_people_file

    sys.exit(0 if import_people_file(file, tenant, dry_run) else 1)


@import_.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--area", required=True, help="Code of a province (2 digits), city (4) or district (6).")
def divisions(folder: Path, area: str) -> None:
    """Import the national divisions of a province, city or district from FOLDER: districts, streets, communities.

    FOLDER holds areas.csv, streets.csv and villages.csv.gz with the columns code and name.
    """
    with_environment()
    from deploy.starting import import_divisions

    import_divisions(folder, area)
