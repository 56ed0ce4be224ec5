"""Telephone numbers in China, as they are kept and shown.

A mobile number is kept as its 11 digits, one of the fixed network as area code-number, with -extension where it has
one. The area codes of two digits after the 0 are those of the great cities (010, 02x), all others have three.
"""

import re
import unicodedata

_NOISE = re.compile(r"[\s\-‐-―().·]+")
_ABROAD = re.compile(r"(?:\+|00)?86(?=1[3-9][0-9]{9}$)|(?:\+|00)86")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_FIXED = re.compile(r"(0(?:10|2[0-9]|[3-9][0-9]{2}))([2-8][0-9]{6,7})")
_EXTENSION = re.compile(r"(.*[0-9)])\s*(?:-|转|#|x|ext\.?)\s*([0-9]{1,6})")


def normalised(text: str) -> str | None:
    """One way of writing for each number: without +86, spaces and full-width digits; None when it is no number."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    whole = _number(plain)
    if whole is not None:
        return whole
    extended = _EXTENSION.fullmatch(plain)
    number = _number(extended[1]) if extended else None
    return f"{number}-{extended[2]}" if extended and number and "-" in number else None


def _number(plain: str) -> str | None:
    digits = _NOISE.sub("", plain)
    own = _ABROAD.sub("", digits, count=1) if _ABROAD.match(digits) else digits
    if _MOBILE.fullmatch(own):
        return own
    # From abroad an area code is dialled without its 0.
    fixed = _FIXED.fullmatch(own if own.startswith("0") or own == digits else f"0{own}")
    return f"{fixed[1]}-{fixed[2]}" if fixed else None


def masked(number: str) -> str:
    """138****1234; of the fixed network the area code and the last two digits."""
    if "-" not in number:
        return f"{number[:3]}****{number[-4:]}"
    code, rest = number.split("-")[:2]
    return f"{code}-{'*' * (len(rest) - 2)}{rest[-2:]}"
