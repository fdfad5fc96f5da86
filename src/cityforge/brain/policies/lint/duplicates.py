"""Policies that say the same twice: whose conditions are the same, follow from each other, or
differ in little but their numbers. Sameness is proven, likeness is counted and called so."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from cityforge.brain.errors import Text
from cityforge.brain.expr import check
from cityforge.brain.expr.typed import Op, Typed, walk
from cityforge.brain.policies.lint.read import Finding, Looked, pairs
from cityforge.brain.policies.reach.reach import Goal, possible

ALIKE = 0.8  # the share of equal clauses from which two policies are told as nearly the same
FEWEST = 3  # clauses; of fewer nothing can be said but that they are the same
_LAPPED = Text(
    zh="核对是否重复；确需并存的，在 combinations/ 写明能否同享",
    en="See whether one is enough; if both stay, say in combinations/ whether they go together.",
)


@dataclass(frozen=True)
class _Whole:
    """One policy as a whole: who is entitled, where it applies, and what it gives."""

    looked: Looked

    @cached_property
    def goals(self) -> list[Goal]:
        return [*self.looked.area, (self.looked.condition.truth, True)]

    @property
    def truths(self) -> list[Typed]:
        return [goal[0] for goal in self.goals if isinstance(goal, tuple)]

    @cached_property
    def reads(self) -> frozenset[str]:
        return frozenset[str]().union(*(check.columns(truth) for truth in self.truths))

    @cached_property
    def clauses(self) -> frozenset[Typed]:
        return frozenset(leaf.truth for leaf in self.looked.condition.leaves)

    @cached_property
    def shapes(self) -> frozenset[tuple[object, ...]]:
        """The clauses with every number taken out."""
        return frozenset(_shape(truth) for truth in self.clauses)

    @cached_property
    def counts(self) -> bool:
        """What no one can meet is told elsewhere, and would follow from everything."""
        return possible(self.goals, self.looked.world)

    @property
    def gives(self) -> set[str]:
        """What it gives, in words and as a title: two policies that share one give the same."""
        benefit, policy = self.looked.version.benefit, self.looked.policy
        found = {_plain(benefit.says), _plain(policy.title)}
        return found | ({f"title:{benefit.title}"} if benefit.title else set())

    def implies(self, other: "_Whole") -> bool:
        """Whether who is entitled here cannot be refused there."""
        failing: list[list[Goal]] = [[(truth, False)] for truth in other.truths]
        return not any(possible([*self.goals, *one], self.looked.world) for one in failing)


def find(every: Sequence[Looked], *, only: str | None = None) -> Iterator[Finding]:
    """Each pair of policies that overlaps, told once: at the later one in the order of ids.

    only   the pairs of one policy, told at it
    """
    wholes = [_Whole(looked) for looked in every]
    for i, j in pairs(len(wholes)):
        one, other = wholes[i], wholes[j]
        if only is not None:
            if only not in (one.looked.policy.id, other.looked.policy.id):
                continue
            if one.looked.policy.id == only:
                one, other = other, one
        if one.looked.policy.id == other.looked.policy.id or not _meet_in_time(one, other):
            continue
        for finding in _told(one, other):
            if one.counts and other.counts:
                yield finding


def _meet_in_time(one: _Whole, other: _Whole) -> bool:
    a, b = one.looked.version, other.looked.version
    return (a.to is None or b.from_ <= a.to) and (b.to is None or a.from_ <= b.to)


def _told(one: _Whole, other: _Whole) -> Iterator[Finding]:
    a, b = one.looked.version.benefit, other.looked.version.benefit
    first = one.looked.policy
    named = Text(zh=f"“{first.title}”（{first.id}）", en=f"'{first.title_en}' ({first.id})")
    is_like_kind, is_same = a.kind == b.kind, bool(one.gives & other.gives)
    path = (*other.looked.path, "conditions")
    there, back = False, False
    if one.reads & other.reads and (is_like_kind or is_same):
        there, back = one.implies(other), other.implies(one)
    if there and back:
        what = Text(
            zh=f"与{named.zh}的条件相同，支持方式也相同" if is_like_kind
            else f"与{named.zh}的条件相同，支持内容也相同",
            en=f"has the conditions of {named.en}, and the same kind of benefit",
        )  # fmt: skip
        yield other.looked.finding("duplicate", path, what, _LAPPED, at_key=True)
    elif is_same and (there or back):
        zh = f"符合{named.zh}的必然符合本政策" if there else f"符合本政策的必然符合{named.zh}"
        en = "who meets {} meets this" if there else "who meets this meets {}"
        what = Text(zh=f"{zh}，支持内容相同", en=f"{en.format(named.en)}; the benefit is the same")
        yield other.looked.finding("contained", path, what, _LAPPED, at_key=True)
    elif is_like_kind and _is_alike(one, other):
        what = Text(
            zh=f"与{named.zh}相近：条件大多相同，或只有数值不同",
            en=f"is nearly {named.en}: most clauses are the same, or only their numbers differ",
        )
        yield other.looked.finding("near_duplicate", path, what, _LAPPED, at_key=True)


def _is_alike(one: _Whole, other: _Whole) -> bool:
    if min(len(one.clauses), len(other.clauses)) < FEWEST:
        return False
    both = len(one.clauses & other.clauses)
    every = len(one.clauses | other.clauses)
    return both >= ALIKE * every or one.shapes == other.shapes


def _shape(truth: Typed) -> tuple[object, ...]:
    """A clause without the numbers in it; texts and registers stay."""
    return tuple(
        (part.op, None if part.op is Op.LITERAL and part.type.is_number else part.value)
        for part in walk(truth)
    )


def _plain(words: str) -> str:
    return "".join(words.split())
