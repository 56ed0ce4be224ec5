"""Names for people who do not exist, the same at every call: of Han and Hui everywhere, and in Karamay of Uyghurs and
Kazakhs. A household shares what families share; that two people have one name happens, as it does."""

from collections.abc import Sequence
from enum import StrEnum

from deploy.demo.chance import fraction, pick


class Generation(StrEnum):
    """What somebody is in the register: names go by it, and what they can be asked to do."""

    OLD = "old"  # sixty and older: they came when the oil field was opened
    GROWN = "grown"
    CHILD = "child"


class Folk(StrEnum):
    """Whose way of naming a family follows."""

    HAN = "han"
    HUI = "hui"
    UYGHUR = "uyghur"
    KAZAKH = "kazakh"


#: Who lives in a place: up to which share of its families each folk reaches.
Folks = tuple[tuple[float, Folk], ...]
KARAMAY: Folks = ((0.78, Folk.HAN), (0.9, Folk.UYGHUR), (0.95, Folk.HUI), (1.0, Folk.KAZAKH))
HENAN: Folks = ((0.985, Folk.HAN), (1.0, Folk.HUI))

_WOMAN, _MAN = 0, 1
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段钱汤尹黎易常武乔贺赖龚文王李张刘陈杨赵"
)
_HUI_SURNAMES = "马马马丁哈白纳杨沙海"
#: First and second characters of given names, by generation: women's, men's.
_GIVEN: dict[Generation, tuple[tuple[str, str], tuple[str, str]]] = {
    Generation.OLD: (
        ("桂秀玉淑凤金素月春翠惠", "兰英珍芬荣芝云娥梅琴莲"),
        ("德福永长树国振文守志克万", "栋华年林山祥义勤生斌才"),
    ),
    Generation.GROWN: (
        ("红海丽晓新艳雪文雅婷梦佳", "梅燕萍霞玲静慧娟琴琳敏颖"),
        ("建卫志永爱立晓海江俊嘉明", "疆东强军刚民涛鹏龙峰伟辉"),
    ),
    Generation.CHILD: (
        ("欣雨可梓艺诗语思若依", "怡晴瑄萱涵彤瑶桐妍然"),
        ("浩宇梓泽子俊一奕沐晨", "然轩辰睿宸航博阳霖洋"),
    ),
}


def _words(*lines: str) -> list[str]:
    return " ".join(lines).split()


_TURKIC_GIVEN: dict[Folk, tuple[list[str], list[str]]] = {
    Folk.UYGHUR: (
        _words(
            "古丽娜 阿依努尔 热依汗 玛依拉 迪丽努尔 帕提古丽 茹仙古丽 阿娜尔古丽 古丽努尔 米热古丽 佐热古丽",
            "阿依夏木 热孜万 祖丽菲亚",
        ),
        _words(
            "艾尔肯 阿迪力 吐尔逊 库尔班 买尔旦 艾合买提 沙吾列提 玉山江 阿不都拉 热合曼 依力亚斯 帕尔哈提 肉孜",
            "木合塔尔",
        ),
    ),
    Folk.KAZAKH: (
        _words("加娜尔 阿依波塔 古丽扎 阿依江 玛丽亚 沙吾列 阿依达娜 娜孜古丽"),
        _words("努尔兰 叶尔兰 巴合提 赛力克 叶尔肯 哈那提 努尔别克 加尔肯"),
    ),
}
_TURKIC_FATHER: dict[Folk, list[str]] = {
    Folk.UYGHUR: _words(
        "买买提 艾山 吐尔地 阿布拉 依明 玉素甫 司马义 卡斯木 托合提 木拉提 赛买提 尼亚孜 阿不力孜 艾则孜 达吾提",
    ),
    Folk.KAZAKH: _words("别克 胡安 哈力 托列根 阿布都 库尔曼 木哈买提 加依劳"),
}


def household_names(
    label: object, generations: Sequence[Generation], folks: Folks, taken: frozenset[str] = frozenset()
) -> list[str]:
    """A name for each member of the household, none of them in `taken`.

    Of two grown-ups of one generation the first is the man, whose surname his mother or father and the children have.
    """
    share = fraction("folk", label)
    folk = next(folk for reach, folk in folks if share < reach)
    names: list[str] = []
    for position in range(len(generations)):
        attempt = 0
        while (name := _name(folk, label, generations, position, attempt)) in taken or name in names:
            attempt += 1
        names.append(name)
    return names


def single_name(label: object, folks: Folks, taken: frozenset[str] = frozenset()) -> str:
    """The name of a grown-up who is known alone."""
    return household_names(label, (Generation.GROWN,), folks, taken)[0]


def woman_name(label: object, folks: Folks, taken: frozenset[str] = frozenset()) -> str:
    """The name of a grown-up woman who is known alone."""
    return household_names(label, (Generation.GROWN, Generation.GROWN), folks, taken)[1]


def _name(folk: Folk, label: object, generations: Sequence[Generation], position: int, attempt: int) -> str:
    generation = generations[position]
    sex = _sex(label, generations, position)
    asked = (label, position, attempt)
    if folk in _TURKIC_GIVEN:
        own_father = label if generation is Generation.CHILD else (label, position)
        return f"{pick(_TURKIC_GIVEN[folk][sex], 'given', *asked)}·{pick(_TURKIC_FATHER[folk], 'father', own_father)}"
    married_in = generation is not Generation.CHILD and _couple(generations, generation) and sex == _WOMAN
    surname = pick(_HUI_SURNAMES if folk is Folk.HUI else _SURNAMES, "surname", label, married_in)
    first, second = _GIVEN[generation][sex]
    return surname + pick(first, "first", *asked) + pick(second, "second", *asked)


def _couple(generations: Sequence[Generation], generation: Generation) -> bool:
    return generations.count(generation) == 2


def _sex(label: object, generations: Sequence[Generation], position: int) -> int:
    generation = generations[position]
    if generation is not Generation.CHILD and _couple(generations, generation):
        return _MAN if generations.index(generation) == position else _WOMAN
    return int(fraction("sex", label, position) < 0.5)
