"""The states of a run, and what may follow what."""

from cityforge.brain.errors import Text

RUNNING, DONE, ADOPTED = "running", "done", "adopted"
DISCARDED, REFUSED = "discarded", "refused"
CANCELLED, INTERRUPTED = "cancelled", "interrupted"

STATES: dict[str, Text] = {
    RUNNING: Text(zh="计算中", en="being computed"),
    DONE: Text(zh="已算好，待启用", en="computed, to be put in force"),
    ADOPTED: Text(zh="已启用", en="put in force"),
    DISCARDED: Text(zh="未采用", en="not used"),
    REFUSED: Text(zh="没有算成", en="not computed"),
    CANCELLED: Text(zh="已取消", en="cancelled"),
    INTERRUPTED: Text(zh="中断", en="interrupted"),
}
LIGHTS: dict[str, str] = {
    RUNNING: "grey",
    DONE: "amber",
    ADOPTED: "green",
    DISCARDED: "grey",
    REFUSED: "red",
    CANCELLED: "grey",
    INTERRUPTED: "red",
}
# What is to be done in a state; the page says it first.
NEXT: dict[str, Text] = {
    RUNNING: Text(
        zh="全市正在计算，完成后本页自动更新；现行结果照常使用。",
        en="The city is being computed; this page renews itself. What is in force stays in use.",
    ),
    DONE: Text(
        zh="看过谁升谁降后启用；启用之前，各页仍显示现行结果。",
        en="Look at who moves, then put it in force; until then every page shows what is in force.",
    ),
    ADOPTED: Text(
        zh="启用以来，各页显示这次结果；此前的结果保留，可以恢复。",
        en="Since it was put in force pages show it; what was before is kept and can be restored.",
    ),
    DISCARDED: Text(zh="这次结果没有采用，已删除。", en="The result was not used and is deleted."),
    REFUSED: Text(
        zh="按下面的说明处理后重新计算；现行结果没有变化。",
        en="Mend what is told below and start again; what is in force has not changed.",
    ),
    CANCELLED: Text(
        zh="已取消，没有留下任何结果；现行结果没有变化。",
        en="Cancelled without a result; what is in force has not changed.",
    ),
    INTERRUPTED: Text(
        zh="计算中断，没有留下任何结果；现行结果没有变化。可重新开始。",
        en="Interrupted without a result; what is in force has not changed. Start again.",
    ),
}
FOLLOWS: dict[str, frozenset[str]] = {
    RUNNING: frozenset({DONE, REFUSED, CANCELLED, INTERRUPTED}),
    DONE: frozenset({ADOPTED, DISCARDED}),
    ADOPTED: frozenset({ADOPTED}),
    DISCARDED: frozenset(),
    REFUSED: frozenset(),
    CANCELLED: frozenset(),
    INTERRUPTED: frozenset(),
}
