"""What may be done to an area, and what it does to the tree. The rules alone; actions/areas carries them out."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.directory.domain.kinds import Kinds
from services.directory.domain.permissions import may_shape, shaping_as
from shared.kernel.actor import Actor
from shared.kernel.words import Word


class Shaping(Word):
    """Everything that can be done to an area."""

    UPDATE = "update", "修改"
    MOVE = "move", "移动"
    MERGE = "merge", "合并"
    SPLIT = "split", "拆分"
    CLOSE = "close", "撤销"


#: A tenant keeps people and points: it stays what it is.
_NOT_FOR_TENANTS = frozenset({Shaping.MERGE, Shaping.SPLIT})


def allowed_actions(actor: Actor, path: Sequence[UUID], *, tenant: bool, closed: bool) -> list[Shaping]:
    """What the caller may do to the area at the end of `path`. A closed area stays as it was."""
    if closed or not may_shape(actor, path, tenant=tenant):
        return []
    return [action for action in Shaping if not (tenant and action in _NOT_FOR_TENANTS)]


@dataclass(frozen=True, slots=True)
class Held:
    """An office or role that somebody has in one of the areas that become one."""

    id: UUID
    area_id: UUID
    person_id: UUID
    kind: str


def follow(held: Iterable[Held], survivor: UUID, exclusive: Collection[str]) -> tuple[list[UUID], list[UUID]]:
    """What of it goes on in the survivor, and what ends.

    `held` comes oldest first. Nobody has the same thing twice, and of an exclusive office the survivor's own holder
    keeps it, or else the one who has held it longest.
    """
    going_on: list[UUID] = []
    ending: list[UUID] = []
    people: set[tuple[str, UUID]] = set()
    taken: set[str] = set()
    for one in sorted(held, key=lambda h: h.area_id != survivor):
        own = one.area_id == survivor
        if not own and ((one.kind, one.person_id) in people or one.kind in taken):
            ending.append(one.id)
            continue
        people.add((one.kind, one.person_id))
        if one.kind in exclusive:
            taken.add(one.kind)
        if not own:
            going_on.append(one.id)
    return going_on, ending


@dataclass(frozen=True, slots=True)
class Importer:
    """Who imports: somebody with a role, or (`actor` None) whoever runs the installation."""

    actor: Actor | None = None

    @property
    def who(self) -> UUID | None:
        return self.actor.person_id if self.actor else None

    def check(self, path: Sequence[UUID], wanted: Collection[str], kinds: Kinds) -> str:
        """In which role they bring areas of these kinds below the end of `path`; raises NotYours."""
        if self.actor is None:
            return "operator"
        return shaping_as(self.actor, path, tenant=any(kinds.is_tenant(kind) for kind in wanted))
