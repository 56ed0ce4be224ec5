"""The agreement 共驻共建协议书 of the council: six kinds of joint work 六联, each promised by one of the units."""

from deploy.demo.entering import enter
from deploy.demo.siying.organisations import UNITS
from deploy.demo.stage import Stage

#: Field of joint work, the unit that promises it, what it promises.
_CLAUSES: tuple[tuple[str, str, str], ...] = (
    ("organisation", "bureau", "每季度与社区党总支联合开展一次主题党日，轮流承办。"),
    ("members", "grain", "在职党员到社区报到，全年参加志愿服务不少于四次。"),
    ("activities", "school", "春节、端午、重阳与社区合办文艺演出，提供排练场地。"),
    ("resources", "middle-school", "周末和假期向居民开放操场和图书馆。"),
    ("safety", "police-post", "每周两次夜间联合巡逻，每月一次防诈骗宣传。"),
    ("environment", "logistics", "每月出车清运楼院大件垃圾，参加春秋两季植树。"),
)


async def play(stage: Stage) -> None:
    """The agreement of the year; all eleven units sign it."""
    ids = {short: str(stage.ids[f"organisations/siying/{short}"]) for short, *_ in UNITS}
    agreement = {
        "title": "四营社区2026年度共驻共建协议书",
        "starts_on": "2026-01-01",
        "ends_on": "2027-01-01",
        "party_ids": list(ids.values()),
        "clauses": [{"field": field, "text": text, "organisation_id": ids[short]} for field, short, text in _CLAUSES],
    }
    await enter(stage, "people/siying/community_staff", "agreements", "organisations/siying/council", [agreement])
