"""domain/credit_code: GB 32100-2015."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.directory.domain.credit_code import _CHARACTERS, canonical, checks_out, has_form

GOOD = "91350100M000100Y43"


def with_check_character(first_17: str) -> str:
    """The only code that begins so."""
    (good,) = [first_17 + last for last in _CHARACTERS if checks_out(first_17 + last)]
    return good


@pytest.mark.parametrize("code", [GOOD, "91110000802100433B"])
def test_codes_that_were_given_are_valid(code: str) -> None:
    assert has_form(code) and checks_out(code)


@pytest.mark.parametrize("head", ["A1", "N1", "Y1", "51", "12"])
def test_positions_one_and_two_may_be_letters(head: str) -> None:
    code = with_check_character(f"{head}350100M000100Y4")
    assert has_form(code) and checks_out(code)


@pytest.mark.parametrize(
    "code",
    [
        "",
        GOOD[:-1],
        GOOD + "0",
        "9135010OM000100Y43",
        "91I50100M000100Y43",
        "9135010AM000100Y43",
        "９1350100M000100Y43",
    ],
)
def test_what_is_no_code_has_not_its_form(code: str) -> None:
    assert not has_form(code)


def test_it_is_kept_in_capitals_without_what_was_put_between() -> None:
    assert canonical(" ９１３５０１００-m000 100y43") == GOOD


_ANY = st.text(_CHARACTERS, min_size=17, max_size=17)


@given(_ANY, st.integers(0, 17), st.sampled_from(_CHARACTERS))
def test_one_wrong_character_is_always_found(first_17: str, place: int, other: str) -> None:
    code = with_check_character(first_17)
    wrong = code[:place] + other + code[place + 1 :]
    assert checks_out(wrong) == (wrong == code)


@given(_ANY, st.integers(0, 16))
def test_two_neighbours_that_changed_places_are_always_found(first_17: str, place: int) -> None:
    code = with_check_character(first_17)
    wrong = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert checks_out(wrong) == (wrong == code)
