"""Names for people who do not exist, the same at every call: common surnames with common given names, and the
names of Karamay's other peoples."""

from deploy.demo.chance import fraction, pick


def _words(*lines: str) -> list[str]:
    return " ".join(lines).split()


_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段钱汤尹黎易常武乔贺赖龚文"
)
_GIVEN = _words(
    # born with the oil field
    "桂兰 秀英 玉珍 淑芬 凤英 桂荣 玉兰 秀芝 淑珍 金花 素云 月娥 春梅 秋菊 菊香",
    "国栋 振华 德福 永年 长河 树林 万春 来顺 德山 文斌 守义 志国 克勤 油生 开疆",
    # their children
    "建疆 建新 卫东 红梅 海燕 丽萍 晓红 新民 志强 永强 建荣 新萍 疆红 爱军 春燕 雪梅 文革 军霞 继红 新建",
    "立新 志刚 艳玲 玉萍 小平 跃进 海涛 晓东 江华 丽华",
    # the grown-up
    "文静 晓宇 晨光 佳慧 思远 雅琴 一鸣 婷婷 志鹏 海龙 雪娇 梦洁 凯文 嘉伟 晓蕾 明辉 俊峰 倩倩 亚楠 子豪",
    "宏伟 晓彤 艺璇 泽宇 欣怡 浩然 雨晴 梓轩 可欣 宇辰",
)
_TURKIC_GIVEN = _words(
    "阿依努尔 艾尔肯 古丽娜 热依汗 阿迪力 玛依拉 吐尔逊 库尔班 迪丽努尔 帕提古丽 买尔旦 努尔兰 叶尔兰",
    "加娜尔 巴合提 阿依波塔 赛力克 茹仙古丽 艾合买提 阿娜尔 古丽努尔 沙吾列",
)
_TURKIC_FATHER = _words(
    "买买提 艾山 吐尔地 阿布拉 依明 玉素甫 司马义 卡斯木 托合提 木拉提 别克 胡安 哈力 赛买提 尼亚孜 阿不力孜",
)


def _name(index: int, attempt: int) -> str:
    if fraction("people", index) < 0.14:
        given = pick(_TURKIC_GIVEN, "given", index, attempt)
        return f"{given}·{pick(_TURKIC_FATHER, 'father', index, attempt)}"
    return pick(_SURNAMES, "surname", index, attempt) + pick(_GIVEN, "given", index, attempt)


def fictional_names(count: int, taken: frozenset[str] = frozenset()) -> list[str]:
    """`count` different names, none of them in `taken`; a longer list begins with the shorter one."""
    used, names = set(taken), []
    for index in range(count):
        attempt = 0
        while (name := _name(index, attempt)) in used:
            attempt += 1
        used.add(name)
        names.append(name)
    return names
