"""The unified social credit code 统一社会信用代码 of a legal person or other organisation (GB 32100-2015).

18 characters out of 31 (no I, O, S, V, Z): 1 who registered it, 2 what it is, 3–8 the county, 9–17 the organisation, 18
the check character, by which one wrong character and two that changed places are found. Positions 1 and 2 are letters
too: newer codes begin with A1, N1 or Y1.
"""

_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_LENGTH = 18
#: What somebody who copies a code from a certificate puts in between, or writes in full width.
_FULL_WIDTH = {ord("！") + n: ord("!") + n for n in range(94)}
_BETWEEN = dict.fromkeys(map(ord, " \u3000-–—·"))


def canonical(written: str) -> str:
    """The code as it is kept: capitals, nothing in between."""
    return written.translate(_FULL_WIDTH).translate(_BETWEEN).upper()


def has_form(code: str) -> bool:
    """Whether these are 18 of the 31 characters, with digits for the county."""
    return len(code) == _LENGTH and set(code) <= set(_CHARACTERS) and code[2:8].isdigit()


def checks_out(code: str) -> bool:
    """Whether the check character fits: weights 3⁰, 3¹… modulo 31, and the sum with it is a multiple of 31 (5.3)."""
    total = sum(_CHARACTERS.index(character) * pow(3, place, 31) for place, character in enumerate(code[:-1]))
    return (total + _CHARACTERS.index(code[-1])) % 31 == 0
