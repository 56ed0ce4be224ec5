"""The five communities of the demo, by the names that `linli demo` knows. What each is stands in its package."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A community, street or district that the demo can load."""

    name_zh: str
    name_en: str


#: The one that `linli run` loads when it starts for the first time.
FIRST = "changzheng"

#: Real places of design 1-product.md (A to E), in the order in which `all` loads them.
PLACES: dict[str, Place] = {
    "changzheng": Place("长征社区", "Changzheng"),
    "huayuanlu": Place("花园路街道", "Huayuanlu"),
    "yicheng": Place("驿城区", "Yicheng"),
    "siying": Place("四营社区", "Siying"),
    "niying": Place("泥营社区", "Niying"),
}
