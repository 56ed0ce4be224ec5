"""Problems that only volunteers know about openings and service records."""

from shared.kernel.errors import Conflict, Forbidden, Invalid


class NotYours(Forbidden):
    code = "volunteers.not_yours"
    title = ("这一步要由别人来做", "This step is somebody else's")
    detail = ("只有以下人员可以这样做：{who}。", "Only these may do it: {who}.")


class FourEyes(Forbidden):
    """Somebody who may approve, but took part in what is to be approved."""

    code = "volunteers.four_eyes"
    title = ("要由另一个人来审核", "Somebody else has to look at it")
    detail = (
        "本人的服务和本人登记的服务要由别人审核。",
        "Nobody approves or rejects their own service, or what they recorded themselves.",
    )


class UnknownReference(Invalid):
    """Something named in the body does not exist where the caller may use it."""

    code = "volunteers.unknown_reference"
    title = ("引用的内容不存在或不可用", "Something that you named does not exist or cannot be used here")


class WrongCode(Invalid):
    code = "service_record.wrong_code"
    title = ("签到码不对或已过期", "The code is wrong or has expired")
    detail = (
        "签到码每 30 秒更换一次，请向负责人要现在显示的那一个。",
        "The code changes every 30 seconds; ask the leader for the one that is shown now.",
    )


class NotNow(Conflict):
    code = "service_record.not_now"
    title = ("还没到时间，或已经过了时间", "Too early or too late for this")
    detail = (
        "可以这样做的时间：{opens_at} 至 {closes_at}。",
        "It can be done from {opens_at} until {closes_at}.",
    )


class Full(Conflict):
    code = "opening.full"
    title = ("名额已满", "All places are taken")
    detail = ("有人取消时名额会重新开放。", "When somebody cancels, a place opens again.")


class Over(Conflict):
    code = "opening.over"
    title = ("活动已经结束", "It is over")
    detail = ("已经结束的活动不能再报名。", "What is over cannot be claimed any more.")


class AlreadyClaimed(Conflict):
    code = "opening.already_claimed"
    title = ("您已经报过名了", "You have a place in it already")
    detail = (
        "您的服务记录：{service_record_id}。",
        "Your service record is {service_record_id}.",
    )


class Overlap(Conflict):
    code = "opening.overlap"
    title = ("与您的另一项服务时间重叠", "It overlaps with another of yours")
    detail = (
        "同一时间只能参加一项；重叠的服务记录：{service_record_id}。",
        "One can be in one place at a time; the other service record is {service_record_id}.",
    )
