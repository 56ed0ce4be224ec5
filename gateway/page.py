"""What is the same for everybody and changes only with the code: answered from memory, with an ETag, small on the line.

The browser is told to load nothing from anywhere else (Content-Security-Policy): a government's network reaches no
other host, and nothing that a page shows can run.
"""

import gzip
import hashlib
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

REVALIDATED = "no-cache"
FOR_EVER = "public, max-age=31536000, immutable"  # for addresses that carry a digest of what they answer

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_WORTH_PACKING = 1000


@dataclass(frozen=True, slots=True)
class Page:
    """One answer, ready to be sent."""

    content: bytes
    packed: bytes | None
    tag: str
    media_type: str
    cache: str

    @classmethod
    def of(cls, content: bytes, media_type: str, cache: str = REVALIDATED) -> "Page":
        large = len(content) > _WORTH_PACKING and not media_type.startswith("image/")
        packed = gzip.compress(content, 6, mtime=0) if large else None
        return cls(content, packed, digest(content), media_type, cache)

    def answer(self, request: Request) -> Response:
        """200, or 304 when the client has it already."""
        headers = {
            "etag": f'W/"{self.tag}"',  # weak: packed or not, it is the same page
            "cache-control": self.cache,
            "vary": "Accept, Accept-Encoding",
            "content-security-policy": _POLICY,
            "x-content-type-options": "nosniff",
            "referrer-policy": "no-referrer",
        }
        seen = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
        if seen & {f'"{self.tag}"', "*"}:
            return Response(status_code=304, headers=headers)
        content = self.content
        if self.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
            content, headers["content-encoding"] = self.packed, "gzip"
        return Response(content, headers=headers, media_type=self.media_type)


def digest(content: bytes) -> str:
    """A name for content that changes with it."""
    return hashlib.sha256(content).hexdigest()[:16]
