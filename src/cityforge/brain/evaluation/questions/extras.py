"""Questions about bonus, penalty and limits: counted twice, idle, without end or evidence."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from cityforge.brain.city.document import Path_
from cityforge.brain.errors import Text
from cityforge.brain.evaluation.phrases import number
from cityforge.brain.evaluation.prepared import PreparedExtra
from cityforge.brain.evaluation.questions import reach
from cityforge.brain.evaluation.questions.finding import Finding, Looked
from cityforge.brain.expr import check
from cityforge.brain.expr.typed import Op, Typed

LARGE = Decimal("0.2")  # of all weights
BONUS, PENALTY, LIMITS = "bonus", "penalty", "limits"


def find(looked: Looked) -> Iterator[Finding]:
    """All questions about what moves a total or a grade besides the indicators."""
    yield from _size(looked)
    yield from _doubles(looked)
    yield from _twice(looked)
    yield from _limits(looked)
    for path, name, when in conditions(looked):
        yield from _reach(looked, path, name, when)
    yield from _alike(looked)
    yield from _evidence(looked)


def conditions(looked: Looked) -> list[tuple[Path_, Text, Typed]]:
    """Every item and limit: where its condition stands, what it is called, the condition."""
    found: list[tuple[Path_, Text, Typed]] = []
    for kind, items in _items(looked):
        for i, one in enumerate(items):
            name = Text(zh=one.item.says, en=one.item.says_en)
            found.append(((kind, "items", i, "when"), name, one.when))
    for i, (limit, typed) in enumerate(looked.prepared.limits):
        found.append(((LIMITS, i, "when"), Text(zh=limit.says, en=limit.says_en), typed))
    return found


def _items(looked: Looked) -> list[tuple[str, Sequence[PreparedExtra]]]:
    return [(BONUS, looked.prepared.bonus), (PENALTY, looked.prepared.penalty)]


def _size(looked: Looked) -> Iterator[Finding]:
    bonus = looked.scheme.bonus
    if bonus is None:
        return
    if bonus.cap is None:
        yield looked.finding(
            "bonus_uncapped",
            (BONUS,),
            Text(zh="加分没有合计上限", en="the bonus has no cap"),
            Text(zh="写 cap，如 10", en="Write cap, such as 10."),
            at_key=True,
        )
    largest: dict[str, Decimal] = {}
    for item in bonus.items:
        key = item.one_of or f"only {item.id}"
        largest[key] = max(largest.get(key, Decimal(0)), item.points or Decimal(0))
    whole = sum(largest.values(), Decimal(0))
    most = whole if bonus.cap is None else min(whole, bonus.cap)
    if most > looked.scheme.weights_sum * LARGE:
        yield looked.finding(
            "bonus_large",
            (BONUS, "cap") if bonus.cap is not None else (BONUS,),
            Text(
                zh=f"加分最多 {number(most)} 分，超过权重的五分之一",
                en=f"the bonus comes to {number(most)} points, more than a fifth of the weights",
            ),
            Text(zh="称号便重于产出；确认是否有意", en="Titles then outweigh yield: meant so?"),
        )


def _doubles(looked: Looked) -> Iterator[Finding]:
    """A bonus for what an indicator counts already."""
    counted = [
        (one, looked.rests_on(one.expression), check.registers(one.expression))
        for part in looked.prepared.parts
        for one in part.indicators
    ]
    for i, extra in enumerate(looked.prepared.bonus):
        reads = [extra.when, *([extra.points] if extra.points else [])]
        facts = {fact.name for typed in reads for fact in looked.rests_on(typed)}
        lists = frozenset[str]().union(*(check.registers(typed) for typed in reads))
        for one, own, registers in counted:
            same = [fact for fact in own if fact.name in facts]
            if not same and not lists & registers:
                continue
            names = [(fact.title, fact.title_en) for fact in same]
            names += [
                (looked.city.registers[name].title, looked.city.registers[name].title_en)
                for name in sorted(lists & registers)
            ]
            zh, en = "、".join(zh for zh, _ in names), ", ".join(en for _, en in names)
            yield looked.finding(
                "bonus_doubles",
                (BONUS, "items", i, "when"),
                Text(
                    zh=f"加分“{extra.item.says}”与指标“{one.indicator.title}”都看{zh}",
                    en=f"the bonus '{extra.item.says_en}' and '{one.indicator.title_en}' both "
                    f"look at {en}",
                ),
                Text(zh="同一件事计两次；删去其中一处", en="It counts twice: drop one of them."),
            )
            break


def _twice(looked: Looked) -> Iterator[Finding]:
    for i, extra in enumerate(looked.prepared.penalty):
        for limit, typed in looked.prepared.limits:
            same = check.columns(typed) & check.columns(extra.when)
            if limit.at_most is None or not same:
                continue
            yield looked.finding(
                "punished_twice",
                (PENALTY, "items", i, "when"),
                Text(
                    zh=f"减分“{extra.item.says}”与否决“{limit.says}”看的是同一件事",
                    en=f"the penalty '{extra.item.says_en}' and the veto '{limit.says_en}' look at "
                    "the same",
                ),
                Text(zh="确认是否要两罚", en="Is it to be punished twice?"),
            )


def _limits(looked: Looked) -> Iterator[Finding]:
    """Limits that can never move a grade."""
    grades = looked.scheme.grading.grades
    exempt = [typed for _, typed in looked.prepared.exempt]
    for i, (limit, typed) in enumerate(looked.prepared.limits):
        why: Text | None = None
        path: Path_ = (LIMITS, i, "at_most" if limit.at_most else "at_least")
        if limit.at_most == grades[0]:
            why = Text(zh=f"最高 {grades[0]} 就是不限", en=f"at most {grades[0]} bounds nothing")
        elif limit.at_least == grades[-1]:
            why = Text(
                zh=f"不低于 {grades[-1]} 就是不限", en=f"at least {grades[-1]} bounds nothing"
            )
        elif typed in exempt:
            path = (LIMITS, i, "when")
            why = Text(
                zh="条件与不定级情形相同，这些企业不参加分档",
                en="its condition is that of the exempt, who get no grade",
            )
        elif typed.op is Op.NOT and typed.children[0] == looked.prepared.population:
            path = (LIMITS, i, "when")
            why = Text(zh="这些企业不在参评范围", en="these are outside the population")
        if why is not None:
            yield looked.finding(
                "idle_limit",
                path,
                Text(
                    zh=f"“{limit.says}”不起作用：{why.zh}",
                    en=f"'{limit.says_en}' is idle: {why.en}",
                ),
                Text(zh="改等次或条件，或删去", en="Mend the grade or the condition, or drop it."),
            )


def _reach(looked: Looked, path: Path_, name: Text, when: Typed) -> Iterator[Finding]:
    can, cannot = reach.truths(looked.city, looked.book, when)
    if can and cannot:
        return
    rule, zh, en = (
        ("always_holds", "总是成立", "always holds")
        if can
        else ("never_holds", "不可能成立", "can never hold")
    )
    yield looked.finding(
        rule,
        path,
        Text(zh=f"“{name.zh}”的条件{zh}", en=f"the condition of '{name.en}' {en}"),
        Text(zh="对照数据合同的上下限改条件", en="Mend it by the bounds of the contract."),
    )


def _alike(looked: Looked) -> Iterator[Finding]:
    """Two items of one list on the same condition."""
    lists: dict[str, list[tuple[Path_, Text, Typed]]] = {}
    for path, name, when in conditions(looked):
        lists.setdefault(str(path[0]), []).append((path, name, when))
    for entries in lists.values():
        for i, (path, name, when) in enumerate(entries):
            first = next((one for _, one, typed in entries[:i] if typed == when), None)
            if first is not None:
                yield looked.finding(
                    "alike",
                    path,
                    Text(
                        zh=f"“{name.zh}”与“{first.zh}”的条件相同",
                        en=f"'{name.en}' has the condition of '{first.en}'",
                    ),
                    Text(zh="删去其中一个，或改条件", en="Drop one, or mend its condition."),
                )


def _evidence(looked: Looked) -> Iterator[Finding]:
    """That a list of items names no evidence at all, unless the assumptions speak of it."""
    scheme = looked.scheme
    said = "".join(scheme.assumptions)
    lists: list[tuple[str, list[object]]] = [
        (BONUS, [item.evidence for item in scheme.bonus.items] if scheme.bonus else []),
        (PENALTY, [item.evidence for item in scheme.penalty.items] if scheme.penalty else []),
        (LIMITS, [limit.evidence for limit in scheme.limits]),
    ]
    words = {
        BONUS: (Text(zh="加分", en="bonus"), ("加分", "加减分")),
        PENALTY: (Text(zh="减分", en="penalty"), ("减分",)),
        LIMITS: (Text(zh="一票否决和托底", en="limits"), ("否决", "托底", "负面清单", "最高")),
    }
    for kind, given in lists:
        title, spoken = words[kind]
        if given and not any(given) and not any(word in said for word in spoken):
            yield looked.finding(
                "no_evidence",
                (kind,),
                Text(zh=f"{title.zh}没有写依据", en=f"the {title.en} names no evidence"),
                Text(
                    zh="逐项写 evidence，或在 assumptions 说明由本市设定",
                    en="Write evidence beside each, or say in assumptions that the city set them.",
                ),
                at_key=True,
            )
