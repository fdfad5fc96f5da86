"""Clauses that can never hold, never fail, contradict another or follow from another.

Each is proven by `reach`, never guessed: what cannot be proven is not told. A clause is looked
at with the clauses that must hold beside it. "Never fails" means that it is true or, where a fact
is missing, unknown; "follows" that it cannot be false while the others hold.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from cityforge.brain.city.document import Path_
from cityforge.brain.errors import Text
from cityforge.brain.expr import nodes
from cityforge.brain.expr.nodes import Span
from cityforge.brain.expr.parse import parse
from cityforge.brain.expr.typed import Op, Typed
from cityforge.brain.policies.lint.read import Finding, Looked, Place, pairs
from cityforge.brain.policies.reach.reach import Goal, all_of, none_of, possible
from cityforge.brain.rules.conditions import Condition

Form = Literal["all", "any", "none", "of", "one"]

_NAMELESS = Text(zh="", en="")
_DROP = Text(zh="删去它，或改写", en="Drop it, or write it anew.")


@dataclass(frozen=True, slots=True)
class Part:
    """A clause, or a part of an expression joined by and, or: what it says and where it stands."""

    truth: Typed
    form: Form
    parts: tuple["Part", ...]
    path: Path_
    place: Place | None = None
    called: Text = _NAMELESS


def find(looked: Looked) -> Iterator[Finding]:
    """Every such clause of a version, each told once, at the innermost part that shows it."""
    yield from _Search(looked).look(_part(looked.condition), looked.area)


def _part(condition: Condition) -> Part:
    clause, path = condition.clause, condition.path
    called = Text(zh=clause.says or clause.id or "", en=clause.says_en or clause.id or "")
    if clause.expr is not None:
        node = parse(clause.expr)
        written = {part.span for part in nodes.walk(node) if isinstance(part, nodes.Junction)}
        whole = _inside(condition.truth, (*path, "expr"), written)
        return replace(whole, called=called)
    forms: tuple[Form, ...] = ("all", "any", "none", "of")
    form = next(form for form in forms if getattr(clause, form) is not None)
    parts = tuple(_part(part) for part in condition.parts)
    if len(parts) == 1 and form in ("all", "any"):
        return parts[0]
    return Part(condition.truth, form, parts, path, None, called)


def _inside(truth: Typed, path: Path_, written: Collection[Span]) -> Part:
    """An expression and the parts that `and` and `or` join in it where they are written;
    `between`, `within` and `all(…)` are one part."""
    form: Form = "one"
    parts: tuple[Part, ...] = ()
    if truth.op in (Op.AND, Op.OR) and truth.span in written:
        form = "all" if truth.op is Op.AND else "any"
        parts = tuple(_inside(child, path, written) for child in truth.children)
    return Part(truth, form, parts, path, (truth.span.line, truth.span.column))


@dataclass(slots=True)
class _Search:
    """`settled` keeps what was found of each part, by its identity: asked once from above, once
    from within."""

    looked: Looked
    settled: dict[int, bool] = field(default_factory=dict)

    def look(self, part: Part, beside: Sequence[Goal]) -> list[Finding]:
        """What is wrong with a part by itself; and inside it, given what must hold beside it."""
        found = list(self._joined(part, beside)) if part.parts else []
        if found or not self._is_settled(part.truth):
            return found
        if not self._can([(part.truth, True)]):
            never = _NEVER_TOGETHER if part.form == "all" else _NEVER_HOLDS
            return [self._told("never_holds", part, never, _DROP)]
        return [self._told("never_fails", part, _NEVER_FAILS, _DROP)]

    def _joined(self, part: Part, beside: Sequence[Goal]) -> Iterator[Finding]:
        truths = [inner.truth for inner in part.parts]
        # What is settled by itself is told there, and counts no more beside the others.
        open_ = [i for i, truth in enumerate(truths) if not self._is_settled(truth)]
        excluded = self._exclusion(part, open_, beside) if part.form == "all" else None
        if excluded is not None:
            yield excluded
        told = set() if excluded is None else set(range(len(truths)))
        for i, finding in [] if excluded is not None else self._idle(part, open_, beside):
            told.add(i)
            yield finding
        for i, inner in enumerate(part.parts):
            around = [] if i in told else list(beside)
            if i not in told and part.form == "all":
                around += all_of([truths[j] for j in open_ if j != i])
            yield from self.look(inner, around)

    def _idle(
        self, part: Part, open_: Sequence[int], beside: Sequence[Goal]
    ) -> Iterator[tuple[int, Finding]]:
        """The parts that change nothing beside the others."""
        left = list(open_)
        if part.form != "all":
            for i in open_:
                if not self._can([*beside, (part.parts[i].truth, True)]):
                    left.remove(i)
                    yield i, self._told("contradicts", part.parts[i], _NOT_BESIDE, _DROP)
        if part.form == "of":
            return
        for i in reversed(left[:]):
            rest = [j for j in left if j != i]
            if self._is_repeated(part, i, rest, beside):
                left.remove(i)
                single = (j for j in rest if self._is_repeated(part, i, [j], beside))
                yield i, self._repeat(part, i, next(single, None))

    def _exclusion(
        self, part: Part, open_: Sequence[int], beside: Sequence[Goal]
    ) -> Finding | None:
        """The first two parts that exclude each other; else one that the outer clauses exclude, or
        that all do together; None where all may hold."""
        truths = [inner.truth for inner in part.parts]
        if self._can([*beside, *all_of([truths[i] for i in open_])]):
            return None
        for a, b in pairs(len(open_)):
            i, j = open_[a], open_[b]
            if not self._can(all_of([truths[i], truths[j]])):
                other = self._named(part.parts[i], part.parts[j])
                return self._told(
                    "contradicts",
                    part.parts[j],
                    Text(zh=f"与{other.zh}矛盾，不可能同时成立", en=f"contradicts {other.en}"),
                    Text(zh="改其中之一", en="Mend one of the two."),
                )
        for i in open_:
            if not self._can([*beside, (truths[i], True)]):
                return self._told("contradicts", part.parts[i], _NOT_BESIDE, _DROP)
        return self._told("never_holds", part, _NEVER_TOGETHER, _DROP)

    def _is_settled(self, truth: Typed) -> bool:
        """Whether it never holds or never fails, whatever stands beside it."""
        if id(truth) not in self.settled:
            goes = self._can([(truth, True)]) and self._can([(truth, False)])
            self.settled[id(truth)] = not goes
        return self.settled[id(truth)]

    def _is_repeated(self, part: Part, i: int, rest: Sequence[int], beside: Sequence[Goal]) -> bool:
        """Of `all`: whether a part cannot fail where the rest hold; of alternatives: whether it
        cannot hold where the rest fail."""
        others = [part.parts[j].truth for j in rest]
        if not others and not beside:
            return False
        truth = part.parts[i].truth
        if part.form == "all":
            return not self._can([*beside, *all_of(others), (truth, False)])
        return bool(others) and not self._can([*beside, *none_of(others), (truth, True)])

    def _repeat(self, part: Part, i: int, single: int | None) -> Finding:
        inner = part.parts[i]
        others = Text(zh="其余各项", en="the others")
        if single is not None:
            others = self._named(part.parts[single], inner)
        if part.form == "all":
            what = Text(
                zh=f"由{others.zh}必然得出，不起作用", en=f"follows from {others.en}: has no effect"
            )
            return self._told("implied", inner, what, _DROP)
        what = Text(zh=f"已包含在{others.zh}之中，不起作用", en=f"is covered by {others.en}")
        return self._told("covered", inner, what, _DROP)

    def _can(self, goals: Sequence[Goal]) -> bool:
        return possible(goals, self.looked.world)

    def _named(self, part: Part, beside: Part) -> Text:
        """How another part is called: by its words, else by where it stands."""
        if part.called.zh:
            return Text(zh=f"“{part.called.zh}”", en=f"'{part.called.en}'")
        found = self.looked.document.problem(part.path, _DROP, _DROP, place=part.place)
        if part.path == beside.path:
            return Text(
                zh=f"第 {found.column} 列的条件", en=f"what stands at column {found.column}"
            )
        return Text(zh=f"第 {found.line} 行的条件", en=f"what stands on line {found.line}")

    def _told(self, rule: str, part: Part, what: Text, hint: Text) -> Finding:
        return self.looked.finding(rule, part.path, what, hint, place=part.place)


_NEVER_HOLDS = Text(zh="这一条件永远不会成立", en="this can never hold")
_NEVER_FAILS = Text(
    zh="这一条件从不为假（资料齐全时总成立）", en="this never fails: with its facts known it holds"
)
_NEVER_TOGETHER = Text(zh="这些条件合在一起永远不会成立", en="these can never hold together")
_NOT_BESIDE = Text(
    zh="与同时要求的其他条件矛盾，永远不会成立", en="can never hold beside the other clauses"
)
