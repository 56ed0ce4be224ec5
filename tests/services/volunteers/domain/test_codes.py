"""The rotating code: bound to its opening and its half minute, and typed by people."""

from datetime import UTC, datetime, timedelta

from services.volunteers.domain.codes import LENGTH, accepts, code_at
from shared.kernel.ids import new_id

SECRET = b"s" * 32
OPENING = new_id()
AT = datetime(2026, 3, 2, 11, 0, 10, tzinfo=UTC)


def test_a_code_is_accepted_in_its_step_and_the_next_and_no_longer() -> None:
    code = code_at(SECRET, OPENING, AT)
    assert code.expires_at == AT.replace(second=30)
    assert accepts(SECRET, OPENING, AT, code.text)
    assert accepts(SECRET, OPENING, AT + timedelta(seconds=49), code.text)
    assert not accepts(SECRET, OPENING, AT + timedelta(seconds=50), code.text)
    assert not accepts(SECRET, OPENING, AT - timedelta(seconds=11), code.text)


def test_the_code_of_another_opening_or_secret_is_none() -> None:
    code = code_at(SECRET, OPENING, AT).text
    assert not accepts(SECRET, new_id(), AT, code)
    assert not accepts(b"t" * 32, OPENING, AT, code)


def test_small_letters_spaces_and_look_alikes_do_no_harm() -> None:
    steps = (code_at(SECRET, OPENING, AT + timedelta(seconds=30 * n)).text for n in range(1000))
    code = next(text for text in steps if "0" in text and "1" in text)
    at = next(
        AT + timedelta(seconds=30 * n)
        for n in range(1000)
        if accepts(SECRET, OPENING, AT + timedelta(seconds=30 * n), code)
    )
    typed = code.lower().replace("0", "o").replace("1", "l")
    assert accepts(SECRET, OPENING, at, f"{typed[:4]} {typed[4:]}")
    assert accepts(SECRET, OPENING, at, f"{typed[:4]}-{typed[4:]}")


def test_what_is_no_code_at_all_is_refused() -> None:
    for given in ("", "签到", "\udcff".encode("utf-8", "replace").decode(), "0" * LENGTH, "0" * 1000):
        assert not accepts(SECRET, OPENING, AT, given)


def test_codes_do_not_repeat_and_have_no_look_alikes() -> None:
    texts = {code_at(SECRET, OPENING, AT + timedelta(seconds=30 * n)).text for n in range(2000)}
    assert len(texts) == 2000
    assert all(len(text) == LENGTH and not set(text) & set("ILOU") for text in texts)
