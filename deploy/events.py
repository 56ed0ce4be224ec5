"""Events that were put aside: what they are, and carrying them out after the cause was mended."""

import click

from deploy.assemble import HANDLERS, Assembly
from shared.infra import bus
from shared.infra.aside import Aside, all_aside, carry_out_again
from shared.infra.web.frame import where


def described(aside: Aside) -> str:
    """One line: where it lies, who could not carry it out, what it is about. No contents: ids and a type."""
    try:
        event = aside.event()
        about = f"{event.type}  {event.aggregate_id} v{event.aggregate_version}  {event.id}"
    except ValueError:
        about = f"无法读取 · cannot be read ({len(aside.message)} bytes)"
    since = f"{aside.since:%Y-%m-%d %H:%M}" if aside.since else "—"
    return f"  {aside.seq:>6}  {since}  {aside.durable:<26} {about}"


async def list_aside(bus_url: str) -> int:
    """Prints what lies aside; returns how many that are."""
    async with bus.connect(bus_url, "admin") as client:
        found = await all_aside(client)
    for aside in found:
        click.echo(described(aside))
    click.echo(f"  {len(found)} 个事件被搁置 · events lie aside")
    return len(found)


async def replay_aside(bus_url: str) -> int:
    """Carries out what lies aside, oldest first; what fails again is named and stays. Returns how many stay."""
    stayed = 0
    async with bus.connect(bus_url, "admin") as client, Assembly().opened() as houses:
        found = await all_aside(client)
        for aside in found:
            try:
                service, handle = HANDLERS[aside.durable]
                house = houses[service]
                await carry_out_again(client, aside, lambda event, h=handle, at=house: h(at, event))  # type: ignore[misc]
            except Exception as error:
                stayed += 1
                at = where(error)
                click.echo(f"{described(aside)}\n          {at['type']}  {at['at']}")
    done = len(found) - stayed
    click.echo(f"  {done} 个已执行，{stayed} 个仍被搁置 · {done} carried out, {stayed} still aside")
    return stayed
