"""Every declared route of the house, and the table of who may call it: what an auditor asks for first."""

from gateway.main import NOUNS as GATEWAY
from services.directory.main import NOUNS as DIRECTORY
from services.petitions.main import NOUNS as PETITIONS
from services.volunteers.main import NOUNS as VOLUNTEERS
from shared.infra.web.routes import Declaration, Reach
from shared.infra.web.service import UNDECLARED
from shared.kernel.actor import EVERYONE


def declared_routes() -> list[Declaration]:
    """All declarations, service by service."""
    return [declared for noun in (*PETITIONS, *VOLUNTEERS, *DIRECTORY, *GATEWAY) for declared in noun.declared]


def as_markdown() -> str:
    """One row a route: who is admitted (else 403), what exists for them (else 404), who of those may (else 403)."""
    rows = ["| route | roles | reach | who |", "|---|---|---|---|"]
    rows += [f"| {d.name} | {_roles(d)} | {d.reach} | {', '.join(sorted(d.who))} |" for d in declared_routes()]
    rows += [f"| GET {path} | anybody | {why} | |" for path, why in UNDECLARED.items()]
    return "\n".join(rows)


def _roles(declared: Declaration) -> str:
    if declared.reach is Reach.INTERNAL:
        return "other services, by their token"
    if declared.reach is Reach.PUBLIC:
        return "anybody with the signed link"
    return "everyone" if declared.roles == EVERYONE else ", ".join(sorted(declared.roles))
