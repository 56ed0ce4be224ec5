"""Photos: decoded for real, turned upright, stripped of EXIF (it holds places), encoded anew.

What cannot be decoded as what it says it is, is refused; what would unpack to too many pixels is refused before it is
unpacked.
"""

import io
import warnings
from dataclasses import dataclass

from PIL import Image

from shared.infra.image_parts import check_parts
from shared.kernel.errors import Problem, TooLarge, UnsupportedMedia

LIMIT_BYTES = 10_000_000
#: A JPEG is decoded at a fraction of its size; the other formats must be unpacked whole, so they may have less.
LIMIT_PIXELS = {"JPEG": 50_000_000, "MPO": 50_000_000, "PNG": 16_000_000, "WEBP": 16_000_000}
_LONGEST_SIDE = 2048
_THUMBNAIL_SIDE = 320
#: What Pillow calls a format, and what a browser does. MPO: a JPEG with a second picture, as phones make portraits.
_FORMATS = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
_ORIENTATION = 0x0112
#: EXIF 2.32, tag 274: how the picture must be turned to stand upright.
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


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
    check_parts(content)
    try:
        with warnings.catch_warnings():
            # Pillow warns of a bomb at a size of its own choosing, and of odd metadata that we drop anyway.
            warnings.simplefilter("ignore")
            kept = _decode(content, declared_type)
    except Problem:
        raise
    except Image.DecompressionBombError as error:
        raise TooLarge(limit=_pixels("JPEG")) from error
    except Exception as error:  # a decoder fed with anything may raise anything; it is no photo that we can read
        raise UnsupportedMedia(accepted=_ACCEPTED) from error
    small = kept.copy()
    small.thumbnail((_THUMBNAIL_SIDE, _THUMBNAIL_SIDE))
    return Photo(_jpeg(kept), _jpeg(small), kept.width, kept.height)


_ACCEPTED = ", ".join(dict.fromkeys(_FORMATS.values()))


def _pixels(form: str) -> str:
    return f"{LIMIT_PIXELS[form]:,} pixels"


def _decode(content: bytes, declared_type: str | None) -> Image.Image:
    picture = Image.open(io.BytesIO(content), formats=["JPEG", "PNG", "WEBP"])
    form = picture.format or ""
    if picture.width * picture.height > LIMIT_PIXELS[form]:
        raise TooLarge(limit=_pixels(form))
    if declared_type in _FORMATS.values() and declared_type != _FORMATS[form]:
        raise UnsupportedMedia(accepted=f"{_FORMATS[form]} ≠ {declared_type}")
    picture.draft("RGB", (_LONGEST_SIDE, _LONGEST_SIDE))  # lets the JPEG decoder skip detail that we drop anyway
    turn = _UPRIGHT.get(_orientation(picture))
    picture.load()
    flat = _flat(picture)
    flat.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    return flat.transpose(turn) if turn is not None else flat


def _orientation(picture: Image.Image) -> int:
    """How the camera was held; what stands in broken metadata counts as nothing."""
    try:
        return int(picture.getexif().get(_ORIENTATION, 1))
    except Exception:
        return 1


def _flat(picture: Image.Image) -> Image.Image:
    """Without transparency (white behind it) and in RGB, on fresh pixels that carry no metadata; small enough."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layer = picture if picture.mode == "RGBA" else picture.convert("RGBA")
        layer.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
        flat = Image.new("RGB", layer.size, "white")
        flat.paste(layer, mask=layer.getchannel("A"))
        return flat
    if picture.mode.startswith("I"):  # 16 bits of grey, of which Pillow would keep the lowest eight and call it white
        picture = picture.convert("I").point(lambda grey: grey / 256).convert("L")
    flat = picture.convert("RGB")
    flat.info = {}
    return flat


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()
