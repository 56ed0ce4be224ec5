"""A day in a request: one way to write it, in an address and in a body."""

import pytest
from pydantic import ValidationError

from shared.infra.web.types import Body, Day


class Held(Body):
    """A strict body with a day."""

    on: Day


def test_a_body_takes_a_day() -> None:
    assert Held.model_validate_json('{"on": "2026-03-01"}').on.isoformat() == "2026-03-01"


@pytest.mark.parametrize("given", ['"0"', '"1772323200"', '"2026-02-30"', '"20260301"', "5", "true", '"0026-03-01"'])
def test_nothing_else_is_a_day(given: str) -> None:
    with pytest.raises(ValidationError):
        Held.model_validate_json(f'{{"on": {given}}}')
