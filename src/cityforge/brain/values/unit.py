"""Units of measure: 万元, 亩, tce, 万kWh, 人, %, 个百分点 and their compounds (万元/亩), exactly.

A unit is a factor (an exact fraction) over base dimensions. Two units are *like* when their
dimensions agree; only like units convert. The known units stand in `tables/units.tsv`.
"""

import functools
import importlib.resources
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from cityforge.brain.errors import Text, ValueRefused
from cityforge.brain.values.spelling import half_width
from cityforge.brain.values.spelling import nearest as nearest

Dimension = tuple[tuple[str, int], ...]
"""Bases with their exponents, sorted by base, no zero exponents; () is dimensionless."""

_MAGNITUDES: dict[str, tuple[int, str]] = {
    "": (1, ""),
    "千": (10**3, "thousand"),
    "万": (10**4, "ten thousand"),
    "十万": (10**5, "hundred thousand"),
    "百万": (10**6, "million"),
    "千万": (10**7, "ten million"),
    "亿": (10**8, "hundred million"),
    "万亿": (10**12, "trillion"),
}
# Below the line: yuan/person. Things need a word there only: yuan/item.
_BELOW = {
    "": "item",
    "people": "person",
    "years": "year",
    "months": "month",
    "days": "day",
    "points": "point",
}
_LONGEST = 60  # characters of a unit; what is longer is no unit and not worth comparing


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: the symbol as written, its dimension, and how many base units make one of it."""

    symbol: str
    dimension: Dimension
    factor: Fraction

    @classmethod
    def parse(cls, text: str) -> "Unit":
        """The unit that `text` names; see `unit`."""
        return unit(text)

    def is_like(self, other: "Unit") -> bool:
        """Whether the two measure the same thing, so that one converts into the other."""
        return self.dimension == other.dimension

    def __mul__(self, other: "Unit") -> "Unit":
        return _combined(self, other, sign=1)

    def __truediv__(self, other: "Unit") -> "Unit":
        return _combined(self, other, sign=-1)

    def __str__(self) -> str:
        return self.symbol


PLAIN = Unit("", (), Fraction(1))
"""The unit of a plain number."""


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """One unit of the table: its other spellings, its names for a reader, and how English writes
    it after a number ("" for what is counted without a word)."""

    unit: Unit
    aliases: tuple[str, ...]
    zh: str
    en: str
    written: str


@functools.cache
def units() -> tuple[KnownUnit, ...]:
    """Every known simple unit in table order, with each magnitude it may carry."""
    table = importlib.resources.files(__package__) / "tables" / "units.tsv"
    lines = (
        line
        for line in table.read_text(encoding="utf-8").splitlines()
        if not line.startswith("#") and line
    )
    next(lines)  # the heading
    return tuple(known for line in lines for known in _read_row(line))


def unit(text: str) -> Unit:
    """The unit that `text` names: "万元", "%", "" (plain), or a compound as "万元/亩", "元·年".

    `*` and `·` multiply, `/` divides by the one unit after it, read from the left; a compound may
    begin with "1/". Raises ValueRefused at the part that is not known, naming the nearest units.
    """
    if not text.strip():
        return PLAIN
    if len(text) > _LONGEST:
        raise _refused(text[:_LONGEST] + "…", 0)
    result, sign, position = PLAIN, 1, 0
    for part in _parts(half_width(text)):
        if part in ("/", "*", "·"):
            sign = -1 if part == "/" else 1
        elif not (part.strip() == "1" and position == 0):
            atom = _simple(part, position)
            result = result * atom if sign > 0 else result / atom
        position += len(part)
    return Unit(text.strip(), result.dimension, result.factor)


@functools.cache
def written(symbol: str) -> Text:
    """A unit as it stands after a number: 万元/亩, ten thousand yuan/mu; one not known stays."""
    if not symbol:
        return Text(zh="", en="")
    known = _written()
    above, *below = (known.get(part.lower(), part) for part in _parts(symbol))
    return Text(zh=symbol, en=above + "".join(_BELOW.get(part, part) for part in below))


def match_prefix(text: str, start: int) -> str | None:
    """The longest unit that `text` holds at `start`, as written there, or None.

    Compounds join by "/" or "·" without spaces. A unit that runs on into another letter, digit or
    Chinese character is no unit ("3家企业"): it is then part of some other word.
    """
    folded = half_width(text)
    position, end = start, None
    while (simple := _simple_end(folded, position)) is not None:
        end, position = simple, simple + 1
        if folded[end : end + 1] not in ("/", "·"):
            break
    return None if end is None else text[start:end]


def _simple_end(text: str, start: int) -> int | None:
    """Where the longest simple unit at `start` ends, if no longer word holds it."""
    known = _by_spelling()
    for length in _longest_first():
        end = start + length
        if text[start:end].lower() in known and not _continues_a_word(text[end : end + 1]):
            return end
    return None


def _continues_a_word(character: str) -> bool:
    return character == "_" or character.isalnum()


def _read_row(line: str) -> Iterator[KnownUnit]:
    spellings, base, factor, magnitudes, english, written = line.split("\t")
    dimension: Dimension = () if base == "-" else ((base, 1),)
    for magnitude in ["", *magnitudes.split()]:
        times, word = _MAGNITUDES[magnitude]
        symbol, *aliases = [magnitude + spelling for spelling in spellings.split("|")]
        yield KnownUnit(
            unit=Unit(symbol, dimension, Fraction(factor) * times),
            aliases=tuple(aliases),
            zh=next((s for s in [symbol, *aliases] if not s.isascii() or not s.isalnum()), symbol),
            en=f"{word} {english}" if word else english,
            written=f"{word} {written}".strip().removesuffix("-").strip(),
        )


@functools.cache
def _by_spelling() -> dict[str, Unit]:
    """Every spelling, in lower case, with its unit."""
    found: dict[str, Unit] = {}
    for known in units():
        for spelling in (known.unit.symbol, *known.aliases):
            found[spelling.lower()] = known.unit
    return found


@functools.cache
def _written() -> dict[str, str]:
    """Every spelling, in lower case, as English writes it."""
    return {
        spelling.lower(): known.written
        for known in units()
        for spelling in (known.unit.symbol, *known.aliases)
    }


@functools.cache
def _longest_first() -> tuple[int, ...]:
    return tuple(sorted({len(spelling) for spelling in _by_spelling()}, reverse=True))


def _parts(text: str) -> Iterator[str]:
    """The units and the operators between them, in order; their lengths add up to the text's."""
    part = ""
    for character in text:
        if character in "/*·":
            yield part
            yield character
            part = ""
        else:
            part += character
    yield part


def _simple(part: str, position: int) -> Unit:
    name = part.strip()
    found = _by_spelling().get(name.lower())
    if found is not None:
        return Unit(name, found.dimension, found.factor)
    raise _refused(name, position)


def _refused(name: str, position: int) -> ValueRefused:
    near = "、".join(nearest(name, _by_spelling(), 3)) or "元、万元、亩、tce、万kWh、人、%"
    return ValueRefused(
        Text(zh=f"不认识的计量单位“{name}”", en=f"unknown unit “{name}”"),
        Text(zh=f"可用的单位如：{near}", en=f"known units include {near}"),
        position,
    )


def _combined(left: Unit, right: Unit, *, sign: int) -> Unit:
    exponents = Counter(dict(left.dimension))
    for base, exponent in right.dimension:
        exponents[base] += sign * exponent
    dimension = tuple(sorted((base, n) for base, n in exponents.items() if n))
    factor = left.factor * right.factor if sign > 0 else left.factor / right.factor
    if not dimension and factor == 1:
        return PLAIN
    return Unit(_combined_symbol(left.symbol, right.symbol, sign=sign), dimension, factor)


def _combined_symbol(left: str, right: str, *, sign: int) -> str:
    """Both symbols as one, "·" before "/", with what stands above and below the line cancelled."""
    powers: Counter[str] = Counter()
    for symbol, outer in ((left, 1), (right, sign)):
        inner = 1
        for part in map(str.strip, _parts(symbol)):
            if part in ("/", "*", "·"):
                inner = -1 if part == "/" else 1
            elif part not in ("", "1"):
                powers[part] += outer * inner
    above = "·".join(part for part, n in powers.items() for _ in range(n))
    below = "".join(f"/{part}" for part, n in powers.items() for _ in range(-n))
    return (above or "1") + below if above or below else ""
