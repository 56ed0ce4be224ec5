"""What the directory publishes. Its events only say what changed; the rows come from the change feed.

The feed (`GET /internal/v1/changes?after=`) gives every row that changed, in its present shape, in an order that
never skips a change that commits late. Reading it from the start rebuilds a projection. A place in the feed belongs to
the database that gave it: after the directory was restored from a dump it is answered by 410, and one starts anew.
"""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel

Kind = Literal["area", "organisation", "person", "office"]


class DirectoryChanged(BaseModel):
    """Payload of `directory.changed`: something of these kinds has changed; follow the feed."""

    kinds: list[Kind]


class OfficeHandedOver(BaseModel):
    """Payload of `office.handed_over`: from now on somebody else answers for the area in this office.

    What its holder held in the area, and has not brought to an end, is the new holder's.
    """

    area_id: UUID
    kind: str
    from_office_id: UUID
    from_person_id: UUID
    to_office_id: UUID
    to_person_id: UUID


class OrganisationMerged(BaseModel):
    """Payload of `organisation.merged`: one has taken in others. What they held, it holds."""

    from_organisation_ids: list[UUID]
    to_organisation_id: UUID


class AreaRow(BaseModel):
    """One area. `ancestors` runs from the root to the parent; `polygons` are rings of [lon, lat] as in GeoJSON."""

    tenant_id: UUID
    id: UUID
    version: int
    parent_id: UUID | None
    ancestors: list[UUID]
    kind: str
    name: str
    code: str | None
    lat: float | None
    lon: float | None
    polygons: list[list[tuple[float, float]]]
    closed: bool


class OrganisationRow(BaseModel):
    """One organisation and the areas it serves. `succeeded_by` took it in: what it held is that one's now."""

    tenant_id: UUID
    id: UUID
    version: int
    kind: str
    name: str
    serves: list[UUID]
    closed: bool
    succeeded_by: UUID | None = None


class PersonRow(BaseModel):
    """One person as others may see them: a name to show.

    A record that was merged into another (`merged_into`) keeps its name: what it did goes on to be shown as theirs.
    """

    tenant_id: UUID
    id: UUID
    version: int
    display_name: str
    home_id: UUID | None
    erased: bool
    merged_into: UUID | None = None


class OfficeRow(BaseModel):
    """One office held: who answers for an area, as what. `ended`: not held today, nor before it begins."""

    tenant_id: UUID
    id: UUID
    version: int
    person_id: UUID
    area_id: UUID
    kind: str
    ended: bool


class Changes(BaseModel):
    """One page of the feed. `next` is handed back as `after`; `more` tells whether another page is there already.

    `complete`: behind this page there is nothing at all, not even a change that cannot be handed out yet. Whoever has
    read from the start to here has seen everything that the directory holds.
    """

    areas: list[AreaRow] = []
    organisations: list[OrganisationRow] = []
    people: list[PersonRow] = []
    offices: list[OfficeRow] = []
    next: str
    more: bool
    complete: bool = False
