"""Whether conditions can be true, or false, together: proven, or left open.

A condition is taken apart into comparisons, each of which cuts down what one term (a fact, a
look-up, a quotient of facts …) can still be; alternatives are tried one after another. A way on
which some term has no value left is impossible. Terms are cut down on their own: that a quotient
and its numerator hang together is used for bounds only. So "impossible" is always right, and what
is not decided counts as possible.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain

from cityforge.brain.expr.typed import REGISTER_OPS, Op, Typed, walk
from cityforge.brain.expr.types import Kind, Type
from cityforge.brain.policies.reach.bounds import World, number
from cityforge.brain.policies.reach.sets import (
    Asked,
    Chosen,
    Domain,
    Numbers,
    Stretch,
    Texts,
    compared,
    one_of,
)

MOST_TRIES = 1_000  # alternatives of one question; beyond them it is left open

COMPARISONS = (Op.EQUAL, Op.UNEQUAL, Op.LESS, Op.AT_MOST, Op.MORE, Op.AT_LEAST)
_CONTRARY = {
    Op.EQUAL: Op.UNEQUAL,
    Op.UNEQUAL: Op.EQUAL,
    Op.LESS: Op.AT_LEAST,
    Op.AT_LEAST: Op.LESS,
    Op.MORE: Op.AT_MOST,
    Op.AT_MOST: Op.MORE,
}
_TURNED = {
    Op.EQUAL: Op.EQUAL,
    Op.UNEQUAL: Op.UNEQUAL,
    Op.LESS: Op.MORE,
    Op.MORE: Op.LESS,
    Op.AT_MOST: Op.AT_LEAST,
    Op.AT_LEAST: Op.AT_MOST,
}
_ORDERS = {
    Op.EQUAL: (0,),
    Op.UNEQUAL: (-1, 1),
    Op.LESS: (-1,),
    Op.AT_MOST: (-1, 0),
    Op.MORE: (1,),
    Op.AT_LEAST: (0, 1),
}
_TRUTH = Type(Kind.BOOL)


@dataclass(frozen=True, slots=True)
class Cut:
    """That a term compares so with a number (a day as its ordinal)."""

    term: Typed
    op: Op
    number: Fraction


@dataclass(frozen=True, slots=True)
class Order:
    """How two terms compare, told as -1, 0 or 1 of the first against the second."""

    left: Typed
    right: Typed


Goal = tuple[Typed, bool] | Cut
Way = tuple[Goal, ...]
Supposed = dict[object, Domain]
"""What each term may still be."""


def possible(goals: Iterable[Goal], world: World) -> bool:
    """Whether all of these can be so at once; False only where that is proven impossible."""
    return next(iter(boxes(goals, world)), None) is not None


def boxes(goals: Iterable[Goal], world: World) -> Iterator[Supposed]:
    """The ways in which all of these may be so, each with what it supposes of every term.

    After `MOST_TRIES` an empty one is given, which supposes nothing, and it ends.
    """
    tries = [MOST_TRIES]
    yield from _search(list(goals), {}, [], world, tries)
    if tries[0] < 0:
        yield {}


def _search(
    goals: list[Goal], box: Supposed, choices: list[list[Way]], world: World, tries: list[int]
) -> Iterator[Supposed]:
    box, choices = dict(box), list(choices)
    while goals:
        goal = goals.pop()
        ways = ways_of(goal, world)
        if ways is None:
            if not _narrow(goal, box, world):
                return
        elif len(ways) == 1:
            goals.extend(ways[0])
        else:
            choices.append(ways)
    tries[0] -= 1
    if tries[0] < 0 or not _agrees(box, world):
        return
    if not choices:
        yield box
        return
    choices.sort(key=len)
    for way in choices[0]:
        yield from _search(list(way), box, choices[1:], world, tries)


def ways_of(goal: Goal, world: World) -> list[Way] | None:
    """The ways to reach a goal, each with further goals; None where it cuts down one term."""
    if isinstance(goal, Cut):
        return _ways_of_cut(goal, world)
    typed, wanted = goal
    if world.is_constant(typed):
        return [()] if world.constant(typed) is wanted else []
    if typed.op is Op.NOT:
        return [((typed.children[0], not wanted),)]
    if typed.op in (Op.AND, Op.OR):
        each: list[Goal] = [(child, wanted) for child in typed.children]
        return [tuple(each)] if (typed.op is Op.AND) is wanted else [(one,) for one in each]
    if typed.op is Op.IF:
        condition, then, otherwise = typed.children
        return [((condition, True), (then, wanted)), ((condition, False), (otherwise, wanted))]
    if typed.op is Op.COALESCE:
        return [((child, wanted),) for child in typed.children]
    choice = _choice(typed)
    if choice is not None:
        condition, then, otherwise = choice.children
        return [
            ((condition, True), (put(typed, choice, then), wanted)),
            ((condition, False), (put(typed, choice, otherwise), wanted)),
        ]
    if typed.op in COMPARISONS:
        return _ways_of_comparison(typed, world, wanted=wanted)
    return None


def _ways_of_comparison(typed: Typed, world: World, *, wanted: bool) -> list[Way] | None:
    op = typed.op if wanted else _CONTRARY[typed.op]
    left, right = typed.children
    if left.type.kind is Kind.BOOL:
        same = op is Op.EQUAL
        return [((left, truth), (right, truth is same)) for truth in (True, False)]
    if left.type.kind is Kind.TEXT:
        return None
    if world.is_constant(left):
        left, right, op = right, left, _TURNED[op]
    if not world.is_constant(right):
        return None
    limit = number(world.constant(right))
    return [] if limit is None else [(Cut(left, op, limit),)]


def _ways_of_cut(cut: Cut, world: World) -> list[Way] | None:
    """A sum with a constant is taken away from the number, exactly; of the least of several each
    is asked, or any."""
    term, op, limit = cut.term, cut.op, cut.number
    if world.is_constant(term):
        found = number(world.constant(term))
        return [()] if found is not None and compared(op, limit).holds(found) else []
    if term.op is Op.NEGATE:
        return [(Cut(term.children[0], _TURNED[op], -limit),)]
    if term.op in (Op.LEAST, Op.GREATEST) and op not in (Op.EQUAL, Op.UNEQUAL):
        each = [Cut(child, op, limit) for child in term.children]
        is_all = (term.op is Op.LEAST) is (op in (Op.MORE, Op.AT_LEAST))
        return [tuple(each)] if is_all else [(one,) for one in each]
    if term.type.kind is not Kind.EXACT or term.op not in _PEELED:
        return None
    left, right = term.children
    constants = [
        number(world.constant(side)) if world.is_constant(side) else None
        for side in (left, right)
    ]  # fmt: skip
    if term.op is Op.ADD and constants[1] is not None:
        return [(Cut(left, op, limit - constants[1]),)]
    if term.op is Op.ADD and constants[0] is not None:
        return [(Cut(right, op, limit - constants[0]),)]
    if term.op is Op.SUBTRACT and constants[1] is not None:
        return [(Cut(left, op, limit + constants[1]),)]
    if term.op is Op.SUBTRACT and constants[0] is not None:
        return [(Cut(right, _TURNED[op], constants[0] - limit),)]
    if term.op in (Op.MULTIPLY, Op.SCALE):
        rest, factor = (left, constants[1]) if constants[1] is not None else (right, constants[0])
        if factor:
            return [(Cut(rest, op if factor > 0 else _TURNED[op], limit / factor),)]
    return None


_PEELED = (Op.ADD, Op.SUBTRACT, Op.MULTIPLY, Op.SCALE)


def _narrow(goal: Goal, box: Supposed, world: World) -> bool:
    """Cut down what one term may be; False where nothing is left."""
    term, domain = _cut_down(goal)
    before = box.get(term)
    if before is None:
        if isinstance(term, Order):
            before = Chosen(frozenset((-1, 0, 1)) if term.left != term.right else frozenset((0,)))
        else:
            assert isinstance(term, Typed)
            before = world.domain(term)
    after = _met(before, domain)
    box[term] = after
    return not after.is_empty


def _cut_down(goal: Goal) -> tuple[object, Domain]:
    """The term that a goal speaks of, and the values that reach it."""
    if isinstance(goal, Cut):
        return goal.term, compared(goal.op, goal.number)
    typed, wanted = goal
    child = typed.children[0] if typed.children else typed
    if typed.op is Op.LIKE:
        return child, Texts(frozenset((Asked(wanted, like=str(typed.value)),)))
    if typed.op is Op.IN:
        options = [option.value for option in typed.children[1:]]
        if child.type.kind is Kind.TEXT:
            return child, _words(map(str, options), wanted=wanted)
        if child.type.kind is Kind.BOOL:
            return child, Chosen(frozenset(t for t in (True, False) if (t in options) is wanted))
        inside = one_of(n for n in map(number, options) if n is not None)
        return child, inside if wanted else inside.outside
    if typed.op in COMPARISONS:
        op = typed.op if wanted else _CONTRARY[typed.op]
        left, right = typed.children
        for side, other in ((left, right), (right, left)):
            if side.op is Op.LITERAL and side.type.kind is Kind.TEXT:
                return other, _words([str(side.value)], wanted=op is Op.EQUAL)
        turned = (left.weight, repr(left)) > (right.weight, repr(right))
        pair = Order(right, left) if turned else Order(left, right)
        return pair, Chosen(frozenset(_ORDERS[_TURNED[op] if turned else op]))
    return typed, Chosen(frozenset((wanted,)))


def _words(words: Iterable[str], *, wanted: bool) -> Texts:
    return Texts(frozenset((Asked(wanted, frozenset(words)),)))


def _met(one: Domain, other: Domain) -> Domain:
    if isinstance(one, Numbers) and isinstance(other, Numbers):
        return one.meet(other)
    if isinstance(one, Texts) and isinstance(other, Texts):
        return one.meet(other)
    assert isinstance(one, Chosen)
    assert isinstance(other, Chosen)
    return one.meet(other)


def _agrees(box: Supposed, world: World) -> bool:
    """Whether what is supposed of several terms goes together, as far as it is looked at."""
    for term in list(box):
        if isinstance(term, Order):
            if not _meets(box, term, _orders(world, term, box)):
                return False
        elif isinstance(term, Typed) and term.children and isinstance(box[term], Numbers):
            others = {key: domain for key, domain in box.items() if key is not term}
            if not _meets(box, term, _hull(world, term, others)):
                return False
    look_ups = [t for t in box if isinstance(t, Typed) and t.op in REGISTER_OPS]
    return len(look_ups) < 2 or all(
        _meets(box, term, domain)
        for register in {look_up.value for look_up in look_ups}
        for term, domain in _register(box, register)
    )


def _meets(box: Supposed, term: object, domain: Domain) -> bool:
    if term in box:
        box[term] = _met(box[term], domain)
        return not box[term].is_empty
    return True


def _hull(world: World, term: Typed, box: Supposed) -> Numbers:
    return Numbers((Stretch(*world.ends(term, box)),))


def _orders(world: World, pair: Order, box: Supposed) -> Chosen:
    (a, b), (c, d) = world.ends(pair.left, box), world.ends(pair.right, box)
    found = {-1, 0, 1}
    if a is not None and d is not None:
        found -= {-1} if a >= d else set()
        found -= {0} if a > d else set()
    if b is not None and c is not None:
        found -= {1} if b <= c else set()
        found -= {0} if b < c else set()
    return Chosen(frozenset(found))


def _register(box: Supposed, register: object) -> Iterator[tuple[Typed, Domain]]:
    """Who is in a register was recognised in it, has an entry there, and a day it is from."""
    held, ever, first, entries = (
        next((t for t in box if isinstance(t, Typed) and t.op is op and t.value == register), None)
        for op in REGISTER_OPS
    )
    yes, no = Chosen(frozenset((True,))), Chosen(frozenset((False,)))
    some, none = compared(Op.AT_LEAST, Fraction(1)), compared(Op.EQUAL, Fraction(0))
    is_held = held is not None and box[held] == yes
    if entries is not None and held is not None:
        if box[held] in (yes, no):
            yield entries, some if is_held else none
        counted = box[entries]
        if isinstance(counted, Numbers):
            if counted.meet(none).is_empty:
                yield held, yes
            if counted.meet(some).is_empty:
                yield held, no
    has_some = entries is not None and _met(box[entries], none).is_empty
    if ever is not None and (first is not None or is_held or has_some):
        yield ever, yes


def _choice(typed: Typed) -> Typed | None:
    """The outermost `case` that decides what a comparison compares; where its condition is unknown
    the comparison is, which is not so inside a coalesce."""
    for child in typed.children:
        if child.op is Op.IF:
            return child
        if child.op is not Op.COALESCE:
            found = _choice(child)
            if found is not None:
                return found
    return None


def put(typed: Typed, old: Typed, new: Typed) -> Typed:
    """The same with `new` where `old`, or its equal, stands."""
    if typed is old or typed == old:
        return new
    children = tuple(put(child, old, new) for child in typed.children)
    same = all(a is b for a, b in zip(children, typed.children, strict=True))
    return typed if same else replace(typed, children=children)


def columns_of(goals: Iterable[Typed]) -> frozenset[Typed]:
    """The facts and look-ups that some expressions read."""
    given = (Op.FACT, Op.PAST, *REGISTER_OPS)
    return frozenset(part for part in chain.from_iterable(map(walk, goals)) if part.op in given)


def none_of(parts: Sequence[Typed]) -> list[Goal]:
    return [(part, False) for part in parts]


def all_of(parts: Sequence[Typed]) -> list[Goal]:
    return [(part, True) for part in parts]
