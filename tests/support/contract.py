"""Holds what is really sent against what the routes declare: the answer's model, and which problems may come."""

from functools import cache

import httpx
from fastapi import FastAPI

from gateway import home
from services.directory.main import NOUNS as DIRECTORY
from services.petitions.routes import attachments, categories, petitions
from services.volunteers.routes import openings, points, service_records
from shared.infra.web.document import ProblemDetails
from shared.infra.web.routes import DeclaredRoute, tell_words_from_ids

_NOUNS = [
    *(noun.routes for noun in (petitions, attachments, categories, openings, service_records, points, home)),
    *(routes for routes in DIRECTORY if routes.tag != "internal"),
]


@cache
def routes() -> list[DeclaredRoute]:
    """Every declared route."""
    app = FastAPI()
    found = [DeclaredRoute(declared, noun.tag, app) for noun in _NOUNS for declared in noun.declared]
    tell_words_from_ids(found)
    return found


def check_answer(method: str, path: str, answer: httpx.Response) -> None:
    """Fails unless the answer is what the route promises: its model, or one of the problems that it can give."""
    here = (r for r in routes() if r.declared.method == method and r.path_regex.match(path))
    route = next(here, None)
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json", answer.text
        code = ProblemDetails.model_validate_json(answer.content).code
        if route is not None:
            assert code in {problem.code for problem in route.problems()}, f"{method} {path} does not declare {code}"
    elif route is not None and answer.status_code != 304:
        declared = route.declared
        assert answer.status_code == declared.status, f"{method} {path}: {answer.status_code}"
        if declared.answer is not None:
            declared.answer.model_validate_json(answer.content)
