"""Which messages fit which event of Pingshan: by the class of its first level and the words of the others.

The messages come from another city and another taxonomy (seven classes), so the classes only keep gross
misfits away; the words of the category, and what residents say for them, do the rest.
"""

from pathlib import Path
from typing import Protocol

from deploy.imports.messages import Messages, Text, as_text
from deploy.imports.pingshan_categories import CategoryPath
from deploy.imports.report import Problem

#: First-level category → classes of the messages. A category that is not here takes messages of any class.
CLASSES: dict[str, frozenset[str]] = {
    "环保水务": frozenset({"环境保护", "城乡建设"}),
    "市政设施": frozenset({"城乡建设", "交通运输"}),
    "市容环卫": frozenset({"城乡建设", "环境保护"}),
    "规土城建": frozenset({"城乡建设"}),
    "社区管理": frozenset({"城乡建设"}),
    "安全隐患": frozenset({"城乡建设", "交通运输"}),
    "交通运输": frozenset({"交通运输", "城乡建设"}),
    "教育卫生": frozenset({"教育文体", "卫生计生"}),
    "文体旅游": frozenset({"教育文体", "商贸旅游"}),
    "食药市监": frozenset({"商贸旅游", "卫生计生"}),
    "劳动社保": frozenset({"劳动和社会保障"}),
    "民政服务": frozenset({"劳动和社会保障"}),
    "组织人事": frozenset({"劳动和社会保障"}),
}

#: A word of a category path → what residents write instead.
ALSO_SAID: dict[str, tuple[str, ...]] = {
    "噪声": ("噪音扰民",),
    "宠物": ("养狗", "狗叫", "遛狗", "犬只", "养鸡"),
    "养殖": ("养殖场", "养猪"),
    "废气": ("油烟", "臭味", "异味"),
    "游商": ("摊贩", "摆摊", "流动摊", "占道"),
    "摆卖": ("摊贩", "摆摊", "占道"),
    "店外经营": ("占道经营", "夜市", "夜宵摊"),
    "公共交通": ("公交车", "公交线路", "地铁"),
    "道路规划": ("修路", "断头路", "道路拓宽"),
    "道路破损": ("坑洼", "破烂", "路面"),
    "井盖": ("井盖", "窨井", "路面", "下水道"),
    "绿地": ("绿化", "绿化带", "草坪"),
    "绿化": ("绿化", "绿化带", "草坪"),
    "树": ("树木", "树枝", "大树"),
    "张贴": ("小广告", "牛皮癣"),
    "广告": ("小广告", "广告牌"),
    "垃圾": ("垃圾",),
    "堆料": ("堆放",),
    "渣土": ("渣土车", "建筑垃圾"),
    "废料": ("建筑垃圾", "垃圾成堆"),
    "废弃": ("垃圾成堆", "堆放"),
    "停放": ("乱停", "违停", "停车"),
    "保洁": ("清扫", "脏乱差", "环境卫生"),
    "积水": ("内涝", "积水"),
    "防撞柱": ("护栏", "路障", "人行道"),
    "标志": ("交通标志", "斑马线"),
    "信号灯": ("红绿灯",),
    "通讯": ("宽带", "网络", "基站"),
    "违法建": ("违建", "违章建筑", "违章搭建"),
    "房地产": ("开发商", "购房", "交房"),
    "拆迁": ("拆迁补偿", "安置"),
    "教育体制": ("学校", "入学", "学位"),
    "学籍": ("入学", "转学", "学籍"),
    "医患": ("医院", "医生"),
    "医疗": ("医院", "医生"),
    "工资": ("拖欠工资", "工资"),
    "劳动": ("拖欠工资", "劳动合同"),
    "优抚": ("退役军人", "退伍"),
    "人才": ("人才补贴", "人才引进"),
    "精神文明": ("文明城市", "文明"),
    "驾驶员": ("驾驶证", "闯红灯", "交警"),
    "拥堵": ("堵车", "交通拥堵"),
    "行政效能": ("办事", "服务态度", "不作为"),
    "价格": ("乱收费", "收费"),
    "消费": ("退款", "消费者"),
    "城市管理": ("城管",),
    "综合执法": ("城管", "执法"),
}

#: A word of the third level says what the matter is; one of the second only what it is like.
_LEAF_WEIGHT = 1.0
_MIDDLE_WEIGHT = 0.5


class Texts(Protocol):
    """Where the title and text of an event come from."""

    def choose(self, number: str, path: CategoryPath, kind: str) -> Text: ...


class PathTexts:
    """Without messages: the names of the category, which is all that the source says."""

    def choose(self, number: str, path: CategoryPath, kind: str) -> Text:
        return as_text(path[-1] if path else "未分类", " / ".join(path) or "未分类")


class MessageTexts:
    """A message that fits the category and kind, chosen by the event's number."""

    def __init__(self, folder: Path, problems: list[Problem]) -> None:
        self._messages = Messages(folder, problems)

    def choose(self, number: str, path: CategoryPath, kind: str) -> Text:
        labels = CLASSES.get(path[0], frozenset()) if path else frozenset[str]()
        return self._messages.choose(number, labels, words_of(path), kind)


def words_of(path: CategoryPath) -> dict[str, float]:
    """The words to look for, with their weights. Where two levels say the same, the deeper one counts."""
    middle, leaf = path[1:2], path[2:3]
    return dict.fromkeys(_said(middle), _MIDDLE_WEIGHT) | dict.fromkeys(_said(leaf), _LEAF_WEIGHT)


def _said(names: tuple[str, ...]) -> list[str]:
    """A category's own name and what residents say for it."""
    return [
        word
        for name in names
        for word in (
            name,
            *(other for trigger in ALSO_SAID if trigger in name for other in ALSO_SAID[trigger]),
        )
    ]
