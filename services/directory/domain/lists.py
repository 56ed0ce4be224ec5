"""Short lists of words that are data: kinds of meetings, fields of joint work 六联, kinds of resources and needs.

The table `list_word` holds them, and an installation may have more or others.
"""

from dataclasses import dataclass
from enum import StrEnum


class WordList(StrEnum):
    """The lists that there are."""

    MEETING = "meeting"
    JOINT_WORK = "joint_work"
    RESOURCE = "resource"


@dataclass(frozen=True, slots=True)
class ListWord:
    """A word of a list."""

    list: str
    key: str
    name_zh: str
    name_en: str
    position: int


LIST_WORDS: tuple[ListWord, ...] = (
    ListWord(WordList.MEETING, "council_meeting", "大党委会议", "Council meeting", 1),
    ListWord(WordList.MEETING, "joint_conference", "联席会", "Joint conference", 2),
    ListWord(WordList.MEETING, "round_table", "圆桌会议", "Round table", 3),
    ListWord(WordList.MEETING, "hearing", "听证会", "Hearing", 4),
    ListWord(WordList.MEETING, "appraisal", "评议会", "Appraisal", 5),
    ListWord(WordList.JOINT_WORK, "organisation", "组织联建", "Organisations built together", 1),
    ListWord(WordList.JOINT_WORK, "members", "党员联管", "Members looked after together", 2),
    ListWord(WordList.JOINT_WORK, "activities", "活动联办", "Activities held together", 3),
    ListWord(WordList.JOINT_WORK, "resources", "资源联享", "Resources shared", 4),
    ListWord(WordList.JOINT_WORK, "safety", "治安联防", "Safety kept together", 5),
    ListWord(WordList.JOINT_WORK, "environment", "环境联治", "Surroundings kept together", 6),
    ListWord(WordList.RESOURCE, "room", "场地", "Rooms and grounds", 1),
    ListWord(WordList.RESOURCE, "money", "资金", "Money", 2),
    ListWord(WordList.RESOURCE, "goods", "物资", "Goods", 3),
    ListWord(WordList.RESOURCE, "repair", "维修", "Repairs", 4),
    ListWord(WordList.RESOURCE, "health", "医疗健康", "Health", 5),
    ListWord(WordList.RESOURCE, "teaching", "培训与文化", "Teaching and culture", 6),
    ListWord(WordList.RESOURCE, "law", "法律服务", "Law", 7),
    ListWord(WordList.RESOURCE, "people", "人力", "People", 8),
    ListWord(WordList.RESOURCE, "other", "其他", "Other", 99),
)
