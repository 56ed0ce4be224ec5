"""The caller as they see themselves."""

from pydantic import BaseModel

from services.directory.schemas.areas import AreaStep, Officer, Place
from services.directory.schemas.people import Contact
from shared.infra.web.types import Named
from shared.kernel.actor import Role


class HeldRole(BaseModel):
    """A role and where it counts: in an area, or for an organisation."""

    role: Role
    area: Named | None
    organisation: Named | None


class Me(BaseModel):
    """The caller. `tenant` is the community of the home, or the one that keeps somebody who lives elsewhere.

    What leads to their door is masked here too: telephones are left lying open.
    """

    person: Named
    roles: list[HeldRole]
    home: Place | None
    tenant: AreaStep
    officers: list[Officer]
    contact: Contact
