"""Imports of areas and of people: what is asked, and what is said of the file."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.directory.actions.import_areas import Report
from services.directory.domain.imports.lines import Flaw
from shared.kernel.errors import Language

#: Flaws and warnings that an answer names at most; the counts are of all.
MOST_NAMED = 1000


class ImportQuery(BaseModel):
    """Where the areas of the file belong, and whether they are only to be checked."""

    model_config = ConfigDict(extra="forbid")

    parent: UUID = Field(description="The area below which lines without a parent lie, and all others as well.")
    dry_run: bool = Field(default=False, description="Check everything, store nothing.")


class PeopleImportQuery(BaseModel):
    """Where the people of the file live, and whether they are only to be checked."""

    model_config = ConfigDict(extra="forbid")

    area: UUID = Field(description="The community, or a part of it, in which the codes of the file are looked for.")
    dry_run: bool = Field(default=False, description="Check everything, store nothing.")


class ImportFlaw(BaseModel):
    """One thing wrong or strange: in a table by line (the heading is line 1) and column, in GeoJSON by pointer."""

    line: int | None
    column: str
    pointer: str
    code: str
    message: str

    @classmethod
    def of(cls, flaw: Flaw, language: Language) -> "ImportFlaw":
        message = flaw.zh if language == "zh-CN" else flaw.en
        return cls(line=flaw.line, column=flaw.column, pointer=flaw.pointer, code=flaw.code, message=message)


class ImportReport(BaseModel):
    """What an import did, or would do. `problems` stand in its way, `warnings` (an outline that leaves its parent's) do
    not; the first 1,000 of each are named."""

    dry_run: bool
    created: int
    changed: int
    unchanged: int
    problem_count: int
    problems: list[ImportFlaw]
    warning_count: int
    warnings: list[ImportFlaw]

    @classmethod
    def of(cls, report: Report, language: Language, *, dry_run: bool) -> "ImportReport":
        return cls(
            dry_run=dry_run,
            created=report.counts.created,
            changed=report.counts.changed,
            unchanged=report.counts.unchanged,
            problem_count=len(report.flaws),
            problems=[ImportFlaw.of(flaw, language) for flaw in report.flaws[:MOST_NAMED]],
            warning_count=len(report.warnings),
            warnings=[ImportFlaw.of(flaw, language) for flaw in report.warnings[:MOST_NAMED]],
        )
