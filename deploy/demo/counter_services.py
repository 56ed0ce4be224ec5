"""44 things that people come to the counter of a community's service hall for, with what they have to bring.

Names and documents as such halls publish them; amounts and days are typical, not those of one city.
"""

from services.directory.domain.catalogue import DocumentForm
from services.directory.domain.seed_catalogue import CostSeed, DocumentSeed, PlaceSeed, ServiceSeed

_ID = DocumentSeed("居民身份证", DocumentForm.BOTH, 1)
_BOOK = DocumentSeed("户口簿", DocumentForm.BOTH, 1)
_PHOTO = DocumentSeed("一寸免冠照片", note="近期白底，2 张")
_FORM = DocumentSeed("申请表", note="窗口领取，当场填写")
_INCOME = DocumentSeed("家庭收入与财产说明", note="全体家庭成员")
_DIAGNOSIS = DocumentSeed("疾病诊断证明", DocumentForm.BOTH, 1, "二级以上医院")
_CARD = DocumentSeed("社会保障卡", DocumentForm.BOTH, 1)
_BANK = DocumentSeed("本人银行卡", DocumentForm.COPY, 1)
_DISABLED = DocumentSeed("残疾人证", DocumentForm.BOTH, 1)
_DEED = DocumentSeed("房屋权属证明或租赁合同", DocumentForm.BOTH, 1)
_MARRIAGE = DocumentSeed("结婚证", DocumentForm.BOTH, 1)
_BIRTH = DocumentSeed("出生医学证明", DocumentForm.BOTH, 1)

#: Category, name, other names, what to bring, working days, whether staff come and do it for you.
_SERVICES: tuple[tuple[str, str, tuple[str, ...], tuple[DocumentSeed, ...], int, bool], ...] = (
    ("civil_affairs", "最低生活保障申请", ("低保",), (_FORM, _ID, _BOOK, _INCOME), 20, True),
    ("civil_affairs", "最低生活保障边缘家庭认定", ("低保边缘",), (_FORM, _ID, _BOOK, _INCOME), 20, True),
    ("civil_affairs", "特困人员救助供养申请", ("五保", "特困"), (_FORM, _ID, _BOOK, _INCOME), 20, True),
    ("civil_affairs", "临时救助申请", ("急难救助",), (_FORM, _ID, _BOOK), 10, True),
    ("civil_affairs", "医疗救助申请", ("大病救助",), (_FORM, _ID, _DIAGNOSIS), 15, True),
    ("civil_affairs", "孤儿和事实无人抚养儿童保障申请", (), (_FORM, _ID, _BOOK), 15, True),
    ("civil_affairs", "高龄津贴申领", ("高龄补贴", "敬老金"), (_ID, _BANK), 10, True),
    ("civil_affairs", "老年人优待证办理", ("老年证",), (_ID, _PHOTO), 1, True),
    ("civil_affairs", "惠民殡葬补贴申请", (), (_ID, _BOOK), 10, False),
    ("social_security", "城乡居民基本养老保险参保登记", ("居民养老保险", "新农保"), (_ID, _BOOK), 1, False),
    ("social_security", "城乡居民养老保险待遇申领", ("养老金申领",), (_ID, _BANK), 10, True),
    ("social_security", "养老待遇领取资格认证", ("生存认证",), (_ID,), 0, True),
    ("social_security", "社会保障卡申领", ("社保卡",), (_ID, _PHOTO), 15, False),
    ("social_security", "社会保障卡挂失与补换", ("社保卡补办",), (_ID,), 7, False),
    ("social_security", "灵活就业人员参保登记", ("灵活就业社保",), (_ID, _BOOK), 1, False),
    ("social_security", "丧葬补助金和抚恤金申领", (), (_ID, _BANK), 15, False),
    ("medical_insurance", "城乡居民基本医疗保险参保登记", ("居民医保", "新农合"), (_ID, _BOOK), 1, True),
    ("medical_insurance", "医保异地就医备案", ("异地就医",), (_ID, _CARD), 1, True),
    ("medical_insurance", "门诊慢特病病种待遇认定", ("门诊慢病", "慢病卡"), (_FORM, _CARD, _DIAGNOSIS), 20, True),
    ("medical_insurance", "医疗费用手工报销", ("医药费报销",), (_CARD, _BANK, _DIAGNOSIS), 30, False),
    ("medical_insurance", "医保信息变更与查询", (), (_ID, _CARD), 0, False),
    ("family_planning", "生育登记", ("准生证",), (_ID, _MARRIAGE), 1, False),
    ("family_planning", "独生子女父母奖励申领", ("独生子女费",), (_ID, _BOOK), 15, False),
    ("family_planning", "计划生育家庭特别扶助申请", ("失独扶助",), (_FORM, _ID, _BOOK), 20, True),
    ("family_planning", "儿童预防接种证办理", ("接种证",), (_BIRTH,), 1, False),
    ("disability", "残疾人证申领", ("残疾证",), (_FORM, _ID, _PHOTO), 20, True),
    ("disability", "困难残疾人生活补贴申请", ("两项补贴",), (_FORM, _ID, _DISABLED), 15, True),
    ("disability", "重度残疾人护理补贴申请", ("两项补贴", "护理补贴"), (_FORM, _ID, _DISABLED), 15, True),
    ("disability", "残疾人辅助器具适配申请", ("轮椅", "助听器"), (_ID, _DISABLED), 20, True),
    ("disability", "残疾人家庭无障碍改造申请", ("无障碍改造",), (_FORM, _ID, _DISABLED, _DEED), 30, True),
    ("employment", "就业失业登记", ("就业创业证", "失业证"), (_ID, _PHOTO), 3, False),
    ("employment", "就业困难人员认定", ("4050",), (_FORM, _ID), 10, False),
    ("employment", "灵活就业社会保险补贴申领", ("4050 补贴",), (_FORM, _ID, _BANK), 20, False),
    ("employment", "创业担保贷款申请受理", ("创业贷款",), (_FORM, _ID), 15, False),
    ("employment", "职业技能培训报名", (), (_ID,), 0, False),
    ("veterans", "退役军人优待证申领", ("优待证",), (_ID, _PHOTO), 20, False),
    ("veterans", "退役军人及其他优抚对象信息采集", ("光荣牌",), (_ID, _BOOK), 1, True),
    ("housing", "公共租赁住房申请", ("公租房", "廉租房"), (_FORM, _ID, _BOOK, _INCOME), 30, False),
    ("housing", "住房租赁补贴申请", ("租房补贴",), (_FORM, _ID, _INCOME, _DEED), 30, False),
    ("housing", "住宅专项维修资金使用申请受理", ("大修基金",), (_ID, _DEED), 15, False),
    ("certificates", "居住证申领受理", ("暂住证",), (_ID, _PHOTO, _DEED), 15, False),
    ("certificates", "居民养犬登记受理", ("狗证",), (_ID, _DEED), 5, False),
    ("certificates", "健在证明与亲属关系情况说明", ("亲属关系证明",), (_ID, _BOOK), 1, True),
    ("certificates", "流动人口婚育情况登记", (), (_ID, _MARRIAGE), 1, False),
)


def counter_services(area_key: str, hall_key: str, organisation_key: str | None = None) -> list[ServiceSeed]:
    """The 44 services for the people of an area, at its service hall; each key begins with that of the hall."""
    return [
        ServiceSeed(
            key=f"{hall_key}/services/{n:02}",
            area_key=area_key,
            category=category,
            name=name,
            aliases=aliases,
            organisation_key=organisation_key,
            documents=documents,
            costs=(CostSeed("养犬管理服务费", None, "按当地标准"),) if name.startswith("居民养犬") else (),
            application="本人带材料到窗口办理；"
            + ("行动不便的，工作人员上门代办。" if errand else "也可委托他人办理。"),
            working_days=days,
            errand=errand,
            places=(PlaceSeed(hall_key, note=f"{1 + n % 6} 号窗口"),),
        )
        for n, (category, name, aliases, documents, days, errand) in enumerate(_SERVICES, 1)
    ]
