"""The states of a campaign, and what may follow what."""

from cityforge.brain.errors import Text

SENDING, WAITING, SENT = "sending", "waiting", "sent"
STOPPED, INTERRUPTED, OUTDATED = "stopped", "interrupted", "outdated"

STATES: dict[str, Text] = {
    SENDING: Text(zh="发送中", en="being sent"),
    WAITING: Text(zh="稍后续发", en="goes on later"),
    SENT: Text(zh="已发完", en="sent"),
    STOPPED: Text(zh="已停止", en="stopped"),
    INTERRUPTED: Text(zh="发送中断", en="interrupted"),
    OUTDATED: Text(zh="名单已变，没有发送", en="the list changed: not sent"),
}
LIGHTS: dict[str, str] = {
    SENDING: "grey",
    WAITING: "amber",
    SENT: "green",
    STOPPED: "grey",
    INTERRUPTED: "red",
    OUTDATED: "red",
}
# What is to be done in a state; the page says it first.
NEXT: dict[str, Text] = {
    SENDING: Text(
        zh="正在逐家发送，本页自动更新。", en="Being sent one by one; this page renews itself."
    ),
    WAITING: Text(
        zh="有的要等免打扰时段过去，或等对方服务器恢复，到时自动续发。",
        en="Some wait for quiet hours to end or a server to answer; it goes on by itself.",
    ),
    SENT: Text(
        zh="看谁已读、谁没有送达；没有送达的可以补发。",
        en="See who read it and who was not reached; those held back can be tried again.",
    ),
    STOPPED: Text(zh="没有发出的不再发。", en="What had not left is not sent any more."),
    INTERRUPTED: Text(
        zh="没有发完就中断了。点“继续发送”：已发的不会重发。",
        en="It was cut off. Go on sending: nothing that left is sent twice.",
    ),
    OUTDATED: Text(
        zh="核对之后有了新的运行结果，名单可能不同。请重新核对、重新发送。",
        en="There is a newer run since you looked. Look at the list again and send anew.",
    ),
}
FOLLOWS: dict[str, frozenset[str]] = {
    SENDING: frozenset({SENDING, WAITING, SENT, STOPPED, INTERRUPTED, OUTDATED}),
    WAITING: frozenset({SENDING, STOPPED}),
    INTERRUPTED: frozenset({SENDING, STOPPED}),
    SENT: frozenset({SENDING}),
    STOPPED: frozenset({SENDING}),
    OUTDATED: frozenset(),
}
