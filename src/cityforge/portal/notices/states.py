"""Channels, how far a dispatch is on one, and why it went no further."""

from cityforge.brain.errors import Text

INBOX, EMAIL, SMS = "inbox", "email", "sms"
CHANNELS: dict[str, Text] = {
    INBOX: Text(zh="站内信", en="inbox"),
    EMAIL: Text(zh="邮件", en="e-mail"),
    SMS: Text(zh="短信", en="SMS"),
}
OUTSIDE = (EMAIL, SMS)  # those that leave the portal, and need to be agreed to

WAITING, SENDING, SENT = "waiting", "sending", "sent"
HELD, REFUSED, UNSURE = "held", "refused", "unsure"
STATES: dict[str, Text] = {
    WAITING: Text(zh="待发", en="waits"),
    SENDING: Text(zh="发送中", en="being sent"),
    SENT: Text(zh="已送达", en="delivered"),
    HELD: Text(zh="未发", en="held back"),
    REFUSED: Text(zh="被退回", en="refused"),
    UNSURE: Text(zh="不确定", en="unsure"),
}
LIGHTS: dict[str, str] = {
    WAITING: "grey",
    SENDING: "grey",
    SENT: "green",
    HELD: "amber",
    REFUSED: "red",
    UNSURE: "amber",
}
# It left, or may have left: never sent again, and counted against the cap.
GONE = (SENDING, SENT, UNSURE)

NO_ACCOUNT, NO_CONSENT, CAP, TOLD = "no_account", "no_consent", "cap", "told"
ABSENT, NOT_SET_UP, STOPPED = "absent", "not_set_up", "stopped"
QUIET, LATER, DOWN = "quiet", "later", "down"
BROKEN, GAVE_UP = "broken", "gave_up"
REASONS: dict[str, Text] = {
    NO_ACCOUNT: Text(zh="没有账号", en="no account"),
    NO_CONSENT: Text(zh="未同意接收", en="no consent"),
    CAP: Text(zh="近期已达上限", en="enough of late"),
    TOLD: Text(zh="本期已告知过", en="told of this call already"),
    ABSENT: Text(zh="不在最新结果里", en="not in the newest run"),
    NOT_SET_UP: Text(zh="通道未配置", en="channel not set up"),
    STOPPED: Text(zh="推送已停止", en="stopped"),
    QUIET: Text(zh="免打扰时段，稍后发", en="quiet hours, sent later"),
    LATER: Text(zh="对方暂不接收，稍后重试", en="not taken now, tried again later"),
    DOWN: Text(zh="服务器连不上，稍后重试", en="server not reached, tried again later"),
    GAVE_UP: Text(zh="多次重试仍未送出", en="tried in vain"),
    BROKEN: Text(
        zh="发送中断，不知是否送达，不重发", en="cut off: it may have arrived; not resent"
    ),
}
