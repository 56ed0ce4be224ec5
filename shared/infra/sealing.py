"""Sealed values: personal data that lies in the database unreadable, and can be found by who knows what to look for.

AES-256-GCM (NIST SP 800-38D) with a random nonce for each value. What a value belongs to (tenant, owner, field, key) is
authenticated with it, so a value that was copied into another row or changed by one bit does not open. Beside it stands
its *blind index*: HMAC-SHA-256 under a key of its own over field and text, equal for equal texts and nothing to anybody
without that key.

Keys are files in the folder of the signing keys: `data-<n>.key`, of which the greatest number seals and all open, and
`index.key`. A new key is seen by running processes within seconds, and a value sealed with it at once. Keys stay as
long as anything (a backup, too) is sealed with them.
"""

import hmac
import os
import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.kernel.errors import Unavailable

#: So long may a process go on sealing with the key before a new one.
RELOAD_SECONDS = 5.0

_KEY_BYTES, _NONCE_BYTES = 32, 12
_INDEX = "index"


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed text: nonce, ciphertext and tag in one, and the key that opens it."""

    key_id: str
    value: bytes


class TamperedError(Exception):
    """A sealed value was changed, or does not belong where it lies."""


class Sealer:
    """Seals, opens and indexes with the keys of a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._index = b""
        self._keys: dict[str, AESGCM] = {}
        self._loaded = -RELOAD_SECONDS

    @property
    def key_id(self) -> str:
        """The key that seals now; raises Unavailable when there is none."""
        if time.monotonic() - self._loaded >= RELOAD_SECONDS:
            self._load()
        if not self._keys:
            raise Unavailable("keys")
        return max(self._keys, key=_number)

    def seal(self, tenant_id: UUID, owner_id: UUID, field: str, text: str) -> Sealed:
        """The text, sealed for this one place."""
        key_id = self.key_id
        nonce = os.urandom(_NONCE_BYTES)
        place = _place(tenant_id, owner_id, field, key_id)
        return Sealed(key_id, nonce + self._keys[key_id].encrypt(nonce, text.encode(), place))

    def open(self, tenant_id: UUID, owner_id: UUID, field: str, sealed: Sealed) -> str:
        """The text; raises TamperedError when it is not as it was sealed here, Unavailable without its key."""
        if sealed.key_id not in self._keys:
            self._load()
            if sealed.key_id not in self._keys:
                raise Unavailable("keys")
        nonce, rest = sealed.value[:_NONCE_BYTES], sealed.value[_NONCE_BYTES:]
        place = _place(tenant_id, owner_id, field, sealed.key_id)
        try:
            return self._keys[sealed.key_id].decrypt(nonce, rest, place).decode()
        except (InvalidTag, ValueError) as error:
            raise TamperedError from error

    def blind(self, field: str, text: str) -> bytes:
        """What equal texts of a field have alike; 32 bytes."""
        if not self._index:
            self._load()
            if not self._index:
                raise Unavailable("keys")
        return hmac.digest(self._index, f"{field}\0{text}".encode(), "sha256")

    def check(self) -> None:
        """Raises OSError when a key is missing without which nothing can be sealed."""
        try:
            self.blind("", self.key_id)
        except Unavailable as error:
            raise OSError(
                f"{self._folder} 中没有加密个人信息的密钥，请先运行 linli migrate，或从备份恢复。\n"
                f"{self._folder} has no keys that seal personal data; run linli migrate, or bring them from a backup."
            ) from error

    def _load(self) -> None:
        names = key_ids(self._folder)
        self._keys |= {name: AESGCM(_read(self._folder, name)) for name in names if name not in self._keys}
        if not self._index and _path(self._folder, _INDEX).exists():
            self._index = _read(self._folder, _INDEX)
        self._loaded = time.monotonic()


def key_ids(folder: Path) -> list[str]:
    """The data keys of a folder, oldest first."""
    return sorted((file.stem for file in folder.glob("data-*.key") if _number(file.stem)), key=_number)


def has_index_key(folder: Path) -> bool:
    return _path(folder, _INDEX).exists()


def make_first_keys(folder: Path) -> None:
    """The keys that an installation begins with; those that are there stay."""
    if not key_ids(folder):
        _make(folder, "data-1")
    if not has_index_key(folder):
        _make(folder, _INDEX)


def make_data_key(folder: Path) -> str:
    """A new key, which seals from now on; gives its id. Two at the same moment make one."""
    newest = max((_number(name) for name in key_ids(folder)), default=0)
    name = f"data-{newest + 1}"
    _make(folder, name)
    return name


def age_of(folder: Path, key_id: str) -> float:
    """For how many seconds a key has been there."""
    return time.time() - _path(folder, key_id).stat().st_mtime


def _make(folder: Path, name: str) -> None:
    """Writes a random key in one step: a crash leaves all of it or nothing, and what is there is never replaced."""
    unfinished = folder / f".{name}.{secrets.token_hex(4)}"
    with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(secrets.token_hex(_KEY_BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(unfinished, _path(folder, name))
    except FileExistsError:
        pass
    finally:
        unfinished.unlink()


def _read(folder: Path, name: str) -> bytes:
    key = bytes.fromhex(_path(folder, name).read_text(encoding="ascii"))
    if len(key) != _KEY_BYTES:
        raise ValueError(f"{name}.key is no key of {_KEY_BYTES} bytes")
    return key


def _path(folder: Path, name: str) -> Path:
    return folder / f"{name}.key"


def _number(name: str) -> int:
    """1 of data-1; 0 of what is no data key."""
    digits = name.removeprefix("data-")
    return int(digits) if digits.isascii() and digits.isdigit() else 0


def _place(tenant_id: UUID, owner_id: UUID, field: str, key_id: str) -> bytes:
    return f"{tenant_id}/{owner_id}/{field}/{key_id}".encode()
