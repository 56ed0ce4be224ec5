"""How text is searched: Chinese by overlapping pairs of characters, other scripts by words.

PostgreSQL has no Chinese word splitter of its own, and trigrams miss the two-character words that people search for.
Pairs find every substring of two or more characters with an ordinary GIN index.
"""

import re

_RUNS = re.compile(r"[㐀-鿿\U00020000-\U0003ffff]+|[^\W㐀-鿿\U00020000-\U0003ffff_]+")
_MOST_TERMS = 2_000


def terms(text: str) -> list[str]:
    """The terms under which a text is found."""
    found: dict[str, None] = {}
    for run in _RUNS.findall(text.lower()):
        for term in _pairs(run) if _is_han(run) else [run[:40]]:
            found[term] = None
    return list(found)[:_MOST_TERMS]


def query_terms(words: str) -> list[str]:
    """The terms that a text must have to match the words; empty when there is nothing to look for."""
    return [term for term in terms(words) if len(term) > 1 or not _is_han(term)]


def _is_han(run: str) -> bool:
    return "㐀" <= run[0] <= "鿿" or run[0] >= "\U00020000"


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]
