"""The catalogue as an import or the demo hands it over: facilities, services and where each is to be had."""

from dataclasses import dataclass

from services.directory.domain.catalogue import DocumentForm
from services.directory.domain.hours import Schedule


@dataclass(frozen=True, slots=True)
class FacilitySeed:
    """One facility, in the area `area_key`, at `point`: (lat, lon) in WGS-84. `access` are words of FacilityAccess."""

    key: str
    area_key: str
    kind: str
    name: str
    point: tuple[float, float]
    name_en: str | None = None
    organisation_key: str | None = None
    address: str | None = None
    phone: str | None = None
    access: tuple[str, ...] = ()
    text: str | None = None
    schedule: Schedule | None = None


@dataclass(frozen=True, slots=True)
class DocumentSeed:
    """A document to bring 所需材料."""

    name: str
    form: DocumentForm = DocumentForm.ORIGINAL
    copies: int = 0
    note: str | None = None


@dataclass(frozen=True, slots=True)
class CostSeed:
    """What it costs, in fen; None where it depends, and the note says on what."""

    name: str
    amount_fen: int | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class PlaceSeed:
    """Where a service is to be had: at a facility, or in an area, at `point` (lat, lon) or else in its middle."""

    facility_key: str | None = None
    area_key: str | None = None
    point: tuple[float, float] | None = None
    schedule: Schedule | None = None
    phone: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class ServiceSeed:
    """One service for the people of the area `area_key`."""

    key: str
    area_key: str
    category: str
    name: str
    name_en: str | None = None
    aliases: tuple[str, ...] = ()
    text: str | None = None
    organisation_key: str | None = None
    phone: str | None = None
    documents: tuple[DocumentSeed, ...] = ()
    costs: tuple[CostSeed, ...] = ()
    eligibility: str | None = None
    minimum_age: int | None = None
    maximum_age: int | None = None
    application: str | None = None
    working_days: int | None = None
    errand: bool = False
    places: tuple[PlaceSeed, ...] = ()
