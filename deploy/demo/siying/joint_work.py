"""What the units of the council do together: the agreement 共驻共建协议书 with its six kinds of joint work 六联, what
they give 资源, what the community wishes for 需求, and the projects 项目 that bring both together."""

from functools import partial

from deploy.demo.entering import enter, resources
from deploy.demo.siying.organisations import UNITS
from deploy.demo.stage import Stage

_SINCE = "2026-01-01"
#: Field of joint work, the unit that promises it, what it promises.
_CLAUSES: tuple[tuple[str, str, str], ...] = (
    ("organisation", "bureau", "每季度与社区党总支联合开展一次主题党日，轮流承办。"),
    ("members", "grain", "在职党员到社区报到，全年参加志愿服务不少于四次。"),
    ("activities", "school", "春节、端午、重阳与社区合办文艺演出，提供排练场地。"),
    ("resources", "middle-school", "周末和假期向居民开放操场和图书馆。"),
    ("safety", "police-post", "每周两次夜间联合巡逻，每月一次防诈骗宣传。"),
    ("environment", "logistics", "每月出车清运楼院大件垃圾，参加春秋两季植树。"),
)
#: The unit, the kind of resource, what it gives.
_RESOURCES: tuple[tuple[str, str, str], ...] = (
    ("school", "room", "音乐教室，平日晚间可用"),
    ("middle-school", "room", "操场和图书馆，周末开放"),
    ("grain", "goods", "为困难家庭提供米面油，每季度一次"),
    ("logistics", "people", "货车一辆和搬运工四名，每月一天"),
    ("police-post", "teaching", "防诈骗讲座，每月一次"),
    ("bureau", "money", "楼院小修小补资金，每年一万元"),
)
#: The kind of resource that would meet it, what the community wishes for.
_NEEDS: tuple[tuple[str, str], ...] = (
    ("room", "居民合唱队缺少排练场地"),
    ("people", "高层住户的旧家具无人清运"),
    ("teaching", "老人常接到诈骗电话，盼有人讲讲"),
    ("repair", "楼道声控灯常坏，缺人维修"),
)
#: What it is called, the need that it meets, the resource that it meets it with.
_PROJECTS: tuple[tuple[str, str, str], ...] = (
    ("合唱队进校园", "居民合唱队缺少排练场地", "音乐教室，平日晚间可用"),
    ("旧家具清运日", "高层住户的旧家具无人清运", "货车一辆和搬运工四名，每月一天"),
)


async def play(stage: Stage) -> None:
    """All eleven units sign; two needs have become projects, one has what fits it, one waits for somebody."""
    units = {short: str(stage.ids[f"organisations/siying/{short}"]) for short, *_ in UNITS}
    listed = partial(enter, stage, "people/siying/community_staff", council_key="organisations/siying/council")
    agreement = {
        "title": "四营社区2026年度共驻共建协议书",
        "starts_on": _SINCE,
        "ends_on": "2027-01-01",
        "party_ids": list(units.values()),
        "clauses": [{"field": field, "text": text, "organisation_id": units[short]} for field, short, text in _CLAUSES],
    }
    await listed("agreements", bodies=[agreement])
    given = await listed("resources", bodies=resources(stage, "siying", _RESOURCES, _SINCE))
    needs = await listed(
        "needs", bodies=[{"kind": kind, "title": title, "starts_on": _SINCE} for kind, title in _NEEDS]
    )
    joined = [
        {"title": title, "need_ids": [needs[need]], "resource_ids": [given[resource]], "starts_on": _SINCE}
        for title, need, resource in _PROJECTS
    ]
    await listed("projects", bodies=joined)
