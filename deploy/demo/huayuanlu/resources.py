"""What the units of 花园路街道 give: rooms, money, repairs, check-ups, a reading room (resources against needs)."""

from deploy.demo.entering import enter, resources
from deploy.demo.stage import Stage

#: The unit, the kind of resource, what it gives.
_RESOURCES: tuple[tuple[str, str, str], ...] = (
    ("library", "room", "多功能厅，120座，周末可用"),
    ("supply", "goods", "为困难家庭提供米面油，每季度一次"),
    ("water-institute", "room", "会议室两间，工作日晚间可用"),
    ("hospital", "health", "中医义诊，每月第一个周六"),
    ("clinic", "health", "65岁以上老人免费体检"),
    ("aviation", "money", "共驻共建资金，每年两万元"),
    ("instruments", "repair", "家电和水电义务维修小组"),
    ("agriculture", "teaching", "阳台种菜课，每月一次"),
    ("school-1", "room", "操场周末向居民开放"),
    ("law-firm", "law", "公益律师，每周三下午值班"),
    ("reading", "teaching", "阅览室和借阅证"),
    ("care", "people", "上门助餐助浴员六名"),
)


async def play(stage: Stage) -> None:
    """Each is entered by the street's staff."""
    given = resources(stage, "huayuanlu", _RESOURCES, "2026-01-01")
    await enter(stage, "people/huayuanlu/street_staff", "resources", "organisations/huayuanlu/council", given)
