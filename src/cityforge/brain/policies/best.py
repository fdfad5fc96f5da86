"""The best set of policies for one enterprise: the most money that the rules of combining allow.

Exact, by branch and bound: policies that no rule connects are chosen apart; within a connected
part each policy is tried in and out, and a branch is left only when its upper bound shows that it
cannot be better. Money is integer 分.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cityforge.brain.city.combination import Combination
from cityforge.brain.errors import Text, ValueRefused

MOST_BRANCHES = 1_000_000  # far beyond any city's rules; a set that needs more is refused

Amounts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Rule:
    """A combination with its amount in 分, as far as it concerns the policies at hand."""

    combination: Combination
    policies: tuple[str, ...]
    cap: int = 0

    @property
    def kind(self) -> str:
        return self.combination.kind

    def allows(self, chosen: frozenset[str]) -> bool:
        """Whether so many, and these, of its policies may be enjoyed together."""
        inside = chosen.intersection(self.policies)
        if self.kind == "exclusive":
            return len(inside) <= 1
        if self.kind == "at_most":
            return len(inside) <= (self.combination.most or 0)
        if self.kind == "allowed":
            return any(inside <= set(one) for one in self.combination.sets or ())
        return True

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self.policies)

    @property
    def most(self) -> int | None:
        """How many of its policies may be enjoyed at once; None where that is not its matter."""
        return {"exclusive": 1, "at_most": self.combination.most}.get(self.kind)


@dataclass(frozen=True, slots=True)
class BestSet:
    """What to apply for.

    chosen    ids, sorted
    paid      分 by chosen policy, after differences and caps
    total     their sum
    left_out  of each policy not chosen: the combinations that stand against it beside the chosen;
              empty where it would only pay nothing, or less
    branches  how many branches were looked at until nothing better was possible
    """

    chosen: tuple[str, ...]
    paid: Mapping[str, int]
    total: int
    left_out: Mapping[str, tuple[str, ...]]
    branches: int


def best_set(amounts: Amounts, rules: Iterable[Rule]) -> BestSet:
    """The set that pays most; of equal ones the one with more policies, then the one found first
    when larger amounts, and earlier ids, are tried in before out.

    `amounts`: 分 by id of every policy the enterprise is entitled to; 0 for a title or a service.
    A policy that would be paid nothing because of a cap or a difference is not chosen. Caps lie
    one within another or apart (the city's check sees to it). Raises ValueRefused beyond
    MOST_BRANCHES.
    """
    known = [_narrowed(rule, amounts) for rule in rules]
    bearing = [rule for rule in known if len(rule.policies) > 1 or rule.kind in ("cap", "allowed")]
    chosen: set[str] = set()
    branches = 0
    for part in connected(sorted(amounts), bearing):
        search = _Search(part, amounts, [r for r in bearing if set(r.policies) & set(part)])
        chosen |= search.run()
        branches += search.branches
    kept = frozenset(chosen)
    paid = payments(kept, amounts, bearing)
    against = {
        name: tuple(rule.combination.id for rule in bearing if not rule.allows(kept | {name}))
        for name in sorted(amounts.keys() - kept)
    }
    return BestSet(tuple(sorted(kept)), paid, sum(paid.values()), against, branches)


def payments(chosen: frozenset[str], amounts: Amounts, rules: Sequence[Rule]) -> dict[str, int]:
    """What each chosen policy pays: first differences along an order, then caps.

    A higher one of an order pays what exceeds the highest below it, in whichever orders it stands;
    what exceeds a cap is taken off the smallest payments first.
    """
    below = dict.fromkeys(chosen, 0)
    for rule in rules:
        if rule.kind == "difference":
            highest = 0
            for name in rule.combination.order or ():
                if name in chosen:
                    below[name] = max(below[name], highest)
                    highest = max(highest, amounts[name])
    paid = {name: max(amounts[name] - below[name], 0) for name in sorted(chosen)}
    for rule in sorted((r for r in rules if r.kind == "cap"), key=lambda r: len(r.policies)):
        inside = sorted((n for n in rule.policies if n in paid), key=lambda n: (paid[n], n))
        excess = sum(paid[name] for name in inside) - rule.cap
        for name in inside:
            cut = min(max(excess, 0), paid[name])
            paid[name] -= cut
            excess -= cut
    return paid


def _narrowed(rule: Rule, amounts: Amounts) -> Rule:
    return Rule(rule.combination, tuple(n for n in rule.policies if n in amounts), rule.cap)


def connected(names: Sequence[str], rules: Sequence[Rule]) -> Iterator[tuple[str, ...]]:
    """The policies in parts such that no rule reaches from one part into another."""
    part = {name: name for name in names}

    def root(name: str) -> str:
        while part[name] != name:
            name = part[name]
        return name

    for rule in rules:
        for name in rule.policies[1:]:
            part[root(name)] = root(rule.policies[0])
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(root(name), []).append(name)
    yield from (tuple(group) for group in groups.values())


@dataclass(slots=True)
class _Search:
    """Branch and bound over one connected part; larger amounts are decided first."""

    names: tuple[str, ...]
    amounts: Amounts
    rules: list[Rule]
    branches: int = 0
    best: frozenset[str] = frozenset()
    worth: tuple[int, int] = (0, 0)
    _order: list[str] = field(default_factory=list)
    _counting: list[Rule] = field(default_factory=list)

    def run(self) -> frozenset[str]:
        counting = [rule for rule in self.rules if rule.most is not None]
        self._counting = sorted(counting, key=lambda rule: len(rule.policies))
        self._order = sorted(self.names, key=lambda name: (-self.amounts[name], name))
        waiting: list[tuple[int, frozenset[str]]] = [(0, frozenset())]
        while waiting:
            depth, chosen = waiting.pop()
            self.branches += 1
            if self.branches > MOST_BRANCHES:
                raise _too_many(len(self.names))
            self._take(chosen)
            if depth == len(self._order) or self._bound(depth, chosen) <= self.worth:
                continue
            name = self._order[depth]
            waiting.append((depth + 1, chosen))
            bigger = chosen | {name}
            if all(rule.allows(bigger) for rule in self.rules):
                waiting.append((depth + 1, bigger))
        return self.best

    def _take(self, chosen: frozenset[str]) -> None:
        """Keep a set that is worth more; one with a policy that is paid nothing for something is
        no better than the set without it."""
        paid = payments(chosen, self.amounts, self.rules)
        if any(self.amounts[name] and not money for name, money in paid.items()):
            return
        worth = (sum(paid.values()), len(chosen))
        if worth > self.worth:
            self.best, self.worth = chosen, worth

    def _bound(self, depth: int, chosen: frozenset[str]) -> tuple[int, int]:
        """At least what any set below this branch is worth.

        Either as if everything still open could be had at once under the caps, or as if there were
        no caps and of each rule on numbers only so many of the largest counted, smaller rules
        first and within larger ones; the smaller of the two.
        """
        open_ = self._order[depth:]
        everything = chosen.union(open_)
        caps = [rule for rule in self.rules if rule.kind == "cap"]
        capped = sum(payments(everything, self.amounts, caps).values())
        bundles = [(frozenset([name]), [self.amounts[name]]) for name in open_]
        for rule in self._counting:
            inside = [bundle for bundle in bundles if bundle[0] <= rule.names]
            room = max((rule.most or 0) - len(chosen & rule.names), 0)
            largest = sorted((money for _, values in inside for money in values), reverse=True)
            bundles = [bundle for bundle in bundles if not bundle[0] <= rule.names]
            names = frozenset[str]().union(*(bundle[0] for bundle in inside))
            bundles.append((names, largest[:room]))
        counted = sum(self.amounts[name] for name in chosen)
        counted += sum(money for _, values in bundles for money in values)
        most = len(chosen) + sum(len(values) for _, values in bundles)
        return min(capped, counted), most


def _too_many(count: int) -> ValueRefused:
    return ValueRefused(
        Text(
            zh=f"{count} 项政策互相牵连，无法在限定步数内求出最优组合",
            en=f"{count} policies tied together: no best set within the limit of steps",
        ),
        Text(zh="拆分组合规则", en="Split the combinations into smaller ones."),
    )
