"""Numbers to read out on the phone: eight digits that do not tell how many came before, and a check digit.

A sequence is permuted by a multiplication modulo 10^8 (the factor is coprime to 10^8, so no two are the same), and the
ninth digit is ISO/IEC 7064 MOD 11,10: every single wrong digit and nearly every swap of neighbours is noticed.
"""

_SPAN = 10**8
_FACTOR = 61_803_399  # odd and not divisible by 5, hence coprime to 10^8
_SHIFT = 27_182_818


def number_of(sequence: int) -> str:
    """The number of the `sequence`-th petition."""
    body = f"{(sequence * _FACTOR + _SHIFT) % _SPAN:08d}"
    return body + _check_digit(body)


def is_number(text: str) -> bool:
    """Whether the text is a well-formed number."""
    return len(text) == 9 and text.isascii() and text.isdigit() and _check_digit(text[:8]) == text[8]


def _check_digit(body: str) -> str:
    product = 10
    for digit in body:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)
