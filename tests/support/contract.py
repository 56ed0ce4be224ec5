"""Holds what is really sent against what the routes declare: the answer's model, and the form of problems."""

import re
from functools import cache

import httpx

from gateway import home
from services.directory.routes import areas, me, organisations
from services.petitions.routes import attachments, categories, petitions
from services.volunteers.routes import openings, points, service_records
from shared.infra.web.routes import Declaration, ProblemDetails

_NOUNS = (petitions, attachments, categories, areas, organisations, me, openings, service_records, points, home)


@cache
def declarations() -> list[tuple[re.Pattern[str], Declaration]]:
    """Every declared route with a pattern of its path."""
    found = [declared for noun in _NOUNS for declared in noun.routes.declared]
    return [(re.compile(re.sub(r"\{\w+\}", "[^/]+", d.path)), d) for d in found]


def check_answer(method: str, path: str, answer: httpx.Response) -> None:
    """Fails unless the answer is what the route promises."""
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json", answer.text
        ProblemDetails.model_validate_json(answer.content)
        return
    for pattern, declared in declarations():
        if declared.method == method and pattern.fullmatch(path):
            if answer.status_code != 304:
                assert answer.status_code == declared.status, f"{method} {path}: {answer.status_code}"
                if declared.answer is not None:
                    declared.answer.model_validate_json(answer.content)
            return
