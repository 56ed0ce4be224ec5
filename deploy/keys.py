"""The keys that an installation begins with: its own and the demo's signing keys, and those that seal personal data."""

from collections.abc import Collection
from pathlib import Path

from shared.infra import sealing
from shared.infra.auth import has_key, make_key

DEMO_KEY = "demo-1"
FIRST_KEY = "key-1"


def ensure_key(folder: Path, kid: str) -> None:
    """A signing key of this name, made when there is none."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not has_key(folder, kid):
        make_key(folder, kid)


def ensure_sealing_keys(folder: Path, in_use: Collection[str]) -> None:
    """The keys that seal personal data, made when there are none.

    Where something is sealed already and a key to it is not there, none is made: what lies in the database could never
    be read again, nor found by its index, and nobody would notice for months.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    missing = sorted(set(in_use).difference(sealing.key_ids(folder)))
    if in_use and not sealing.has_index_key(folder):
        missing.append("index")
    if missing:
        names = ", ".join(f"{name}.key" for name in missing)
        raise OSError(
            f"{folder} 中缺少加密个人信息的密钥 {names}，请从备份恢复；没有它们，已有的数据无法读取。\n"
            f"The keys {names} that seal personal data are missing in {folder}; bring them back from a backup: without "
            f"them what is there cannot be read."
        )
    sealing.make_first_keys(folder)
