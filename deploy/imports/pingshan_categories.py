"""The three-level category tree of Pingshan, with the deadline class that each category proposes.

A node's key is the path of its names. The eighteen names of the first level have English names; below them
`name_en` is "", which means "no English name yet": the API then shows the Chinese one, and nobody takes
Chinese for a translation.
"""

import html
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from deploy.imports.report import Effect, Problem
from deploy.imports.tables import Row, read_table
from services.petitions.domain.seed import CategorySeed

CategoryPath = tuple[str, ...]

ENGLISH: dict[str, str] = {
    "环保水务": "Environment and water",
    "市政设施": "Municipal facilities",
    "规土城建": "Planning, land and construction",
    "教育卫生": "Education and health",
    "安全隐患": "Safety hazards",
    "组织人事": "Personnel",
    "社区管理": "Community management",
    "市容环卫": "Street appearance and sanitation",
    "党纪政纪": "Party and government discipline",
    "劳动社保": "Labour and social security",
    "交通运输": "Transport",
    "治安维稳": "Public order",
    "专业事件采集": "Specialist inspections",
    "统一战线": "United front",
    "民政服务": "Civil affairs",
    "文体旅游": "Culture, sport and tourism",
    "食药市监": "Food, drugs and market supervision",
    "党建群团": "Party building and mass organisations",
}


@dataclass(frozen=True, slots=True)
class UrgencyRule:
    """A deadline class for every category in whose path one of the words occurs, and why."""

    urgency: str
    words: tuple[str, ...]
    reason: str


#: The first rule that fits decides; where none does, the category is "ordinary".
URGENCY_RULES: tuple[UrgencyRule, ...] = (
    UrgencyRule(
        "danger",
        (
            "塌陷",
            "坍塌",
            "危房安全隐患",
            "墙体安全隐患",
            "山塘",
            "边坡",
            "山坡墙",
            "地下排水管渠",
            "地质灾害",
        ),
        "ground or masonry that may give way over people",
    ),
    UrgencyRule(
        "danger",
        ("易燃易爆", "危险性物品", "粉尘涉爆", "燃气管道破裂", "直排式热水器"),
        "fire, explosion or poisoning by gas within hours",
    ),
    UrgencyRule(
        "danger",
        ("危险用电", "临时线路", "电动车存消防", "消防通道堵塞", "消防设施无法正常使用"),
        "the usual causes of deadly fires in dwellings; paperwork on fire safety is not among them",
    ),
    UrgencyRule(
        "danger",
        ("施工安全隐患", "建筑工地存在安全隐患"),
        "things fall from building sites; the quality of a flat is another matter",
    ),
    UrgencyRule(
        "utility",
        ("供水", "自来水", "水管破裂", "下水道", "管道堵塞", "道路积水", "小区水、电、气", "燃气"),
        "water, drains, gas: a household cannot live without them for a week",
    ),
    UrgencyRule(
        "utility",
        ("电力设施", "公用部件/路灯", "电梯", "交通信号", "线缆", "通讯交接箱", "通信保障"),
        "power, light, lifts, signals, lines: the operator has a crew on call",
    ),
    UrgencyRule("utility", ("井盖",), "an open manhole; its owner is a utility and must cover it within hours"),
    UrgencyRule(
        "consultation",
        ("资格考试", "学历学位", "户籍", "人才战略", "计划生育服务管理", "人口政策", "身份认定", "普法教育"),
        "people ask how a rule applies to them: an answer settles it",
    ),
    UrgencyRule(
        "complex",
        ("规土城建", "规划", "征收", "拆迁", "违法建设", "城中村", "教育体制", "公共资源配置"),
        "land, buildings and plans: hearings and other authorities are needed",
    ),
    UrgencyRule(
        "complex",
        ("纠纷", "劳动社保", "医疗事故", "患者权益", "工程欠款", "房屋质量", "消费维权"),
        "two sides have to be heard, often with documents or an expert",
    ),
    UrgencyRule(
        "complex",
        ("党纪政纪", "工业废气", "工业噪声", "工业污水", "垃圾处理场", "核安全"),
        "an inquiry or a measurement comes before an answer",
    ),
)

_PREFIX = "categories/pingshan"
_UNKNOWN = CategorySeed(f"{_PREFIX}/未分类", None, "未分类", "Not classified")


def urgency_of(path: CategoryPath) -> str:
    """The deadline class that a category proposes."""
    joined = "/".join(path)
    fitting = (rule.urgency for rule in URGENCY_RULES if any(word in joined for word in rule.words))
    return next(fitting, "ordinary")


class Categories:
    """The tree, and the category that an event names."""

    def __init__(self, directory: Path, problems: list[Problem]) -> None:
        paths = dict.fromkeys(_paths(directory, problems))
        self._paths = frozenset(paths)
        self.tree = [_seed(path) for path in sorted(paths, key=lambda path: (len(path), path))]

    def find(self, row: Row, problems: list[Problem]) -> CategoryPath:
        """The deepest category on the event's path that exists; () where not even the first level does."""
        path = tuple(_cleaned(row, column, problems) for column in ("event_type", "main_type", "sub_type"))
        for depth in (3, 2, 1):
            if path[:depth] in self._paths:
                if depth < 3:
                    what = (
                        f"分类表中没有，归到{path[depth - 1]}",
                        f"not in the tree: kept at {path[depth - 1]}",
                    )
                    column = ("main_type", "sub_type")[depth - 1]
                    problems.append(row.problem(column, *what, Effect.KEPT_HIGHER))
                return path[:depth]
        what = ("分类表中没有，归到未分类", "not in the tree: not classified")
        problems.append(row.problem("event_type", *what, Effect.KEPT_HIGHER))
        return ()

    def key(self, path: CategoryPath) -> str:
        """The key of a path that `find` gave; the node for the unclassified exists once it is needed."""
        if not path and _UNKNOWN not in self.tree:
            self.tree.append(_UNKNOWN)
        return _key(path) if path else _UNKNOWN.key


def _key(path: CategoryPath) -> str:
    return "/".join((_PREFIX, *path))


def _seed(path: CategoryPath) -> CategorySeed:
    return CategorySeed(
        key=_key(path),
        parent_key=_key(path[:-1]) if len(path) > 1 else None,
        name=path[-1],
        name_en=ENGLISH.get(path[0], "") if len(path) == 1 else "",
        urgency=urgency_of(path),
    )


def _paths(directory: Path, problems: list[Problem]) -> Iterator[CategoryPath]:
    """All paths of the three files, which name their parents by row id."""
    above: dict[str, CategoryPath] = {"": ()}
    for file, parent_column in (
        ("type.csv", ""),
        ("maintype.csv", "type_id"),
        ("subtype.csv", "main_type_id"),
    ):
        columns = ("id", "name", *([parent_column] if parent_column else []))
        here: dict[str, CategoryPath] = {}
        for row in read_table(directory / file, columns, problems):
            parent = above.get(row[parent_column] if parent_column else "")
            name = _cleaned(row, "name", problems)
            if parent is None or not name:
                what = ("没有名称或上级分类", "no name, or no such category above it")
                problems.append(row.problem("name", *what, Effect.LEFT_OUT))
                continue
            here[row["id"]] = (*parent, name)
            yield here[row["id"]]
        above = here


def _cleaned(row: Row, column: str, problems: list[Problem]) -> str:
    """A name without what a web form left in it: `&#40;` for a bracket, a comma at the end."""
    name = html.unescape(row[column]).strip(" 、，,")
    if name != row[column]:
        problems.append(row.problem(column, f"按“{name}”处理", f"taken as “{name}”", Effect.CORRECTED))
    return name
