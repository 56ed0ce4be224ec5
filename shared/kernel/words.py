"""Words out of fixed lists, as programs say them and as people do."""

from enum import StrEnum
from typing import Self


class Word(StrEnum):
    """One word of a list, with how it is said in Chinese: `SUBMITTED = "submitted", "已提交"`."""

    zh: str

    def __new__(cls, value: str, zh: str = "") -> Self:  # looking a word up gives its value alone
        word = str.__new__(cls, value)
        word._value_ = value
        word.zh = zh
        return word
