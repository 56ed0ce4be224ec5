"""Files through obstore: a local folder by default, S3-compatible storage by URL. And links that open one file."""

import hashlib
import hmac
import time
from pathlib import Path
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, ObjectStore, from_url

from shared.kernel.errors import NotFound, Unavailable

LINK_LIFE_SECONDS = 3600


class Storage:
    """Named blobs. When the storage cannot be reached the caller gets a 503 and nothing is stored."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._store: ObjectStore = (
            LocalStore(Path(unquote(parts.path)), mkdir=True) if parts.scheme == "file" else from_url(url)
        )

    async def put(self, name: str, content: bytes) -> None:
        try:
            await obstore.put_async(self._store, name, content)
        except (BaseError, OSError) as error:
            raise Unavailable("storage") from error

    async def get(self, name: str) -> bytes:
        try:
            found = await obstore.get_async(self._store, name)
            return bytes(await found.bytes_async())
        except (NotFoundError, FileNotFoundError) as error:
            raise NotFound from error
        except (BaseError, OSError) as error:
            raise Unavailable("storage") from error

    async def delete(self, name: str) -> None:
        """What is not there any more is deleted, too."""
        try:
            await obstore.delete_async(self._store, name)
        except (NotFoundError, FileNotFoundError):
            return
        except (BaseError, OSError) as error:
            raise Unavailable("storage") from error


class Links:
    """Signed links: an image tag cannot send a token, so the link itself carries the right, for an hour or two.

    The expiry is rounded to the hour so that a link stays the same for a while and phones can keep the image.
    """

    def __init__(self, public_url: str, key: str) -> None:
        self._public_url = public_url.rstrip("/")
        self._key = key.encode()

    def sign(self, path: str) -> str:
        expires = (int(time.time()) // LINK_LIFE_SECONDS + 2) * LINK_LIFE_SECONDS
        return f"{self._public_url}{path}?expires={expires}&signature={self._signature(path, expires)}"

    def check(self, path: str, expires: int, signature: str) -> None:
        """Raises NotFound unless the link is ours and has not expired."""
        good = hmac.compare_digest(signature.encode(), self._signature(path, expires).encode())
        if not good or expires < time.time():
            raise NotFound

    def _signature(self, path: str, expires: int) -> str:
        return hmac.new(self._key, f"{path}\n{expires}".encode(), hashlib.sha256).hexdigest()[:43]
