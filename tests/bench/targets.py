"""What each row is, in both languages, and the ratio in force for it. See shared/design/8-performance.md.

A row compares the system with a floor. Where the design sets a limit instead (seconds, megabytes), the limit stands in
the floor's place, and the ratio says how much of it is used up.
"""

from dataclasses import dataclass

#: Beyond the target by no more than this lies the noise of a machine that does other things, too.
_NOISE = 0.9


@dataclass(frozen=True, slots=True)
class Target:
    """`least`: the ratio has to be at least this; `most`: at most this; neither: it is only shown."""

    zh: str
    en: str
    least: float | None = None
    most: float | None = None

    def reached(self, ratio: float) -> bool:
        """Short of the target by a tenth the bench fails."""
        if self.least is not None:
            return ratio >= _NOISE * self.least
        return self.most is None or ratio <= self.most / _NOISE

    def __str__(self) -> str:
        if self.least is not None:
            return f"≥ {self.least:.2f}"
        return "—" if self.most is None else f"≤ {self.most:.2f}"


#: An issue may name a lower one for its time: the submission's is 0.5 in the design.
TARGETS = {
    "list": Target("列表", "a list of 20", least=0.5),
    "detail": Target("详情", "a detail with history", least=0.5),
    "points": Target("我的积分", "my points", least=0.5),
    "submit": Target("上报", "a submission", least=0.4),
    "p99_list": Target("半载列表 p99", "list, p99 at half load", most=1.0),
    "p99_detail": Target("半载详情 p99", "detail, p99 at half load", most=1.0),
    "p99_submit": Target("半载上报 p99", "submission, p99 at half load", most=1.0),
    "home": Target("首页对逐项", "home beside its parts in turn", most=0.6),
    "award": Target("发分 1000 户", "awards, 1,000 accounts", least=0.6),
    "award_10": Target("发分 10 户", "awards, 10 accounts", least=0.6),
    "award_2": Target("发分 2 户", "awards, 2 accounts", least=0.6),
    "race": Target("千人抢十位", "1,000 claim 10 places", most=1.0),
    "locate": Target("定位", "locate", most=1.0),
    "locate_outside": Target("定位：区域外", "locate, outside of all", most=1.0),
    "locate_copy": Target("定位：上报所用", "locate, for a submission", most=1.0),
    "locate_copy_outside": Target("上报定位：区域外", "the same, outside of all", most=1.0),
    "officers": Target("区域责任人", "officers of an entrance", most=1.0),
    "subtree": Target("下级列表", "100 of what lies below", most=1.0),
    "coverage": Target("责任覆盖 5.4 万人", "coverage, 54,000 people", most=1.0),
    "statistics": Target("目录统计 5.4 万人", "figures, 54,000 people", most=1.0),
    "import_areas": Target("导入两万楼栋", "20,000 buildings imported", most=1.0),
    "import_people": Target("导入一万人", "10,000 people imported", most=1.0),
    "first_start": Target("首次启动", "the first start", most=1.0),
    "later_start": Target("再次启动", "a later start", most=1.0),
    "memory": Target("全部内存", "memory of everything", most=1.0),
    "growth_mine": Target("百万：我的", "1,000,000: mine", most=1.3),
    "growth_held": Target("百万：待我办", "1,000,000: held", most=1.3),
    "growth_grid": Target("百万：网格", "1,000,000: of a grid", most=1.3),
    "growth_community": Target("百万：社区", "1,000,000: of a community", most=1.3),
    "growth_street": Target("百万：街道", "1,000,000: of the street", most=1.3),
    "growth_category": Target("百万：街道按类别", "1,000,000: street, a category", most=1.3),
    "growth_category_here": Target("百万：社区按类别", "1,000,000: community, a category", most=1.3),
    "growth_status": Target("百万：街道按状态", "1,000,000: street, a status", most=1.3),
    "growth_word": Target("百万：街道搜常用词", "1,000,000: street, a common word", most=1.3),
    "growth_number": Target("百万：街道搜编号", "1,000,000: street, a number", most=1.3),
    "growth_word_here": Target("百万：社区搜常用词", "1,000,000: community, a common word", most=1.3),
    "growth_detail": Target("百万：详情", "1,000,000: a detail", most=1.3),
    "growth_submit": Target("百万：上报", "1,000,000: a submission", most=1.3),
}
