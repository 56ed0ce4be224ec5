"""Loads a community of the demo into a running installation: its directory, what can be reported there, and its life.

Loading it again changes nothing; what was interrupted goes on where it was.
"""

from pathlib import Path
from typing import Any

from deploy.assemble import Assembly
from deploy.demo import changzheng, huayuanlu, niying, siying, yicheng
from deploy.demo.categories import category_seeds
from deploy.demo.changzheng.year.playing import play as play_the_year
from deploy.demo.huayuanlu.resources import play as give_resources
from deploy.demo.siying.joint_work import play as work_together
from deploy.demo.stage import TOKEN_LIFE, Community, Progress, Stage
from deploy.keys import DEMO_KEY, ensure_key
from deploy.machine.folder import read_json, write_json
from services.directory.actions.load import load
from services.directory.actions.load_ties import load_ties
from services.directory.actions.tokens import actors_for
from services.directory.domain.days import day_of
from services.petitions.actions.categories import load_categories
from shared.infra.auth import TokenIssuer
from shared.kernel.actor import Actor

CONTENT: dict[str, Community] = {
    "changzheng": Community(
        changzheng.DISTRICT, changzheng.directory_seed, changzheng.CAST, changzheng.ties_seed, play_the_year
    ),
    "huayuanlu": Community(
        huayuanlu.DISTRICT, huayuanlu.directory_seed, huayuanlu.CAST, huayuanlu.ties_seed, give_resources
    ),
    "yicheng": Community(yicheng.DISTRICT, yicheng.directory_seed, yicheng.CAST, yicheng.ties_seed),
    "siying": Community(siying.DISTRICT, siying.directory_seed, siying.CAST, siying.ties_seed, work_together),
    "niying": Community(niying.DISTRICT, niying.directory_seed, niying.CAST),
}


#: What a load of councils brings of kinds that the load before it has counted.
_OF_THE_SEED = frozenset({"organisations", "memberships"})


async def load_demo(name: str, file: Path, base_url: str, keys: Path, progress: Progress) -> None:
    """Loads the community and adds its people's tokens to `file` (mode 0600)."""
    content = CONTENT[name]
    seed = content.directory_seed()
    ensure_key(keys, DEMO_KEY)
    issuer = TokenIssuer(keys, DEMO_KEY)
    assembly = Assembly()
    async with assembly.opened() as houses:
        directory, petitions, volunteers = houses["directory"], houses["petitions"], houses["volunteers"]
        loaded = await load(directory.pool, directory.clock, seed, progress, directory.sealer)
        if content.ties_seed is not None:
            ties = content.ties_seed(day_of(directory.clock.now()))
            tied = await load_ties(directory.pool, directory.clock, ties, _without(_OF_THE_SEED, progress))
            loaded.ids.update(tied.ids)
        for number, service in enumerate((petitions, volunteers), 1):
            await service.directory.catch_up()
            progress("copies", number, 2)
        categories = await load_categories(petitions.pool, loaded.ids[content.district_key], category_seeds())
        if content.play is not None:
            now = assembly.clock.now()
            stage = Stage(directory, petitions, volunteers, loaded.ids, categories, base_url, issuer, now, progress)
            await content.play(stage)
        actors = await actors_for(directory.pool, [loaded.ids[key] for key in content.cast.values()])
    people = {
        called(name, word): _person(actors[loaded.ids[key]], issuer)
        for word, key in content.cast.items()
        if loaded.ids[key] in actors
    }
    known = read_json(file).get("people", {})
    write_json(file, {"base_url": base_url, "people": known | people})


def _without(kinds: frozenset[str], progress: Progress) -> Progress:
    """The same progress, silent about these."""
    return lambda kind, done, of: None if kind in kinds else progress(kind, done, of)


def called(name: str, word: str) -> str:
    """What somebody is called in demo.json: "resident" in the first community, "niying.resident" in the others."""
    return word if name == "changzheng" else f"{name}.{word}"


def _person(actor: Actor, issuer: TokenIssuer) -> dict[str, Any]:
    work = sorted(actor.organisations(), key=str)
    return {
        "access_token": issuer.access_token(actor, TOKEN_LIFE),
        "person_id": str(actor.person_id),
        "organisation_id": str(work[0]) if work else None,
    }
