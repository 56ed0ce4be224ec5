"""What the five teams offer to do in the days after the demo's first start: tasks and activities."""

from dataclasses import dataclass

from deploy.demo.changzheng.areas import BUILDINGS, COMMUNITY, SPOTS
from deploy.demo.changzheng.organisations import organisation_key
from deploy.demo.changzheng.people import register_everybody
from deploy.demo.geometry import Point
from shared.kernel.actor import Role


@dataclass(frozen=True, slots=True)
class DemoOpening:
    """One task or activity of a team, led by its leader; it starts so many hours after the demo is loaded."""

    key: str
    team_key: str
    leader_key: str
    kind: str
    title: str
    text: str
    place: Point
    address: str
    starts_in_hours: float
    lasts_hours: float
    capacity: int
    points: int


#: Team, kind, title, text, spot or building, hours until it starts, hours it lasts, capacity, points.
_Row = tuple[str, str, str, str, str, float, float, int, int]

_ROWS: tuple[_Row, ...] = (
    (
        "team-orange",
        "task",
        "放学时段红柳小学门口执勤",
        "和社区干部一起站两个路口：一人举牌停车，一人领孩子过马路，提醒家长即停即走。"
        "请穿橙色马甲，提前十分钟在传达室领哨子。",
        "school_gate",
        1.0,
        2.0,
        4,
        10,
    ),
    (
        "team-orange",
        "task",
        "夜间巡楼：胡杨小区和长征新村",
        "两人一组走楼道，看消防箱、看有没有飞线充电、看车窗关没关。发现的事当场告诉物业，"
        "难办的拍张照报上来。带手电，不单独进地下室。",
        f"{COMMUNITY}/huyang/1",
        8.0,
        2.0,
        6,
        15,
    ),
    (
        "team-gold",
        "activity",
        "周末邻里舞会排练",
        "维吾尔族麦西来甫和广场舞合排，会不会跳都欢迎，来了就教。音响八点半准时关，结束后一起把广场收拾干净再走。",
        "square",
        26.0,
        2.0,
        40,
        5,
    ),
    (
        "team-gold",
        "task",
        "教老人用手机：慢慢学班助教",
        "一对二，手把手教：发照片、视频通话、交水电费、认诈骗电话。要有耐心，话说慢一点，一个问题讲三遍也不嫌烦。",
        "centre",
        50.0,
        1.5,
        8,
        15,
    ),
    (
        "team-green",
        "activity",
        "采油巷捡拾一小时",
        "大风过后塑料袋挂了一树。带上手套和水，夹子、袋子由社区准备，孩子可以跟着家长一起来。"
        "捡完过秤，看看这回能不能超过十四袋。",
        "alley",
        20.0,
        1.0,
        30,
        8,
    ),
    (
        "team-green",
        "task",
        "给沙枣苑的小树浇水松土",
        "去年一起种的海棠和沙枣要过关了。每人认四棵，清早浇透、松土、扶正支架，水管接口在楼栋长那里领钥匙。",
        f"{COMMUNITY}/shazao/1",
        15.0,
        2.0,
        10,
        12,
    ),
    (
        "team-red",
        "task",
        "帮长征新村3号楼清楼道",
        "楼道里的旧沙发、纸箱约好这天一起抬下来，物业的车在门口等。需要四个有力气的，"
        "再来两个人扫地擦扶手。东西都和住户说好了，缸不搬。",
        f"{COMMUNITY}/xincun/3",
        2.0,
        3.0,
        6,
        20,
    ),
    (
        "team-red",
        "activity",
        "便民集市：磨刀、理发、修伞、量血压",
        "会手艺的邻居摆摊，惠民医院的大夫来义诊。志愿者负责排号、搬桌椅、给腿脚不便的老人上门接送。",
        "square",
        72.0,
        4.0,
        20,
        15,
    ),
    (
        "team-blue",
        "task",
        "看望独居老人：买菜、说说话",
        "每组两人，去两户。问问吃得怎么样、药够不够、燃气阀关没关，帮着买菜拎上楼。"
        "老人的情况只和网格员说，不往群里发。",
        "clinic",
        18.0,
        2.0,
        6,
        15,
    ),
    (
        "team-blue",
        "task",
        "推轮椅陪诊，去惠民医院",
        "一位邻居要去复查，家里人在井上倒班回不来。需要两个人：一人推轮椅，一人挂号取药、记医生的话。"
        "车已经约好，午饭在医院食堂解决。",
        f"{COMMUNITY}/jiayuan/4",
        40.0,
        4.0,
        2,
        25,
    ),
)


def _where(word: str) -> tuple[Point, str]:
    """The point and the address that a row calls by a spot's word or a building's key."""
    if word in SPOTS:
        return SPOTS[word].point, SPOTS[word].name
    building = next(building for building in BUILDINGS if building.key == word)
    return building.plot.centre, building.full_name


def demo_openings() -> list[DemoOpening]:
    """All of them; each team's leader leads what the team offers."""
    leaders = {g.organisation_key: g.person_key for g in register_everybody().grants if g.role is Role.TEAM_LEADER}
    openings = []
    for number, (team, kind, title, text, where, starts, lasts, capacity, points) in enumerate(_ROWS, start=1):
        team_key = organisation_key(team)
        point, address = _where(where)
        openings.append(
            DemoOpening(
                key=f"openings/changzheng/{number:02}",
                team_key=team_key,
                leader_key=leaders[team_key],
                kind=kind,
                title=title,
                text=text,
                place=point,
                address=address,
                starts_in_hours=starts,
                lasts_hours=lasts,
                capacity=capacity,
                points=points,
            )
        )
    return openings
