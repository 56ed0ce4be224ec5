"""Words that occur nowhere else, put wherever a person can write, and found again in whatever form they come out."""

import base64
from dataclasses import dataclass, field
from urllib.parse import quote

from services.directory.domain.id_numbers import check_character


@dataclass
class Marks:
    """Every mark that was given out, by the place where it was put."""

    run: int
    given: dict[str, str] = field(default_factory=dict)

    def __call__(self, place: str) -> str:
        """A mark for the place: rare characters and figures, as a name, an address or a number would have."""
        return self.given.setdefault(place, f"龘{place}麤7{self.run}391")

    def phone(self, place: str) -> str:
        """A telephone number."""
        return self.given.setdefault(place, f"139{self.run}{len(self.given):03}7391")

    def id_number(self, place: str) -> str:
        """An identity number with its check character."""
        first = f"6502031949{self.run:02}{len(self.given) % 28 + 1:02}391"
        return self.given.setdefault(place, first + check_character(first))

    def ascii(self, place: str) -> str:
        """A mark for places that take no other characters, like headers."""
        return self.given.setdefault(place, f"{place}-Wang.Xiulan-7{self.run}391")

    def keep(self, place: str, secret: str) -> None:
        """Something that must not come out either, made elsewhere."""
        self.given[place] = secret

    def found_in(self, content: bytes) -> set[str]:
        """The places whose marks the content holds."""
        return {place for place, mark in self.given.items() if any(form in content for form in forms(mark))}


def forms(mark: str) -> set[bytes]:
    """How a text may look in a log, a message or a table: as it is, escaped, quoted, packed into base64 or hex."""
    raw = mark.encode()
    escaped = mark.encode("ascii", "backslashreplace")
    python = repr(raw)[2:-1].encode()
    quoted = quote(mark, safe="").encode()
    found = {raw, escaped, escaped.replace(b"\\", b"\\\\"), python, python.replace(b"\\", b"\\\\"), quoted}
    found |= {quote(mark, safe="").lower().encode(), mark.encode("utf-16-le"), raw.hex().encode()}
    if not mark.isascii():
        found |= {raw.decode("latin-1").encode(), mark.encode("gb18030")}
    for shift in range(3):
        # Only the characters that depend on nothing before or after the mark.
        packed = base64.b64encode(b"\0" * shift + raw)[4 * (shift > 0) : -4]
        found |= {packed, packed.replace(b"+", b"-").replace(b"/", b"_")}
    return found
