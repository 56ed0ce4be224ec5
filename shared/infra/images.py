"""Photos: decoded for real, turned upright, stripped of EXIF (it holds places), encoded anew.

What cannot be decoded as what it says it is, is refused; what would unpack to too many pixels is refused before it is
unpacked.
"""

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from shared.kernel.errors import TooLarge, UnsupportedMedia

LIMIT_BYTES = 10_000_000
LIMIT_PIXELS = 50_000_000
_LONGEST_SIDE = 2048
_THUMBNAIL_SIDE = 320
_FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo as it is kept: JPEG, at most 2048 pixels on its longer side, and a thumbnail of 320."""

    content: bytes
    thumbnail: bytes
    width: int
    height: int


def read_photo(content: bytes, declared_type: str | None) -> Photo:
    """Decodes and encodes anew. Takes tens of milliseconds of processor time: call it in a thread."""
    if len(content) > LIMIT_BYTES:
        raise TooLarge(limit="10 MB")
    try:
        with warnings.catch_warnings():
            # Pillow warns of a bomb at a size of its own choosing; ours is checked right below.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=list(_FORMATS))
            if picture.width * picture.height > LIMIT_PIXELS:
                raise TooLarge(limit="50,000,000 pixels")
            real_type = _FORMATS[picture.format or ""]
            if declared_type in _FORMATS.values() and declared_type != real_type:
                raise UnsupportedMedia(accepted=f"{real_type} ≠ {declared_type}")
            picture.draft("RGB", (_LONGEST_SIDE, _LONGEST_SIDE))  # lets the JPEG decoder skip detail we drop anyway
            upright = ImageOps.exif_transpose(picture)
            kept = _flat(upright)
    except Image.DecompressionBombError as error:
        raise TooLarge(limit="50,000,000 pixels") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, KeyError, IndexError) as error:
        raise UnsupportedMedia(accepted=", ".join(_FORMATS.values())) from error
    kept.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    small = kept.copy()
    small.thumbnail((_THUMBNAIL_SIDE, _THUMBNAIL_SIDE))
    return Photo(_jpeg(kept), _jpeg(small), kept.width, kept.height)


def _flat(picture: Image.Image) -> Image.Image:
    """Without transparency (white behind it) and in RGB, on fresh pixels that carry no metadata."""
    picture.load()
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        flat = Image.new("RGB", layer.size, "white")
        flat.paste(layer, mask=layer.getchannel("A"))
        return flat
    flat = picture.convert("RGB")
    flat.info = {}
    return flat


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()
