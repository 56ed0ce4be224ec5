"""What an import or the demo hands to the directory of councils and enrolments: rows that name what is there by key.

Loaded after the areas, organisations and people that it names (domain/seed.py). A load adds what is missing and leaves
what is there as it is, so loading the same again changes nothing, and what people did since stays done.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.directory.domain.lists import WordList
from services.directory.domain.seed import MembershipSeed
from shared.kernel.errors import FieldProblem


@dataclass(frozen=True, slots=True)
class CouncilSeed:
    """The council of a community, street or district: by kind of meeting every how many months, and who sits in it."""

    key: str
    area_key: str
    name: str
    starts_on: date
    rhythms: tuple[tuple[str, int], ...] = ()
    unit_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MeetingSeed:
    """A meeting of the council was held."""

    council_key: str
    kind: str
    held_on: date


@dataclass(frozen=True, slots=True)
class EnrolmentSeed:
    """An organisation (without a person), or a member of it, is told to enrol in a community, or has enrolled."""

    organisation_key: str
    community_key: str
    person_key: str | None = None
    told_on: date | None = None
    starts_on: date | None = None


@dataclass(frozen=True, slots=True)
class TiesSeed:
    """Everything one source brings; `memberships` are those of the councils, which this load makes first."""

    councils: list[CouncilSeed] = field(default_factory=list)
    memberships: list[MembershipSeed] = field(default_factory=list)
    meetings: list[MeetingSeed] = field(default_factory=list)
    enrolments: list[EnrolmentSeed] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Named:
    """The keys that a seed names, with where it does."""

    areas: list[tuple[str, str]]
    organisations: list[tuple[str, str]]
    people: list[tuple[str, str]]
    councils: list[tuple[str, str]]

    @classmethod
    def by(cls, seed: TiesSeed) -> "Named":
        return cls(
            areas=[(f"/enrolments/{i}/community_key", e.community_key) for i, e in enumerate(seed.enrolments)],
            organisations=[
                *(
                    (f"/councils/{i}/unit_keys/{n}", k)
                    for i, c in enumerate(seed.councils)
                    for n, k in enumerate(c.unit_keys)
                ),
                *((f"/enrolments/{i}/organisation_key", e.organisation_key) for i, e in enumerate(seed.enrolments)),
            ],
            people=[
                (f"/enrolments/{i}/person_key", e.person_key) for i, e in enumerate(seed.enrolments) if e.person_key
            ],
            councils=[(f"/meetings/{i}/council_key", m.council_key) for i, m in enumerate(seed.meetings)],
        )


def check(
    seed: TiesSeed, words: Mapping[str, Collection[str]], known: Mapping[str, Mapping[str, Mapping[str, Any]]]
) -> list[FieldProblem]:
    """All that is wrong with the seed: words that there are not, keys that name nothing, days in the wrong order."""
    named = Named.by(seed)
    return [
        *(
            FieldProblem(at, "seed.unknown_key", f"“{key}”不在系统里", f"“{key}” is not in the directory")
            for noun in ("areas", "organisations", "people", "councils")
            for at, key in getattr(named, noun)
            if key not in known[noun]
        ),
        *_unknown_words(seed, words),
        *(
            FieldProblem(f"/enrolments/{i}/community_key", "seed.not_a_tenant", "只能向社区报到", "no community")
            for i, e in enumerate(seed.enrolments)
            if (area := known["areas"].get(e.community_key)) and area["id"] != area["tenant_id"]
        ),
        *(
            FieldProblem(f"/enrolments/{i}", "seed.told_or_done", "须有通知或报到的日期", "a day: told, or done")
            for i, e in enumerate(seed.enrolments)
            if e.told_on is None and e.starts_on is None
        ),
    ]


def _unknown_words(seed: TiesSeed, words: Mapping[str, Collection[str]]) -> Iterator[FieldProblem]:
    meetings = [
        *(
            (f"/councils/{i}/rhythms/{n}", kind)
            for i, c in enumerate(seed.councils)
            for n, (kind, _) in enumerate(c.rhythms)
        ),
        *((f"/meetings/{i}/kind", m.kind) for i, m in enumerate(seed.meetings)),
    ]
    for at, kind in meetings:
        if kind not in words[WordList.MEETING]:
            yield FieldProblem(at, "seed.unknown_kind", f"没有“{kind}”这种会议", f"there is no meeting “{kind}”")
