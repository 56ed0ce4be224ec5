"""People and households of a load: what their rows shall say, and which of their texts are to be sealed anew."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from services.directory.domain.contact import OF_PERSON, Field, ToSeal, written
from services.directory.domain.seed import HouseholdSeed, PersonSeed

Row = dict[str, Any]
#: The blind index of a text: what equal ones have alike (shared/infra/sealing).
Blind = Callable[[str, str], bytes]


def no_blind(field: str, text: str) -> bytes:
    """For loads that bring nothing to be sealed."""
    raise ValueError("contact data and doors need a sealer")


def texts_of(seed: PersonSeed | HouseholdSeed) -> dict[Field, str]:
    """What a seed says that is kept sealed, in the way in which it is kept."""
    if isinstance(seed, HouseholdSeed):
        given: dict[Field, str | None] = {Field.DOOR: seed.door}
    else:
        given = {field: getattr(seed, field) for field in OF_PERSON}
    kept = {field: written(field, text) for field, text in given.items() if text}
    return {field: text for field, text in kept.items() if text}


def indexed(texts: Mapping[Field, str], blind: Blind) -> dict[str, str]:
    """The blind index of each, as rows are compared by it."""
    return {field.value: blind(field, text).hex() for field, text in texts.items()}


def to_seal(row: Row, before: Mapping[str, str], texts: Mapping[Field, str]) -> list[ToSeal]:
    """Of the texts those that differ from what was there before, for the row that they belong to."""
    return [
        ToSeal(row["tenant_id"], row["id"], field, text)
        for field, text in texts.items()
        if row["sealed"][field.value] != before.get(field.value)
    ]


def person_row(
    seed: PersonSeed,
    now: Row | None,
    tenant_id: UUID,
    home_id: UUID | None,
    household: Row | None,
    work_id: UUID | None,
    sealed: Mapping[str, str],
) -> Row:
    """What the row of a person shall say. A seed that knows of no household leaves somebody where they are, one that
    knows of no work or year leaves those.
    """
    if household is not None:
        home_id, household_id = household["area_id"], household["id"]
    else:
        household_id = now["household_id"] if now and now["home_id"] == home_id else None
    return {
        "tenant_id": tenant_id,
        "name": seed.name,
        "home_id": home_id,
        "household_id": household_id,
        "birth_year": seed.birth_year or (now["birth_year"] if now else None),
        "party_member": seed.party_member,
        "skills": list(seed.skills),
        "work_organisation_id": work_id or (now["work_organisation_id"] if now else None),
        "sealed": {**(now["sealed"] if now else {}), **sealed},
    }
