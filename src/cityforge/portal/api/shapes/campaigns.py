"""Policies pushed to enterprises: each push, who was reached, who should know and does."""

from datetime import datetime

from ninja import Schema

from cityforge.portal.api.shapes.answers import Words, told


class CampaignOut(Schema):
    """一次推送 · A push"""

    id: int = told("编号", "its number", 4)
    policy: str = told("政策代码", "id of the policy", "lh_tax")
    title: Words = told("政策", "the policy")
    state: str = told("状态：sending、waiting、sent、stopped、interrupted、outdated", "its state",
                      "sent")  # fmt: skip
    state_title: Words = told("状态的说法", "the state in words")
    count: int = told("范围内推给多少家", "to how many in reach", 40)
    made_by: str = told("谁推送的", "who sent it", "分析员")
    made_at: datetime = told("何时", "when", "2026-01-05T09:30:00+08:00")


class ReachedOut(Schema):
    """一种方式送达多少家 · How many were reached on a channel"""

    title: Words = told("方式", "the channel")
    count: int = told("家数", "how many", 38)


class HeldOut(Schema):
    """没有送达的，按原因 · Those not reached, by reason"""

    channel: Words = told("方式", "the channel")
    state: Words = told("状态", "the state")
    reason: Words | None = told("原因", "why")
    count: int = told("家数", "how many", 2)


class CampaignFull(CampaignOut):
    """一次推送和回执 · A push with its receipts"""

    run: str = told("名单出自哪次运行", "the run its list is of", "2025-09-30-eaa37b610fec")
    working: bool = told("是否还在发送", "whether it is being sent", example=False)
    progress: int = told("进度，0 到 100", "progress, 0 to 100", 100)
    next: Words = told("接下来做什么", "what is to be done next")
    whom: list[Words] = told("推给哪些企业", "to which groups")
    district: Words | None = told("区县；空为全部", "the district; null: all")
    reached: list[ReachedOut] = told("各方式送达", "reached on each channel")
    rest: list[HeldOut] = told("没有送达的", "those not reached")
    read: int = told("已读家数", "how many read it", 12)
    followed: int = told("点开查看的家数", "how many went on to look", 8)


class RecipientOut(Schema):
    """推送名单中的一家 · A recipient"""

    uscc: str = told("统一社会信用代码", "credit code", "91990001MK00000009")
    name: str = told("企业名称", "its name", "青屿甲机械有限公司")
    district: Words = told("区县", "the district")
    group: Words = told("类别", "its group")
    channels: list[Words] = told("各方式的状态，依推送所选的次序", "state on each channel")
    read: datetime | None = told("何时已读", "when it was read", None)
    followed: datetime | None = told("何时点开", "when it was looked at", None)


class KnownOut(Schema):
    """该知道的和已知道的 · Who should know, and does"""

    entitled: int = told("符合条件", "how many are entitled", 40)
    accounts: int = told("其中有账号", "of them with an account", 20)
    reached: int = told("其中已触达", "of those reached", 18)
    channels: list[ReachedOut] = told("各方式触达", "reached on each channel")
    read: int = told("已读", "how many read it", 12)
    looked: int = told("点开查看", "how many went on to look", 8)
    answered: int = told("之后在体检中作答", "how many answered in their check-up", 3)


class PolicyKnown(KnownOut):
    """一项政策谁知道 · Who knows of a policy"""

    policy: str = told("政策代码", "id of the policy", "lh_tax")
    title: Words = told("政策", "the policy")


class PlaceKnown(KnownOut):
    """一个区县谁知道 · Who knows in a district"""

    place: Words = told("区县", "the district")


class MissedOut(Schema):
    """一家还不知道的企业 · An enterprise that does not know yet"""

    uscc: str = told("统一社会信用代码", "credit code", "91990001MK00000009")
    name: str = told("企业名称", "its name", "青屿甲机械有限公司")
    district: Words = told("区县", "the district")
    how: Words = told("没有触达，或未读", "not reached, or not read")
