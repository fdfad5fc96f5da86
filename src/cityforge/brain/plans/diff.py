"""What a revision of a plan changed, in sentences."""

from collections.abc import Iterator

from cityforge.brain.errors import Text
from cityforge.brain.plans import phrases
from cityforge.brain.plans.match import pairs
from cityforge.brain.plans.reading import Measure, Reading, Row, Target

_SAME_MEASURE = 0.6
_SAME_TARGET = 0.6


def compare(old: Reading, new: Reading) -> list[Text]:
    """The differences from `old` to `new`: plan, measures, targets, table; may be none."""
    return [
        *_plan(old, new),
        *_measures(old, new),
        *_targets(old, new),
        *_rows(old, new),
    ]


def _plan(old: Reading, new: Reading) -> Iterator[Text]:
    if old.title != new.title:
        yield Text(
            zh=f"标题由“{old.title}”改为“{new.title}”",
            en=f"the title changed from {old.title} to {new.title}",
        )
    if (old.from_year, old.to_year) != (new.from_year, new.to_year):
        a, b = (f"{r.from_year or ''}—{r.to_year or ''}" for r in (old, new))
        yield Text(zh=f"年份由 {a} 改为 {b}", en=f"the years changed from {a} to {b}")
    gone = [name for name in old.default_units if name not in new.default_units]
    come = [name for name in new.default_units if name not in old.default_units]
    if gone or come:
        yield Text(
            zh=f"各条共同落实的单位：减少{'、'.join(gone) or '无'}，增加{'、'.join(come) or '无'}",
            en=f"units of every measure: less {', '.join(gone) or 'none'}, more"
            f" {', '.join(come) or 'none'}",
        )


def _measures(old: Reading, new: Reading) -> Iterator[Text]:
    matched = pairs(old.measures, new.measures, key=lambda m: m.title, least=_SAME_MEASURE)
    old_left = {i for i, _ in matched}
    new_left = {j for _, j in matched}
    for i, measure in enumerate(old.measures):
        if i not in old_left:
            yield Text(
                zh=f"删去举措 {measure.number}“{measure.title}”",
                en=f"measure {measure.number} ({measure.title}) is gone",
            )
    for j, measure in enumerate(new.measures):
        if j not in new_left:
            yield Text(
                zh=f"新增举措 {measure.number}“{measure.title}”",
                en=f"measure {measure.number} ({measure.title}) is new",
            )
    for i, j in matched:
        yield from _measure(old.measures[i], new.measures[j])


def _measure(old: Measure, new: Measure) -> Iterator[Text]:
    name = Text(zh=f"举措 {new.number}“{new.title}”", en=f"measure {new.number} ({new.title})")
    if old.title != new.title:
        yield Text(zh=f"{name.zh}：标题原为“{old.title}”", en=f"{name.en}: was titled {old.title}")
    if old.number != new.number:
        yield Text(zh=f"{name.zh}：编号原为 {old.number}", en=f"{name.en}: was number {old.number}")
    if old.section != new.section:
        a, b = (" > ".join(s) or "（无）" for s in (old.section, new.section))
        yield Text(zh=f"{name.zh}：由“{a}”移到“{b}”", en=f"{name.en}: moved from {a} to {b}")
    a_units = {(u.name, u.role): u for u in old.units}
    b_units = {(u.name, u.role): u for u in new.units}
    for key in (key for key in a_units if key not in b_units):
        role = next((r for n, r in b_units if n == key[0]), None)
        was = phrases.ROLES[key[1]]
        if role is None:
            yield Text(
                zh=f"{name.zh}：不再由{key[0]}{was.zh}",
                en=f"{name.en}: {key[0]} no longer {was.en}",
            )
        else:
            now = phrases.ROLES[role]
            yield Text(
                zh=f"{name.zh}：{key[0]}由{was.zh}改为{now.zh}",
                en=f"{name.en}: {key[0]} {now.en} instead of {was.en}",
            )
    had = {unit for unit, _ in a_units}
    for key in (key for key in b_units if key[0] not in had):
        role_now = phrases.ROLES[key[1]]
        yield Text(
            zh=f"{name.zh}：增加{key[0]}（{role_now.zh}）",
            en=f"{name.en}: {key[0]} {role_now.en} now",
        )
    if _words(old) != _words(new) and (old.title, a_units.keys()) == (new.title, b_units.keys()):
        yield Text(zh=f"{name.zh}：文字有改动", en=f"{name.en}: its wording changed")


def _words(measure: Measure) -> str:
    """The text without its number."""
    return measure.text[max(measure.text.find(measure.title), 0) :]


def _targets(old: Reading, new: Reading) -> Iterator[Text]:
    titles_old = {m.number: m.title for m in old.measures}
    titles_new = {m.number: m.title for m in new.measures}
    places = [titles_old.get(t.measure or "", "") for t in old.targets]
    places += [titles_new.get(t.measure or "", "") for t in new.targets]
    keyed_old = [(t, places[i]) for i, t in enumerate(old.targets)]
    keyed_new = [(t, places[len(old.targets) + j]) for j, t in enumerate(new.targets)]
    matched = pairs(
        keyed_old, keyed_new, key=lambda each: each[0].indicator + each[1], least=_SAME_TARGET
    )
    old_left, new_left = {i for i, _ in matched}, {j for _, j in matched}
    for i, target in enumerate(old.targets):
        if i not in old_left:
            yield _said("删去目标", "target gone", target)
    for j, target in enumerate(new.targets):
        if j not in new_left:
            yield _said("新增目标", "new target", target)
    for i, j in matched:
        a, b = old.targets[i], new.targets[j]
        if _substance(a) != _substance(b):
            yield Text(
                zh=f"目标改变：原“{phrases.target(a, 'zh')}”，现“{phrases.target(b, 'zh')}”",
                en=f"target changed: was {phrases.target(a, 'en')}, is {phrases.target(b, 'en')}",
            )


def _said(zh: str, en: str, target: Target) -> Text:
    return Text(
        zh=f"{zh}：{phrases.target(target, 'zh')}", en=f"{en}: {phrases.target(target, 'en')}"
    )


def _substance(target: Target) -> tuple[object, ...]:
    return (
        target.comparator, target.value, target.value_max, target.unit, target.year,
        target.annual, target.baseline_year, target.modal,
    )  # fmt: skip


def _rows(old: Reading, new: Reading) -> Iterator[Text]:
    def key(row: Row) -> str:
        return f"{row.name}{row.year}"

    matched = pairs(old.table, new.table, key=key, least=0.8)
    old_left, new_left = {i for i, _ in matched}, {j for _, j in matched}
    for i, row in enumerate(old.table):
        if i not in old_left:
            yield Text(zh=f"指标表删去“{row.name}”", en=f"row gone from the table: {row.name}")
    for j, row in enumerate(new.table):
        if j not in new_left:
            yield Text(
                zh=f"指标表新增“{row.name}”：{phrases.amount(row).zh}",
                en=f"new row in the table: {row.name}, {phrases.amount(row).en}",
            )
    for i, j in matched:
        a, b = phrases.amount(old.table[i]), phrases.amount(new.table[j])
        if a != b:
            yield Text(
                zh=f"指标表“{new.table[j].name}”由 {a.zh} 改为 {b.zh}",
                en=f"row {new.table[j].name} changed from {a.en} to {b.en}",
            )
