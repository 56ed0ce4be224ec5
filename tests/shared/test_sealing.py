"""Sealed values: nobody reads, moves or changes one without the keys, and a new key disturbs nobody."""

import os
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.infra import sealing
from shared.infra.sealing import Sealed, Sealer, TamperedError, make_data_key, make_first_keys
from shared.kernel.errors import Unavailable
from shared.kernel.ids import new_id

HERE, PERSON = new_id(), new_id()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("keys")
    make_first_keys(made)
    return made


@given(st.text(max_size=300))
def test_what_was_sealed_opens_again_and_looks_different_every_time(folder: Path, text: str) -> None:
    sealer = Sealer(folder)
    first, second = (sealer.seal(HERE, PERSON, "phone", text) for _ in range(2))
    assert (first.value != second.value and text.encode() not in first.value[12:-16]) or not text
    assert sealer.open(HERE, PERSON, "phone", first) == sealer.open(HERE, PERSON, "phone", second) == text


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_one_changed_bit_is_refused(folder: Path, place: int, bits: int) -> None:
    sealer = Sealer(folder)
    value = bytearray(sealer.seal(HERE, PERSON, "phone", "13809901234").value)
    value[place % len(value)] ^= bits
    with pytest.raises(TamperedError):
        sealer.open(HERE, PERSON, "phone", Sealed("data-1", bytes(value)))


@pytest.mark.parametrize("place", [(new_id(), PERSON, "phone"), (HERE, new_id(), "phone"), (HERE, PERSON, "id_number")])
def test_a_value_that_was_put_elsewhere_is_refused(folder: Path, place: tuple[UUID, UUID, str]) -> None:
    sealer = Sealer(folder)
    sealed = sealer.seal(HERE, PERSON, "phone", "13809901234")
    with pytest.raises(TamperedError):
        sealer.open(*place, sealed)
    for cut in (b"", sealed.value[:11], sealed.value[:-1]):
        with pytest.raises(TamperedError):
            sealer.open(HERE, PERSON, "phone", Sealed("data-1", cut))


def test_equal_texts_of_a_field_have_one_index_and_only_with_the_key(folder: Path, tmp_path: Path) -> None:
    sealer, other = Sealer(folder), Sealer(tmp_path)
    make_first_keys(tmp_path)
    assert sealer.blind("phone", "1380") == Sealer(folder).blind("phone", "1380")
    different = [sealer.blind("phone", "1381"), sealer.blind("door", "1380"), other.blind("phone", "1380")]
    assert sealer.blind("phone", "1380") not in different and len(different[0]) == 32


def test_a_new_key_seals_in_running_processes_and_old_values_stay_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_first_keys(tmp_path)
    running, elsewhere = Sealer(tmp_path), Sealer(tmp_path)
    old = running.seal(HERE, PERSON, "phone", "old")
    assert make_data_key(tmp_path) == "data-2"
    # What another process sealed with the new key opens at once; sealing itself follows within seconds.
    new = elsewhere.seal(HERE, PERSON, "phone", "new")
    assert (old.key_id, new.key_id) == ("data-1", "data-2")
    assert running.open(HERE, PERSON, "phone", new) == "new"
    monkeypatch.setattr(sealing, "RELOAD_SECONDS", 0.0)
    assert running.key_id == "data-2" and running.open(HERE, PERSON, "phone", old) == "old"


def test_keys_are_made_once_private_and_never_replaced(tmp_path: Path) -> None:
    make_first_keys(tmp_path)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    make_first_keys(tmp_path)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before
    assert set(before) == {"data-1.key", "index.key"}
    assert all(file.stat().st_mode & 0o077 == 0 for file in tmp_path.iterdir())
    (tmp_path / "data-x.key").write_text("none of ours")
    for _ in range(11):
        make_data_key(tmp_path)
    assert sealing.key_ids(tmp_path)[-1] == "data-12" == Sealer(tmp_path).key_id


def test_without_keys_nothing_is_sealed_and_the_problem_says_so(tmp_path: Path) -> None:
    sealer = Sealer(tmp_path)
    for work in (
        lambda: sealer.blind("phone", "1"),
        lambda: sealer.open(HERE, PERSON, "phone", Sealed("data-1", os.urandom(40))),
    ):
        with pytest.raises(Unavailable) as caught:
            work()
        assert caught.value.facts == {"part": "keys"}
    with pytest.raises(OSError, match="linli migrate"):
        sealer.check()
