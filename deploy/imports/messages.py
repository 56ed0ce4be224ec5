"""Full texts that residents once wrote to another city government, chosen to go with cases that have none.

A text is chosen among those of the wanted classes that come closest to the wanted words, by a hash of the
case's number: the same case always gets the same text, and a hundred cases of one category do not all read
alike.

One file has full texts with a class, two have full texts without. The latter are classified by what the
large file of tokens with classes teaches (naive Bayes over pairs of characters, which needs no word list
and no library); that is good enough for choosing a text, and is no part of Linli's own category suggestion.
"""

import hashlib
import html
import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.imports.report import Effect, ImportProblem, Problem
from deploy.imports.tables import read_table

TITLE_LENGTH = 60
TEXT_LENGTH = 2_000

_TOKENS = "labelled_tokens.csv"
_LABELLED = "labelled_raw.csv"
_UNLABELLED = ("with_replies.csv", "many_about_one_matter.csv")

#: What tells from a title what its writer wants; the first that fits counts, else it is a problem.
_KIND_MARKS = (
    ("praise", ("感谢", "表扬", "点赞", "致谢", "致敬")),
    ("consultation", ("咨询", "请问", "如何", "怎么", "怎样", "能否", "是否", "吗")),
    ("suggestion", ("建议", "希望能", "呼吁")),
)
_KIND_WEIGHT = 3.0  # a text of the wanted kind is worth this much more
_TITLE_WEIGHT = 2.0  # what a message is about stands in its title
_LEAD = 150  # characters of the text that still tell what it is about
_CHOICE = 60  # texts, at most, among which the hash chooses
_CLOSE_ENOUGH = 0.5  # of the closest text's score
_RARE = 0.1  # smoothing of naive Bayes

_CHINESE = re.compile(r"[\u4e00-\u9fff]+")
_EXCEL_RETURN = re.compile(r"_x000[Dd]_")
_BLANKS = re.compile(r"[^\S\n]+")


@dataclass(frozen=True, slots=True)
class Text:
    """What a resident wrote: at most 60 and 2,000 characters, none of them a control character."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Message:
    """One text with the class and kind that decide where it fits."""

    content: Text
    label: str
    kind: str


def cleaned(text: str) -> str:
    """The text without control characters, remains of HTML and Excel, and blanks at the ends of lines."""
    text = html.unescape(_EXCEL_RETURN.sub("\n", text)).replace("\r\n", "\n").replace("\r", "\n")
    visible = "".join(c if c == "\n" or not unicodedata.category(c).startswith("C") else " " for c in text)
    lines = (_BLANKS.sub(" ", line).strip() for line in visible.split("\n"))
    return "\n".join(line for line in lines if line)


def as_text(title: str, text: str) -> Text:
    """The two, cleaned and cut to length."""
    one_line = cleaned(title).replace("\n", " ")
    return Text(one_line[:TITLE_LENGTH].strip(), cleaned(text)[:TEXT_LENGTH].strip())


class Messages:
    """All usable messages of a folder, and the choice among them."""

    def __init__(self, folder: Path, problems: list[Problem]) -> None:
        self._messages = _read(folder, problems)
        self._seen_in: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for position, message in enumerate(self._messages):
            for pair, weight in _about(message.content).items():
                self._seen_in[pair].append((position, weight))
        self._pools: dict[tuple[object, ...], list[Text]] = {}

    def choose(self, number: str, labels: frozenset[str], words: Mapping[str, float], kind: str) -> Text:
        """The text for the case with this number; no labels: of any class. Words count by their weight."""
        wanted = (labels, tuple(words.items()), kind)
        if wanted not in self._pools:
            self._pools[wanted] = self._pool(labels, words, kind)
        pool = self._pools[wanted]
        digest = hashlib.sha256(number.encode()).digest()
        return pool[int.from_bytes(digest[:8]) % len(pool)]

    def _pool(self, labels: frozenset[str], words: Mapping[str, float], kind: str) -> list[Text]:
        """The closest texts, closest first; where no word occurs anywhere, all of the class and kind."""
        fitting = [n for n, message in enumerate(self._messages) if not labels or message.label in labels]
        allowed = set(fitting or range(len(self._messages)))
        scores = {n: score for n, score in self._scores(words).items() if n in allowed}
        weighted = {n: score * self._kind_weight(n, kind) for n, score in scores.items()}
        closest = sorted(weighted, key=lambda n: (-weighted[n], n))[:_CHOICE]
        close = [n for n in closest if weighted[n] >= _CLOSE_ENOUGH * weighted[closest[0]]]
        same_kind = [n for n in sorted(allowed) if self._messages[n].kind == kind]
        return [self._messages[n].content for n in close or same_kind or sorted(allowed)]

    def _scores(self, words: Mapping[str, float]) -> dict[int, float]:
        """For each message that says any of the words: how much of the best said one it says."""
        scores: dict[int, float] = defaultdict(float)
        for word, weight in words.items():
            for position, share in self._shares(word).items():
                scores[position] = max(scores[position], weight * share)
        return scores

    def _shares(self, word: str) -> dict[int, float]:
        """How much of the word each message says: a pair that few messages have counts for more."""
        places = {pair: self._seen_in.get(pair, []) for pair in sorted(_pairs(word))}
        rarity = {pair: math.log(1 + len(self._messages) / (1 + len(seen))) for pair, seen in places.items()}
        whole = sum(rarity.values())
        shares: dict[int, float] = defaultdict(float)
        for pair, seen in places.items():
            for position, place in seen:
                shares[position] += place * rarity[pair] / whole
        return shares

    def _kind_weight(self, position: int, kind: str) -> float:
        return _KIND_WEIGHT if self._messages[position].kind == kind else 1.0


def _read(folder: Path, problems: list[Problem]) -> list[Message]:
    """Every text once, in the order of the files, so that the choice among them is stable."""
    examples = read_table(folder / _TOKENS, ("tokens", "label_level1"), problems)
    classes = _Classes((row["tokens"], row["label_level1"]) for row in examples)
    messages: dict[Text, Message] = {}
    for file in (_LABELLED, *_UNLABELLED):
        for title, text, label in _texts(folder, file, problems):
            content = as_text(title, text)
            label = label or classes.of(f"{content.title}\n{content.text}")
            messages.setdefault(content, Message(content, label, _kind_of(content.title)))
    if messages:
        return list(messages.values())
    raise ImportProblem(f"{folder} 中没有可用的留言。", f"{folder} holds no message that can be used.")


def _texts(folder: Path, file: str, problems: list[Problem]) -> Iterable[tuple[str, str, str]]:
    """Title, text and class ("" where the file has none) of every row that has a title and a text."""
    columns = ("title", "text", "label_level1") if file == _LABELLED else ("title", "text")
    for row in read_table(folder / file, columns, problems):
        if cleaned(row["title"]) and cleaned(row["text"]):
            yield row["title"], row["text"], row["label_level1"] if file == _LABELLED else ""
        else:
            problems.append(row.problem("text", "没有标题或正文", "no title or no text", Effect.LEFT_OUT))


def _kind_of(title: str) -> str:
    return next((kind for kind, marks in _KIND_MARKS if any(mark in title for mark in marks)), "problem")


def _pairs(text: str) -> set[str]:
    """The pairs of neighbouring Chinese characters."""
    return {run[at : at + 2] for run in _CHINESE.findall(text) for at in range(len(run) - 1)}


def _about(content: Text) -> dict[str, float]:
    """What the message is about: its pairs, those of the title with more weight."""
    lead = dict.fromkeys(_pairs(content.text[:_LEAD]), 1.0)
    return lead | dict.fromkeys(_pairs(content.title), _TITLE_WEIGHT)


class _Classes:
    """Naive Bayes over pairs of characters."""

    def __init__(self, examples: Iterable[tuple[str, str]]) -> None:
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        sizes: Counter[str] = Counter()
        for tokens, label in examples:
            sizes[label] += 1
            counts[label].update(_pairs(tokens))
        self._labels = sorted(counts)
        self._prior = [math.log(sizes[label]) for label in self._labels]
        self._weights = self._learn(counts)

    def _learn(self, counts: Mapping[str, Counter[str]]) -> dict[str, list[float]]:
        pairs = {pair for counter in counts.values() for pair in counter}
        totals = [math.log(counts[label].total() + _RARE * len(pairs)) for label in self._labels]
        return {
            pair: [
                math.log(counts[label][pair] + _RARE) - total for label, total in zip(self._labels, totals, strict=True)
            ]
            for pair in pairs
        }

    def of(self, text: str) -> str:
        """The likeliest class, "" where nothing was learnt. Sorted: a sum of floats depends on order."""
        known = [weights for pair in sorted(_pairs(text)) if (weights := self._weights.get(pair))]
        scores = [sum(column) for column in zip(self._prior, *known, strict=True)]
        return max(zip(scores, self._labels, strict=True))[1] if scores else ""
