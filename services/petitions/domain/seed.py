"""What an import or the demo hands to petitions: categories, and cases that another system has already closed."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class CategorySeed:
    """One node of a tenant's category tree; `urgency` is the deadline class a leaf proposes (see deadlines.py)."""

    key: str
    parent_key: str | None
    name: str
    name_en: str
    urgency: str = "ordinary"


@dataclass(frozen=True, slots=True)
class ClosedCase:
    """A petition that was opened and closed elsewhere, known to the day.

    `system` and `number` are its lasting name ("pingshan", rec_id); importing it again changes nothing.
    `area_key` and `organisation_key` are keys of the directory's rows, `category_key` of the category tree.
    `point` is (lat, lon, coord_sys) or None where the source has none.
    """

    system: str
    number: str
    area_key: str
    category_key: str
    organisation_key: str | None
    kind: str
    channel: str
    day: date
    in_time: bool
    title: str
    text: str
    point: tuple[float, float, str] | None = None
