"""28 things that the volunteers of a street do, brought into the yards on a timetable: a 15-minute service circle."""

from collections.abc import Sequence
from datetime import date, timedelta

from services.directory.domain.hours import Schedule, span
from services.directory.domain.seed_catalogue import PlaceSeed, ServiceSeed

#: Category, name, other names, the hours of a visit, what to know before.
_SERVICES: tuple[tuple[str, str, tuple[str, ...], str, str], ...] = (
    ("health", "量血压测血糖", ("测血压",), "08:30-10:30", "测空腹血糖请不要吃早饭。"),
    ("health", "义诊与用药咨询", ("看病", "义诊"), "09:00-11:30", "请带上正在吃的药和近期的检查单。"),
    ("health", "中医推拿与艾灸", ("推拿", "按摩"), "09:00-11:30", "有骨质疏松或皮肤破损的请先说明。"),
    ("health", "口腔检查", ("看牙",), "09:00-11:30", "只检查，不治疗。"),
    ("health", "视力检查与眼镜清洗", ("验光", "洗眼镜"), "15:00-17:30", "请带上常戴的眼镜。"),
    ("health", "心理疏导", ("谈心",), "15:00-17:30", "一人一室，谈话保密。"),
    ("health", "急救知识讲授", ("心肺复苏",), "15:00-16:30", "穿方便跪下的衣服。"),
    ("legal", "法律咨询", ("律师",), "15:00-17:30", "请带上合同、收据等材料。"),
    ("legal", "婚姻家庭纠纷调解", ("调解",), "15:00-17:30", "双方都到场才调解。"),
    ("legal", "防诈骗宣传", ("反诈",), "09:30-11:00", "可现场帮助安装反诈应用。"),
    ("household", "义务理发", ("剪头发", "理发"), "08:30-11:30", "请先洗好头发；卧床的可以上门。"),
    ("household", "裁剪缝补", ("改裤脚", "缝纫"), "08:30-11:30", "衣物请先洗净。"),
    ("household", "磨刀磨剪", ("磨刀", "磨剪刀"), "08:30-11:30", "刀剪请用报纸包好。"),
    ("household", "被褥缝制", (), "14:30-17:30", "自备被面和棉花。"),
    ("household", "上门打扫", ("保洁",), "14:30-17:30", "给独居和失能的老人，请先登记。"),
    ("repairs", "雨伞修理", ("修伞",), "08:30-11:30", "折断的伞骨可以换，收材料成本。"),
    ("repairs", "小家电维修", ("修电器", "家电维修"), "08:30-11:30", "电饭锅、电扇、电熨斗等能拿来的。"),
    ("repairs", "自行车修理", ("修车", "补胎"), "08:30-11:30", "补胎免费，换胎收成本。"),
    ("repairs", "修鞋配钥匙", ("修鞋", "配钥匙"), "08:30-11:30", "配钥匙请带身份证登记。"),
    ("repairs", "水电检修", ("修水管", "换灯泡"), "14:30-17:30", "上门，请先登记地址。"),
    ("repairs", "手机与电脑维修", ("修手机", "修电脑"), "14:30-17:30", "请先备份自己的资料。"),
    ("repairs", "钟表修理", ("修表",), "08:30-11:30", "换电池收成本。"),
    ("culture", "老年人智能手机课", ("手机课",), "09:30-11:00", "请带上自己的手机。"),
    ("culture", "书法与剪纸", ("书法",), "15:00-17:00", "笔墨纸张由服务站准备。"),
    ("culture", "流动图书借阅", ("借书",), "15:00-17:30", "凭身份证一次借两本，下次来时归还。"),
    ("culture", "儿童课业辅导", ("四点半课堂",), "16:30-18:00", "小学生，家长来接。"),
    ("sports", "太极拳与健身操", ("太极拳",), "07:00-08:30", "穿软底鞋。"),
    ("care", "陪伴独居老人", ("陪聊",), "14:30-16:30", "上门，请先登记。"),
)

_APART = 7  # days between two visits to a yard


def volunteer_services(
    area_key: str, compound_keys: Sequence[str], begins: date, organisation_key: str | None = None, visits: int = 4
) -> list[ServiceSeed]:
    """The 28 services of an area, each going round its compounds, a week apart, `visits` times to each from `begins`.

    Compounds need a centre. Keys begin with that of the area.
    """
    round_of = max(1, len(compound_keys))
    services = []
    for n, (category, name, aliases, hours, note) in enumerate(_SERVICES):
        places = []
        for turn, compound in enumerate(compound_keys):
            first = begins + timedelta(days=n % _APART + _APART * ((turn + n) % round_of))
            days = [first + timedelta(days=_APART * round_of * visit) for visit in range(visits)]
            schedule = Schedule(dates={day: (span(hours),) for day in days})
            places.append(PlaceSeed(area_key=compound, schedule=schedule, note=note))
        services.append(
            ServiceSeed(
                key=f"{area_key}/volunteer-services/{n + 1:02}",
                area_key=area_key,
                category=category,
                name=name,
                aliases=aliases,
                text="志愿服务站的志愿者按时间表到小区服务，免费。",
                organisation_key=organisation_key,
                eligibility="本街道居民都可以来。",
                application="按时间到小区即可；需要上门的请提前在志愿服务站登记。",
                errand="上门" in note,
                places=tuple(places),
            )
        )
    return services
