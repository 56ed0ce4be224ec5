"""Problems that only the directory knows."""

from shared.kernel.errors import Invalid, NotFound


class OutsideEveryArea(NotFound):
    code = "directory.outside_every_area"
    title = ("这个位置不在任何已登记的区域里", "This place is outside of every area")
    detail = (
        "目前没有区域的边界包含这个点，请检查经纬度和坐标系（gcj02 或 wgs84）。",
        "No area's boundary holds this point; check the point and its coordinate system (gcj02 or wgs84).",
    )


class SeedRefused(Invalid):
    """What was to be loaded contradicts itself or what is there; `fields` names every wrong row."""

    code = "directory.seed_refused"
    title = ("要导入的组织目录有问题", "The directory data to be loaded has problems")
    detail = ("请按 errors 逐项修改，没有任何内容被保存。", "Mend each row in errors; nothing was stored.")
