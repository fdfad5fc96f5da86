"""Sentences about two values that differ, and what two lists have each and both."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from cityforge.brain.errors import Text
from cityforge.brain.evaluation import phrases

T = TypeVar("T")


def moved(what: Text, old: Text | None, new: Text | None) -> Iterator[Text]:
    """One sentence where two values differ; None: not stated."""
    if old == new:
        return
    if old is None and new is not None:
        yield Text(zh=f"新定{what.zh}：{new.zh}", en=f"{what.en} is now stated: {new.en}")
    elif new is None and old is not None:
        yield Text(zh=f"不再规定{what.zh}（原为 {old.zh}）", en=f"{what.en} ({old.en}) is dropped")
    elif old is not None and new is not None:
        yield Text(
            zh=f"{what.zh}由 {old.zh} 调为 {new.zh}", en=f"{what.en}: {old.en} becomes {new.en}"
        )


def value(what: Text, old: object, new: object) -> Iterator[Text]:
    """The same of plain values: numbers, names, days, expressions."""
    return moved(what, phrases.plain(old), phrases.plain(new))


def listed(zh: str, en: str, old: Sequence[str], new: Sequence[str]) -> Iterator[Text]:
    """What a plain list gained and lost, else that its order changed."""
    for name in new:
        if name not in old:
            yield Text(zh=f"新增{zh}：{name}", en=f"new {en}: {name}")
    for name in old:
        if name not in new:
            yield Text(zh=f"删去{zh}：{name}", en=f"{en} dropped: {name}")
    if sorted(old) == sorted(new) and list(old) != list(new):
        yield Text(
            zh=f"{zh}的次序由 {'、'.join(old)} 改为 {'、'.join(new)}",
            en=f"order of {en}: {', '.join(old)} becomes {', '.join(new)}",
        )


def named(
    old: Sequence[T], new: Sequence[T], name: Callable[[T], Any]
) -> tuple[list[T], list[T], list[tuple[T, T]]]:
    """What is new, what is gone, and the pairs that both have."""
    before, after = {name(one): one for one in old}, {name(one): one for one in new}
    return (
        [one for key, one in after.items() if key not in before],
        [one for key, one in before.items() if key not in after],
        [(one, after[key]) for key, one in before.items() if key in after],
    )
