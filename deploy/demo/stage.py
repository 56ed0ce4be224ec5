"""What a community's package hands in, and what it gets to play its life on."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from services.directory.domain.seed import DirectorySeed
from services.directory.domain.ties_seed import TiesSeed
from services.directory.house import House as DirectoryHouse
from services.petitions.house import House as PetitionsHouse
from services.volunteers.house import House as VolunteersHouse
from shared.infra.auth import TokenIssuer

Progress = Callable[[str, int, int], None]

#: The one exception to the 15 minutes of an access token; only demo tokens, only with the demo key.
TOKEN_LIFE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Stage:
    """The installation with the community's directory in it: `ids` by key, its `categories` by theirs."""

    directory: DirectoryHouse
    petitions: PetitionsHouse
    volunteers: VolunteersHouse
    ids: dict[str, UUID]
    categories: dict[str, UUID]
    base_url: str
    issuer: TokenIssuer
    now: datetime
    progress: Progress


@dataclass(frozen=True, slots=True)
class Community:
    """One community of the demo. `district_key` is the area whose categories its residents choose from.

    `cast` are those of whom demo.json keeps tokens: the word to call them by → person key. `ties_seed` are councils and
    enrolments as of a day.
    """

    district_key: str
    directory_seed: Callable[[], DirectorySeed]
    cast: Mapping[str, str]
    ties_seed: Callable[[date], TiesSeed] | None = None
    play: Callable[[Stage], Awaitable[None]] | None = None
