"""The cast: those whom the main journey and demo.json know by a word, their names and their homes."""

from deploy.demo.changzheng.areas import COMMUNITY, NEIGHBOUR_COMMUNITY

#: Names of the cast, by the word the demo knows them by.
CAST_NAMES: dict[str, str] = {
    "resident": "林晓燕",
    "neighbour": "马建疆",
    "volunteer": "古丽娜尔·艾山",
    "volunteer2": "陈志远",
    "building_head": "赵桂芳",
    "grid_officer": "李晨曦",
    "community_staff": "刘新梅",
    "street_staff": "周立民",
    "property_staff": "何大勇",
    "team_leader": "吴红霞",
    "oversight": "孙正清",
    "platform_admin": "郑宇航",
    "stranger": "冯雪莹",
}
NAMED: frozenset[str] = frozenset(CAST_NAMES.values())

#: Where the cast who live here are at home: building, and place among its grown-ups (0 is its head).
CAST_HOMES: dict[tuple[str, int], str] = {
    (f"{COMMUNITY}/xincun/3", 0): "building_head",
    (f"{COMMUNITY}/xincun/3", 6): "resident",
    (f"{COMMUNITY}/xincun/3", 13): "neighbour",
    (f"{COMMUNITY}/huyang/2", 5): "volunteer",
    (f"{COMMUNITY}/shazao/1", 5): "volunteer2",
    (f"{COMMUNITY}/jiayuan/4", 5): "team_leader",
    (f"{NEIGHBOUR_COMMUNITY}/chaoyangli/1", 1): "stranger",
}


def person_key(word: str) -> str:
    """The directory key of somebody the demo calls by a word: one of the cast, or "r-0017"."""
    return f"people/changzheng/{word}"


CAST_KEYS: frozenset[str] = frozenset(map(person_key, CAST_NAMES))
