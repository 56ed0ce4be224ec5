"""Problems that only petitions know."""

from shared.kernel.errors import Forbidden, Invalid, Problem


class PlaceOutside(Problem):
    code, status = "petition.place_outside", 422
    title = ("这个位置不在服务范围内", "This place is outside of the communities served")
    detail = (
        "位置没有落在任何已接入的社区里，请检查地图上的点和坐标系（gcj02 或 wgs84）。",
        "No community served here holds this point; check the point and its coordinate system (gcj02 or wgs84).",
    )


class NotYours(Forbidden):
    code = "petition.not_yours"
    title = ("这一步要由别人来做", "This step is somebody else's")
    detail = ("只有以下人员可以这样做：{who}。", "Only these may do it: {who}.")


class UnknownReference(Invalid):
    """Something named in the body does not exist where the caller may use it."""

    code = "petition.unknown_reference"
    title = ("引用的内容不存在或不可用", "Something that you named does not exist or cannot be used here")
