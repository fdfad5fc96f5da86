"""A new reading into a plan.yaml that people have edited: three ways, theirs wins.

What the last import wrote is kept beside the plan (plan/reading.json). A value that still is what
that import wrote takes the new reading; one that a person has changed stays. Without a record
every value counts as a person's: only what is missing is added.
"""

import copy
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from cityforge.brain.errors import Text
from cityforge.brain.plans.match import pairs

Data = dict[str, Any]
_LISTS: dict[str, tuple[str, Callable[[Data], str], float]] = {
    # list: (what it is called, its key for pairing, least likeness)
    "measures": ("举措", lambda m: str(m.get("title", "")), 0.7),
    "targets": (
        "目标",
        lambda t: f"{t.get('measure', '')}|{t.get('indicator', '')}|{t.get('year', '')}",
        0.75,
    ),
    "indicator_table": ("指标", lambda r: f"{r.get('name', '')}|{r.get('year', '')}", 0.85),
}
_KINDS_EN = {"measures": "measure", "targets": "target", "indicator_table": "row"}


def merge(current: Data | None, base: Data | None, new: Data) -> tuple[Data, list[Text]]:
    """The merged plan and every difference from `current`, in sentences.

    `current`: the plan.yaml as it stands, None for none; it is edited in place, comments stay.
    `base`: what the last import wrote.
    """
    if current is None:
        return new, [_counted(new)]
    said: list[Text] = []
    for key, value in new.items():
        if key not in _LISTS:
            _set(current, base or {}, key, value, said, Text(zh="计划", en="the plan"))
    for key in _LISTS:
        _merge_list(key, current, base, new, said)
    return current, said


def _counted(new: Data) -> Text:
    counts = [len(new.get(key, [])) for key in _LISTS]
    return Text(
        zh="新建 plan.yaml：{} 条举措、{} 个目标、指标表 {} 行".format(*counts),
        en="a new plan.yaml: {} measures, {} targets, {} rows of the table".format(*counts),
    )


def _merge_list(key: str, current: Data, base: Data | None, new: Data, said: list[Text]) -> None:
    called, name, least = _LISTS[key]
    theirs = list(new.get(key, []))
    if key not in current and not theirs:
        return
    mine = current.setdefault(key, [])
    before = list((base or {}).get(key, []))
    of_mine = dict(_pairs(mine, theirs, name, least))
    if key == "targets":
        _pair_by_amount(mine, theirs, of_mine)
    of_before = dict(_pairs(mine, before, name, least))
    taken = set(of_mine.values())
    quota = {i for i, item in enumerate(mine) if item.get("annual") and not item.get("year")}
    for i, item in enumerate(mine):
        known = before[of_before[i]] if i in of_before else None
        who = _who(key, called, item)
        if i in of_mine:
            for field, value in theirs[of_mine[i]].items():
                if field != "id" and not (field == "year" and i in quota):
                    _set(item, known, field, value, said, who)
            _drop_fields(item, known, theirs[of_mine[i]], said, who)
        elif known is not None and dict(item) == known:
            said.append(
                Text(zh=f"删去{who.zh}：新文本中没有", en=f"{who.en} goes: no longer there")
            )
            item["__gone__"] = True
        elif known is not None:
            said.append(
                Text(
                    zh=f"{who.zh}：新文本中没有，但有人改过，保留",
                    en=f"{who.en} is gone, but edited: kept",
                )
            )
    kept = [item for item in mine if "__gone__" not in item]
    mine[:] = kept
    added = [item for j, item in enumerate(theirs) if j not in taken]
    for item in added:
        if key == "targets" and _is_quota_of(item, [m for i, m in enumerate(kept) if i in quota]):
            continue
        item = _with_free_id(copy.deepcopy(item), mine)
        mine.append(item)
        who = _who(key, called, item)
        said.append(Text(zh=f"新增{who.zh}", en=f"{who.en} is new"))


def _pairs(
    a: Sequence[Data], b: Sequence[Data], name: Callable[[Data], str], least: float
) -> Iterator[tuple[int, int]]:
    yield from pairs(a, b, key=name, least=least)


def _pair_by_amount(mine: Sequence[Data], theirs: Sequence[Data], found: dict[int, int]) -> None:
    """Pairs what a person has renamed: the same measure, value and unit, and only one of each."""
    taken = set(found.values())

    def amount(item: Data) -> tuple[Any, ...]:
        return item.get("measure"), item.get("value"), item.get("unit")

    left: dict[tuple[Any, ...], list[int]] = {}
    for j, item in enumerate(theirs):
        if j not in taken:
            left.setdefault(amount(item), []).append(j)
    for i, item in enumerate(mine):
        choices = left.get(amount(item), []) if i not in found else []
        if len(choices) == 1:
            found[i] = choices.pop()


def _is_quota_of(item: Data, quotas: list[Data]) -> bool:
    """Whether a person keeps this yearly quota as one entry, which then stays one."""
    return bool(item.get("annual")) and any(
        quota.get("indicator") == item.get("indicator") for quota in quotas
    )


def _who(key: str, called: str, item: Data) -> Text:
    words = item.get("title") or item.get("indicator") or item.get("name") or ""
    number = item.get("number") if key == "measures" else item.get("year")
    mark = f" {number}" if number else ""
    return Text(zh=f"{called}{mark}“{words}”", en=f"{_KINDS_EN[key]}{mark} ({words})")


_ABSENT = object()


def _set(
    item: Data, known: Data | None, field: str, value: Any, said: list[Text], who: Text
) -> None:
    """Takes the new value, unless a person has changed the field."""
    now = item.get(field, _ABSENT)
    if now == value:
        return
    wrote = _ABSENT if known is None else known.get(field, _ABSENT)
    untouched = now == wrote if wrote is not _ABSENT else now is _ABSENT
    if untouched:
        item[field] = value
        was = "无" if now is _ABSENT else _short(now)
        said.append(
            Text(
                zh=f"{who.zh}：{field} 由 {was} 改为 {_short(value)}",
                en=f"{who.en}: {field} from {'none' if now is _ABSENT else _short(now)} to"
                f" {_short(value)}",
            )
        )
    elif known is None or known.get(field, _ABSENT) != value:
        said.append(
            Text(
                zh=f"{who.zh}：{field} 保留人工的 {_short(now)}（文本读作 {_short(value)}）",
                en=f"{who.en}: {field} stays {_short(now)} as edited (the text reads"
                f" {_short(value)})",
            )
        )


def _drop_fields(item: Data, known: Data | None, theirs: Data, said: list[Text], who: Text) -> None:
    """Fields that the last import wrote and the new reading no longer has."""
    for field in [f for f in (known or {}) if f not in theirs and f != "id"]:
        if item.get(field, _ABSENT) == (known or {})[field]:
            del item[field]
            said.append(Text(zh=f"{who.zh}：去掉 {field}", en=f"{who.en}: {field} goes"))


def _short(value: Any) -> str:
    if isinstance(value, list):
        words = [str(v.get("unit", v)) if isinstance(v, dict) else str(v) for v in value]
        value = "、".join(words)
    text = str(value)
    return text if len(text) <= 60 else text[:59] + "…"


def _with_free_id(item: Data, others: Sequence[Data]) -> Data:
    if "id" not in item:
        return item
    taken = {other.get("id") for other in others}
    wanted, n = item["id"], 2
    while item["id"] in taken:
        item["id"] = f"{wanted}_{n}"
        n += 1
    return item
