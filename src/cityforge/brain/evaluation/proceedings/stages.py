"""The stages of an evaluation, and from which to which it may go.

From the announced scheme to the archive it goes one stage at a time. It goes back where something
has to be decided or computed anew, and never past a settled result.
"""

from typing import Literal, get_args

from cityforge.brain.errors import Text

Stage = Literal[
    "announced",
    "listed",
    "collected",
    "checked",
    "objected",
    "computed",
    "reviewed",
    "published",
    "settled",
    "applied",
    "archived",
]
STAGES: tuple[Stage, ...] = get_args(Stage)

TITLES: dict[Stage, Text] = {
    "announced": Text(zh="方案发布", en="scheme announced"),
    "listed": Text(zh="名单确定", en="participants listed"),
    "collected": Text(zh="数据归集", en="data collected"),
    "checked": Text(zh="企业核对", en="data checked by enterprises"),
    "objected": Text(zh="异议处理", en="objections handled"),
    "computed": Text(zh="计算", en="computed"),
    "reviewed": Text(zh="会审", en="reviewed"),
    "published": Text(zh="公示", en="published"),
    "settled": Text(zh="审定", en="settled"),
    "applied": Text(zh="结果应用", en="results applied"),
    "archived": Text(zh="归档", en="archived"),
}

NEXT: dict[Stage, tuple[Stage, ...]] = {
    "announced": ("listed",),
    "listed": ("collected",),
    "collected": ("checked",),
    "checked": ("objected", "computed"),
    "objected": ("computed",),
    "computed": ("reviewed", "objected"),
    "reviewed": ("published", "computed"),
    "published": ("settled", "objected"),
    "settled": ("applied",),
    "applied": ("archived",),
    "archived": (),
}

# Stages that an enterprise has a right to: they are not cut short, and an objection made in one of
# them is in time. What is objected may be ruled upon in them and in the stage for it.
PERIODS: tuple[Stage, ...] = ("checked", "published")
OPEN_TO_OBJECTIONS: tuple[Stage, ...] = ("checked", "objected", "published")
# Between data and publicity a result may be computed; what is published stays what it is.
COMPUTING: tuple[Stage, ...] = ("collected", "checked", "objected", "computed", "reviewed")
# The joint review moves a grade by hand.
OVERRIDING: tuple[Stage, ...] = ("computed", "reviewed")
# A list puts the proceeding into these; a plain step does not.
BY_LIST: dict[Stage, Text] = {
    "published": Text(zh="公示名单", en="the publicity list"),
    "settled": Text(zh="最终名单", en="the final list"),
}


def not_allowed(now: Stage, to: Stage) -> Text | None:
    """Why the proceeding may not go from a stage to another; None where it may."""
    if to in NEXT[now]:
        return None
    ways = NEXT[now]
    zh = "、".join(f"“{TITLES[stage].zh}”" for stage in ways)
    en = " or ".join(f"'{TITLES[stage].en}'" for stage in ways)
    if not ways:
        return Text(zh="已经归档，不再流转", en="it is archived: nothing follows")
    return Text(
        zh=f"“{TITLES[now].zh}”之后是{zh}，不是“{TITLES[to].zh}”",
        en=f"'{TITLES[now].en}' is followed by {en}, not by '{TITLES[to].en}'",
    )


def not_now(now: Stage, allowed: tuple[Stage, ...], what: Text) -> Text | None:
    """Why something is not done in a stage; None where it is."""
    if now in allowed:
        return None
    zh = "、".join(f"“{TITLES[stage].zh}”" for stage in allowed)
    en = ", ".join(f"'{TITLES[stage].en}'" for stage in allowed)
    return Text(
        zh=f"现为“{TITLES[now].zh}”阶段，{what.zh}只在{zh}阶段进行",
        en=f"it is at '{TITLES[now].en}'; {what.en} belongs to {en}",
    )
