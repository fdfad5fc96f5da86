"""What a number, a day, a text or a truth can still be: sets cut down by comparisons, exactly."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from cityforge.brain.engines.reference import pattern
from cityforge.brain.expr.typed import Op

MOST_STATES = 2_000  # of the machine that looks for a text; beyond it a text is taken to exist

_OTHER = "\0"  # stands for every character that no pattern names
_UNNAMED = "甲乙丙丁戊己庚辛壬癸abcdefghij"


@dataclass(frozen=True, slots=True)
class Stretch:
    """The numbers from low to high; None: without end. `open_…`: the end is not among them."""

    low: Fraction | None = None
    high: Fraction | None = None
    open_low: bool = False
    open_high: bool = False

    @property
    def is_empty(self) -> bool:
        if self.low is None or self.high is None:
            return False
        is_open = self.open_low or self.open_high
        return self.low > self.high or (self.low == self.high and is_open)

    def meet(self, other: "Stretch") -> "Stretch":
        low, high = self, self
        if self.low is None or (other.low is not None and other.low > self.low):
            low = other
        if self.high is None or (other.high is not None and other.high < self.high):
            high = other
        return Stretch(
            low.low,
            high.high,
            low.open_low or (self.low == other.low and other.open_low),
            high.open_high or (self.high == other.high and other.open_high),
        )

    def on(self, step: Fraction) -> "Stretch":
        """The whole multiples of the step among them, with ends that belong to them."""
        low = None if self.low is None else Fraction(math.ceil(self.low / step)) * step
        high = None if self.high is None else Fraction(math.floor(self.high / step)) * step
        if low is not None and low == self.low and self.open_low:
            low += step
        if high is not None and high == self.high and self.open_high:
            high -= step
        return Stretch(low, high)


ALL = Stretch()


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers (or days, as ordinals) in some stretches, in rising order.

    step   all are whole multiples of it; None: any number
    """

    stretches: tuple[Stretch, ...] = (ALL,)
    step: Fraction | None = None

    @property
    def is_empty(self) -> bool:
        return not self.stretches

    @property
    def is_all(self) -> bool:
        return self.stretches == (ALL,)

    @property
    def low(self) -> Fraction | None:
        return self.stretches[0].low

    @property
    def high(self) -> Fraction | None:
        return self.stretches[-1].high

    def meet(self, other: "Numbers") -> "Numbers":
        step = self.step or other.step
        both = (a.meet(b) for a in self.stretches for b in other.stretches)
        if step is not None:
            both = (stretch.on(step) for stretch in both)
        return Numbers(tuple(stretch for stretch in both if not stretch.is_empty), step)

    def holds(self, number: Fraction) -> bool:
        return not self.meet(compared(Op.EQUAL, number)).is_empty

    @property
    def outside(self) -> "Numbers":
        """All numbers that are not among these."""
        found = Numbers((ALL,), self.step)
        for stretch in self.stretches:
            parts = []
            if stretch.low is not None:
                parts.append(Stretch(None, stretch.low, open_high=not stretch.open_low))
            if stretch.high is not None:
                parts.append(Stretch(stretch.high, None, open_low=not stretch.open_high))
            found = found.meet(Numbers(tuple(parts), self.step))
        return found

    def within(self, other: "Numbers") -> bool:
        """Whether none of these lies outside the other."""
        return self.meet(other.outside).is_empty

    def samples(self) -> list[Fraction]:
        """Some of them: the ends, beside them, between them."""
        found: list[Fraction] = []
        step = self.step or Fraction(1)
        for one in self.stretches:
            if one.low is not None and one.high is not None:
                middle = (one.low + one.high) / 2
                found += [one.low, one.high, middle if self.step is None else _floor(middle, step)]
            elif one.low is not None:
                found += [one.low, one.low + step, one.low + abs(one.low) + 10 * step]
            elif one.high is not None:
                found += [one.high, one.high - step, one.high - abs(one.high) - 10 * step]
            else:
                found += [Fraction(0), Fraction(1) if self.step is None else step]
        return [number for number in dict.fromkeys(found) if self.holds(number)]


def _floor(number: Fraction, step: Fraction) -> Fraction:
    return Fraction(math.floor(number / step)) * step


def compared(op: Op, number: Fraction) -> Numbers:
    """The numbers that compare so with one."""
    if op is Op.EQUAL:
        return Numbers((Stretch(number, number),))
    below, above = Stretch(None, number, open_high=True), Stretch(number, None, open_low=True)
    if op is Op.UNEQUAL:
        return Numbers((below, above))
    if op in (Op.LESS, Op.AT_MOST):
        return Numbers((below if op is Op.LESS else Stretch(None, number),))
    return Numbers((above if op is Op.MORE else Stretch(number, None),))


def one_of(numbers: Iterable[Fraction]) -> Numbers:
    return Numbers(tuple(Stretch(number, number) for number in sorted(set(numbers))))


@dataclass(frozen=True, slots=True)
class Chosen:
    """A truth, an order (-1 less, 0 equal, 1 more) or another thing of which there are few."""

    among: frozenset[object]

    @property
    def is_empty(self) -> bool:
        return not self.among

    def meet(self, other: "Chosen") -> "Chosen":
        return Chosen(self.among & other.among)


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing asked of a text: that it is one of `words`, or like a pattern; or that it is not.

    Exactly one of `words` and `like` counts.
    """

    wanted: bool
    words: frozenset[str] = frozenset()
    like: str | None = None

    def holds(self, text: str) -> bool:
        found = (
            text in self.words if self.like is None else bool(pattern(self.like).fullmatch(text))
        )
        return found is self.wanted


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of which all that is asked holds; `among`: all the texts there are, if stated."""

    asked: frozenset[Asked] = frozenset()
    among: frozenset[str] | None = None

    @property
    def is_empty(self) -> bool:
        return self.witness() is None

    def meet(self, other: "Texts") -> "Texts":
        among = self.among if other.among is None else other.among
        if self.among is not None and other.among is not None:
            among = self.among & other.among
        return Texts(self.asked | other.asked, among)

    def holds(self, text: str) -> bool:
        listed = self.among is None or text in self.among
        return listed and all(one.holds(text) for one in self.asked)

    def witness(self) -> str | None:
        """A text that is among them; None where there is none.

        Exact: where no list of texts is at hand, the patterns run side by side as machines over
        the characters they name and one that stands for all others. Where they have too many
        states some text is given that may not be among them.
        """
        listed = self.among
        for one in self.asked:
            if one.wanted and one.like is None:
                listed = one.words if listed is None else listed & one.words
        if listed is not None:
            return next((text for text in sorted(listed) if self.holds(text)), None)
        return _search(sorted(self.asked, key=repr))


_Tokens = Sequence[str | None]  # a character; None: any one; "%": any number of any
_ANY = "%%"


def _tokens(like: str) -> _Tokens:
    return [_ANY if sign == "%" else None if sign == "_" else sign for sign in like]


def _search(asked: Sequence[Asked]) -> str | None:
    machines: list[tuple[_Tokens, int]] = []
    for number, one in enumerate(asked):
        if one.like is not None:
            machines.append((_tokens(one.like), number))
        else:
            machines += [(list(word), number) for word in sorted(one.words)]
    named = {sign for tokens, _ in machines for sign in tokens if sign and sign != _ANY}
    start = tuple(_resting(tokens, {0}) for tokens, _ in machines)
    seen, waiting = {start}, [(start, "")]
    for state, text in waiting:
        matched = {
            number
            for (tokens, number), places in zip(machines, state, strict=True)
            if len(tokens) in places
        }
        if all((number in matched) is one.wanted for number, one in enumerate(asked)):
            other = next(sign for sign in _UNNAMED if sign not in named)
            return text.replace(_OTHER, other)
        for sign in (_OTHER, *sorted(named)):
            after = tuple(
                _after(tokens, places, sign)
                for (tokens, _), places in zip(machines, state, strict=True)
            )
            if after not in seen:
                seen.add(after)
                waiting.append((after, text + sign))
        if len(seen) > MOST_STATES:
            return text
    return None


def _after(tokens: _Tokens, places: frozenset[int], sign: str) -> frozenset[int]:
    moved = set()
    for place in places:
        token = tokens[place] if place < len(tokens) else ""
        if token == _ANY:
            moved.add(place)
        elif token is None or token == sign:
            moved.add(place + 1)
    return _resting(tokens, moved)


def _resting(tokens: _Tokens, places: set[int]) -> frozenset[int]:
    """The places with those that an empty run of any characters leads on to."""
    found = set(places)
    for place in sorted(places):
        at = place
        while at < len(tokens) and tokens[at] == _ANY:
            at += 1
            found.add(at)
    return frozenset(found)


Domain = Numbers | Texts | Chosen
