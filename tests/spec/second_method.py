"""The answers of `by_second_method.txt`, worked out without the engine: nothing of it is imported.

Truth tables stand here letter by letter; numbers are fractions, days are counted one anniversary
after the other, patterns are matched character by character. Run it to write the file anew.
"""

import math
import random
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from itertools import product
from pathlib import Path

AS_OF = date(2025, 9, 30)
HEAD = """\
# by: second method
# Written by tests/spec/second_method.py, which shares no code with the engine. The form, the facts
# and how answers are compared: README.en.md, README.zh.md.
"""
Row = tuple[str, str, str]
Truth = bool | None

# Kleene's tables: T true, F false, U unknown; rows are the left side, columns the right.
_ORDER = "TFU"
_AND = {"T": "TFU", "F": "FFF", "U": "UFU"}
_OR = {"T": "TTT", "F": "TFU", "U": "TUU"}
_SAME = {"T": "TFU", "F": "FTU", "U": "UUU"}
_NOT = {"T": "F", "F": "T", "U": "U"}
_LETTER: dict[Truth, str] = {True: "T", False: "F", None: "U"}
_ANSWER = {"T": "true", "F": "false", "U": "missing"}
# The three things that may be true, false or unknown, and how they are given.
_TRUTHS = (
    ("listed", "listed"),
    ("holds('high_tech')", "high_tech"),
    ("recognised('high_tech')", "ever:high_tech"),
)


def both(a: str, b: str) -> str:
    return _AND[a][_ORDER.index(b)]


def either(a: str, b: str) -> str:
    return _OR[a][_ORDER.index(b)]


def same(a: str, b: str) -> str:
    return _SAME[a][_ORDER.index(b)]


def choice(condition: str, then: str, otherwise: str) -> str:
    return {"T": then, "F": otherwise, "U": "U"}[condition]


def given(pairs: Iterable[tuple[str, object]]) -> str:
    return " ".join(f"{name}={_written(value)}" for name, value in pairs if value is not None)


def _written(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def truth(value: Truth) -> str:
    return _ANSWER[_LETTER[value]]


def exact(value: Fraction | Decimal) -> str:
    """A number that ends as a decimal, with no more decimals than it needs."""
    number = Fraction(value)
    places = 0
    while (number * 10**places).denominator != 1:
        places += 1
    whole = int(number * 10**places)
    sign, digits = "-" if whole < 0 else "", str(abs(whole)).rjust(places + 1, "0")
    cut = len(digits) - places
    return f"exact {sign}{digits[:cut]}{'.' + digits[cut:] if places else ''}"


def double(value: float) -> str:
    return f"double {value!r}"


def logic(dice: random.Random) -> Iterator[Row]:
    names = [name for name, _ in _TRUTHS]
    two: list[tuple[str, Callable[[str, str], str]]] = [
        ("{0} and {1}", both),
        ("{0} or {1}", either),
        ("not ({0} and {1})", lambda a, b: _NOT[both(a, b)]),
        ("not {0} or {1}", lambda a, b: either(_NOT[a], b)),
        ("{0} = {1}", same),
        ("{0} != {1}", lambda a, b: _NOT[same(a, b)]),
        ("case when {0} then {1} else not {1} end", lambda a, b: choice(a, b, _NOT[b])),
        ("coalesce({0}, {1})", lambda a, b: b if a == "U" else a),
    ]
    three: list[tuple[str, Callable[[str, str, str], str]]] = [
        ("{0} and {1} and {2}", lambda a, b, c: both(both(a, b), c)),
        ("{0} or {1} and {2}", lambda a, b, c: either(a, both(b, c))),
        ("({0} or {1}) and {2}", lambda a, b, c: both(either(a, b), c)),
        ("{0} and not {1} or {2}", lambda a, b, c: either(both(a, _NOT[b]), c)),
        ("case when {0} then {1} else {2} end", choice),
    ]
    for text, meaning in two:
        for a, b in product(_ORDER, repeat=2):
            yield text.format(*names), _truths_given(a, b), _ANSWER[meaning(a, b)]
    for text3, meaning3 in three:
        for a, b, c in product(_ORDER, repeat=3):
            yield text3.format(*names), _truths_given(a, b, c), _ANSWER[meaning3(a, b, c)]


def _truths_given(*letters: str) -> str:
    known = {"T": True, "F": False, "U": None}
    return given((name, known[at]) for (_, name), at in zip(_TRUTHS, letters, strict=False))


def money(dice: random.Random, most: int = 10**6) -> Decimal:
    return Decimal(dice.randrange(-most // 10, most)).scaleb(-2)


def decimals(dice: random.Random) -> Iterator[Row]:
    """万元 and 元 meet in 元; a product has all the digits of both."""
    for _ in range(25):
        a, b, c = (money(dice) for _ in range(3))
        x, y, z = Fraction(a), Fraction(b), Fraction(c)
        facts = given([("revenue", a), ("tax", b), ("fee", c)])
        yield "revenue + tax", facts, exact(x + y)
        yield "revenue - tax - tax", facts, exact(x - 2 * y)
        yield "revenue - fee", facts, exact(10_000 * x - z)
        yield "-(tax - revenue) * 1.25", facts, exact((x - y) * Fraction(5, 4))
        yield "abs(fee - 100元)", facts, exact(abs(z - 100))


def thresholds(dice: random.Random) -> Iterator[Row]:
    """At a threshold, a hair above, a hair below."""
    signs: dict[str, Callable[[Fraction, Fraction], bool]] = {
        "=": lambda a, b: a == b, "!=": lambda a, b: a != b, "<": lambda a, b: a < b,
        "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
    }  # fmt: skip
    for sign, holds in signs.items():
        for _ in range(2):
            limit = money(dice)
            for hair in ("-0.01", "0", "0.01"):
                value = limit + Decimal(hair)
                yield (
                    f"revenue {sign} {limit:f}万元"
                    if limit >= 0
                    else f"revenue {sign} -{-limit:f}万元",
                    given([("revenue", value)]),
                    truth(holds(Fraction(value), Fraction(limit))),
                )
    for _ in range(20):
        low, high = sorted((money(dice), money(dice)))
        value = money(dice)
        text = f"fee between {low:f}元 and {high:f}元"
        yield text, given([("fee", value)]), truth(low <= value <= high)


# How many of the first unit of its row one of each unit is.
_UNITS = (
    {"元": 1, "千元": 1000, "万元": 10**4, "亿元": 10**8},
    {"㎡": 3, "亩": 2000, "公顷": 30_000},  # in thirds of a ㎡: 15亩 = 1公顷 = 10000㎡
    {"kgce": 1, "tce": 1000, "万吨标准煤": 10**7},
    {"‰": 1, "%": 10, "": 1000},
    {"人": 1, "万人": 10**4},
    {"月": 1, "年": 12},
)


def units(dice: random.Random) -> Iterator[Row]:
    for _ in range(22):
        for row in _UNITS:
            small, large = sorted(dice.sample(sorted(row), 2), key=lambda unit: row[unit])
            number = dice.randrange(1, 400)
            there = Fraction(number * row[large], row[small])
            nearby = there + dice.choice([0, 0, 1, -1])
            if nearby.denominator != 1 or nearby < 0:
                continue
            sign = dice.choice(["=", "<", ">="])
            a, b = number * row[large], int(nearby) * row[small]
            known = {"=": a == b, "<": a < b, ">=": a >= b}[sign]
            yield f"{number}{large} {sign} {int(nearby)}{small}", "", truth(known)


def completed_years(day: date) -> int:
    """Anniversaries up to the as-of date, counted; 29 February comes round on 1 March."""
    count = 0
    if day > AS_OF:
        while _anniversary(day, count) > AS_OF:
            count -= 1
        return count
    while _anniversary(day, count + 1) <= AS_OF:
        count += 1
    return count


def _anniversary(day: date, years: int) -> date:
    try:
        return date(day.year + years, day.month, day.day)
    except ValueError:
        return date(day.year + years, 3, 1)


def days(dice: random.Random) -> Iterator[Row]:
    edges = [AS_OF + timedelta(days=n - 365 * y) for n in (-2, 0, 1, 2) for y in (1, 4)]
    leap = [date(2020, 2, 29), date(2016, 2, 29), date(2000, 2, 29)]
    some = [date(1985, 1, 1) + timedelta(days=dice.randrange(14_900)) for _ in range(25)]
    for day in [*edges, *leap, *some]:
        facts, years = given([("founded", day)]), completed_years(day)
        yield "years_since(founded)", facts, exact(Fraction(years))
        ask = dice.randint(1, 12)
        yield f"years_since(founded) >= {ask}年", facts, truth(years >= ask)
        # Not after the as-of date, and its n-th anniversary still to come.
        is_recent = day <= AS_OF < _anniversary(day, ask)
        yield f"founded within {ask}年", facts, truth(is_recent)
        year = dice.choice([day.year, day.year + 1])
        yield f"founded within {year}", facts, truth(day.year == year)
        other = dice.choice(some)
        yield f"founded < date '{other}'", facts, truth(day.toordinal() < other.toordinal())
    for text in ("founded within 2025", "founded within 3年", "years_since(founded) > 1年"):
        yield text, "", "missing"


def lists(dice: random.Random) -> Iterator[Row]:
    codes = ["C26", "C27", "C35", "C36", "I65", "M73"]
    for _ in range(15):
        among, code = dice.sample(codes, 3), dice.choice(codes)
        listed = ", ".join(f"'{one}'" for one in among)
        yield f"industry in ({listed})", given([("industry", code)]), truth(code in among)
        yield f"industry not in ({listed})", given([("industry", code)]), truth(code not in among)
    for _ in range(15):
        amounts = [(dice.randrange(1, 30), dice.choice(["元", "千元", "万元"])) for _ in range(3)]
        listed = ", ".join(f"{number}{unit}" for number, unit in amounts)
        number, unit = dice.choice(amounts)
        value = Decimal(number * _UNITS[0][unit] + dice.choice([0, 0, 1]))
        known = any(value == n * _UNITS[0][u] for n, u in amounts)
        yield f"fee in ({listed})", given([("fee", value)]), truth(known)


def matches(text: str, pattern: str) -> bool:
    """% any characters, _ one: how far each beginning of the pattern can reach."""
    reached = {0}
    for sign in pattern:
        if sign == "%":
            reached = set(range(min(reached), len(text) + 1)) if reached else set()
        else:
            reached = {n + 1 for n in reached if n < len(text) and sign in ("_", text[n])}
    return len(text) in reached


def patterns(dice: random.Random) -> Iterator[Row]:
    words = ["C26", "C2631", "C27", "医药制造业", "医药", "a.b", "a(b", "C", "泰兴市"]
    shapes = ["C26%", "C__", "%31", "%6%", "医_制%", "医药%", "_", "a.b", "a_b", "%(%", "C%1", "%%"]
    for word, shape in dice.sample(list(product(words, shapes)), 50):
        negation, known = dice.choice([("", True), ("not ", False)])
        text = f"industry {negation}like '{shape}'"
        yield text, given([("industry", word)]), truth(matches(word, shape) is known)


def cases(dice: random.Random) -> Iterator[Row]:
    """Tiers by size; an unknown condition leaves the whole unknown, a known one before it not."""
    text = "case when revenue >= 500万元 then 30 when staff >= 50人 then 20 else 10 end"
    for revenue, staff in product([None, Decimal(499), Decimal(500)], [None, 49, 50]):
        if revenue is not None and revenue >= 500:
            answer = "exact 30"
        elif revenue is None or staff is None:
            answer = "missing"
        else:
            answer = "exact 20" if staff >= 50 else "exact 10"
        yield text, given([("revenue", revenue), ("staff", staff)]), answer
    for _ in range(25):
        first, second, third = (dice.choice([None, money(dice)]) for _ in range(3))
        known = [one for one in (first, second, third) if one is not None]
        facts = given([("revenue", first), ("tax", second), ("revenue[-1]", third)])
        found = exact(known[0]) if known else "missing"
        yield "coalesce(revenue, tax, revenue[-1])", facts, found
        whole = len(known) == 3
        least = exact(min(known)) if whole else "missing"
        yield "least(revenue, tax, revenue[-1])", facts, least
        greatest = exact(max(known)) if whole else "missing"
        yield "greatest(revenue, tax, revenue[-1])", facts, greatest


def periods(dice: random.Random) -> Iterator[Row]:
    for _ in range(18):
        years = [money(dice) if dice.random() < 0.85 else None for _ in range(3)]  # -2, -1, 0
        names = ("revenue[-2]", "revenue[-1]", "revenue")
        facts = given(zip(names, years, strict=True))
        known = [Fraction(one) for one in years if one is not None]
        whole = len(known) == 3
        yield "sum(revenue[-2:])", facts, exact(sum(known, Fraction())) if whole else "missing"
        mean = float(sum(known, Fraction()) / 3)
        yield "avg(revenue[-2:])", facts, double(mean) if whole else "missing"
        yield "min(revenue[-2:])", facts, exact(min(known)) if whole else "missing"
        limit = dice.choice([1000, 5000])
        asked = [None if one is None else one >= limit for one in years]
        every = False if False in asked else None if None in asked else True
        some = True if True in asked else None if None in asked else False
        yield f"all(revenue[-2:] >= {limit}万元)", facts, truth(every)
        yield f"any(revenue[-2:] >= {limit}万元)", facts, truth(some)
        count = exact(Fraction(asked.count(True))) if whole else "missing"
        yield f"count(revenue[-2:] >= {limit}万元)", facts, count
    for _ in range(18):
        now, years = money(dice), dice.choice([1, 2, 3, 4])
        then = dice.choice([None, Decimal(0), money(dice), money(dice)])
        facts = given([("revenue", now), (f"revenue[-{years}]", then)])
        answer = "missing" if then is None or then <= 0 else growth(now, then, years)
        yield f"cagr(revenue, {years})", facts, answer
    for percent, years in product((5, 10, 20, 50), (1, 2, 3, 4)):
        # Exactly so many percent a year, to the cent, and a cent to either side.
        once = Fraction(100 + percent, 100)
        then = Decimal(dice.randrange(1, 9) * once.denominator**years).scaleb(-2)
        at = Fraction(then) * once**years
        for hair in (-1, 0, 1):
            now = Decimal(int(at * 100) + hair).scaleb(-2)
            facts = given([("revenue", now), (f"revenue[-{years}]", then)])
            yield f"cagr(revenue, {years}) >= {percent}%", facts, truth(Fraction(now) >= at)


def growth(now: Decimal, then: Decimal, years: int) -> str:
    """The root to sixty digits, then the rate to nine decimals."""
    if now < 0 and years > 1:
        return "missing"
    with localcontext(prec=60):
        factor: Decimal = (now / then) ** (Decimal(1) / years)
        rate = (factor - 1).quantize(Decimal(1).scaleb(-9), ROUND_HALF_UP)
    return double(float(rate))


def quotients(dice: random.Random) -> Iterator[Row]:
    """The double nearest to the true quotient; by zero: unknown. What is asked of it is asked of
    the fraction itself."""
    for _ in range(30):
        a, b = money(dice), dice.choice([Decimal(0), money(dice), money(dice), money(dice)])
        facts = given([("tax", a), ("revenue", b)])
        yield "tax / revenue", facts, double(float(Fraction(a) / Fraction(b))) if b else "missing"
        percent = dice.randrange(1, 60)
        known = Fraction(a) / Fraction(b) >= Fraction(percent, 100) if b else None
        yield f"tax / revenue >= {percent}%", facts, truth(known)
    for percent, revenue in product((3, 5, 7), (100, 1300, 70_000)):
        # Exactly at the threshold, to the cent: 3% of 1300 is 39.
        at = Fraction(percent * revenue, 100)
        tax = Decimal(int(at * 100)).scaleb(-2)
        facts = given([("tax", tax), ("revenue", Decimal(revenue))])
        known = Fraction(tax) / Fraction(revenue) >= Fraction(percent, 100)
        yield f"tax / revenue >= {percent}%", facts, truth(known)
    for percent in (1, 3, 4, 5, 7, 8, 15, 29, 57) * 3:
        # To the cent on both sides: at the threshold, and a cent to either side.
        revenue = Decimal(dice.randrange(1, 90_000) * 100).scaleb(-2) / dice.choice([1, 2, 4])
        revenue = revenue.quantize(Decimal("0.01"))
        at = Fraction(revenue) * percent / 100
        for hair in (-1, 0, 1):
            tax = Decimal(math.floor(at * 100) + hair).scaleb(-2)
            facts = given([("tax", tax), ("revenue", revenue)])
            yield f"tax / revenue >= {percent}%", facts, truth(Fraction(tax) >= at)
            yield f"tax / revenue <= {percent}%", facts, truth(Fraction(tax) <= at)
    for tenths in (7, 9, 11, 13, 29, 57, 581, 1003):
        # A share that is a fact, in % with decimals, against a ratio of just as much.
        share, revenue = Decimal(tenths).scaleb(-1), Decimal(dice.randrange(1, 99) * 1000)
        at = Fraction(revenue) * Fraction(share) / 100
        for hair in (-1, 0, 1):
            tax = Decimal(int(at * 100) + hair).scaleb(-2)
            facts = given([("tax", tax), ("revenue", revenue), ("share", share)])
            yield "tax / revenue >= share", facts, truth(Fraction(tax) >= at)


def rounding(dice: random.Random) -> Iterator[Row]:
    for _ in range(25):
        value = Decimal(dice.randrange(-(10**7), 10**7)).scaleb(-dice.choice([2, 3, 4, 5]))
        written = f"{value:f}" if value >= 0 else f"- {-value:f}"
        places = dice.randint(0, 3)
        cut = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        yield f"round({written}, {places})", "", exact(cut)
        yield f"floor({written})", "", exact(value.quantize(Decimal(1), ROUND_FLOOR))
    for _ in range(15):
        cent = Decimal(dice.randrange(-5000, 5000)).scaleb(-2)
        tenth = cent.quantize(Decimal("0.1"), ROUND_HALF_UP)
        yield "round(revenue, 1)", given([("revenue", cent)]), exact(tenth)
        real = dice.choice([cent / 8, cent / 3]).normalize()
        shifted = Fraction(float(real) * 100.0)
        whole = math.floor(abs(shifted) + Fraction(1, 2))
        moved = math.copysign(float(whole), float(shifted)) / 100.0
        yield "round(ratio, 2)", given([("ratio", float(real))]), double(moved)


_OVERFLOW = 2**1024 - 2**970  # from here on the nearest double would be infinite


def overflow(dice: random.Random) -> Iterator[Row]:
    for _ in range(30):
        value = float(f"{dice.randrange(1, 10)}.{dice.randrange(100)}e{dice.randrange(150, 157)}")
        square = Fraction(value) ** 2
        facts = given([("ratio", value)])
        found = "missing" if square >= _OVERFLOW else double(float(square))
        yield "ratio * ratio", facts, found
        yield "ratio * ratio > 1", facts, truth(None if square >= _OVERFLOW else True)
    for digits in range(30, 39):
        # Beyond 38 digits a sum becomes a double: the nearest to each side, then one addition.
        value = Decimal(10**digits - 1)
        facts = given([("big", value)])
        yield "big + big", facts, double(float(10**digits - 1) + float(10**digits - 1))
        yield f"big = {10**digits - 1}", facts, "true"
        yield f"big = {10**digits - 2}", facts, "false"


def registers(dice: random.Random) -> Iterator[Row]:
    for _ in range(20):
        day = date(2019, 1, 1) + timedelta(days=dice.randrange(2400))
        facts = given([("ever:high_tech", True), ("first:high_tech", day)])
        year = dice.choice([day.year, 2024])
        text = f"first_recognised('高新技术企业') within {year}"
        yield text, facts, truth(day.year == year)
        yield (
            "years_since(first_recognised('high_tech')) >= 3年", facts,
            truth(completed_years(day) >= 3),
        )  # fmt: skip
        entries = dice.choice([None, 0, 1, 2, 3])
        text = "count('high_tech') >= 2"
        known = None if entries is None else entries >= 2
        yield text, given([("entries:high_tech", entries)]), truth(known)
    for year in range(2020, 2026):
        text = f"first_recognised('high_tech') within {year}"
        yield text, given([("ever:high_tech", False)]), "false"
        yield text, "", "missing"


def scores(dice: random.Random) -> Iterator[Row]:
    """Money with a rate and a cap, by tiers; points a step, capped at both ends."""
    for _ in range(30):
        revenue, staff = money(dice, 10**7), dice.randrange(1, 500)
        facts = given([("revenue", revenue), ("staff", staff)])
        rate = dice.choice([Decimal(3), Decimal("1.5"), Decimal(20)])
        paid = Fraction(revenue) * Fraction(rate) / 100
        cut = Decimal(math.floor(abs(paid) * 100 + Fraction(1, 2))).scaleb(-2)
        amount = min(Fraction(cut if paid >= 0 else -cut), Fraction(500))
        # 万元 times a plain number stays in 万元, and is rounded there to the 百元.
        yield f"least(round(revenue * {rate / 100:f}, 2), 500万元)", facts, exact(amount)
        grade = 30 if staff >= 300 else 20 if staff >= 100 else 10
        text = "case when staff >= 300人 then 30 when staff >= 100人 then 20 else 10 end"
        yield f"{text} + 5", facts, exact(Fraction(grade + 5))
        points = min(max(Fraction(staff - 50) * Fraction(1, 4), Fraction()), Fraction(60))
        scored = "least(greatest((staff - 50人) * 0.25, 0人), 60人)"
        yield scored, facts, exact(points)


SECTIONS: dict[str, Callable[[random.Random], Iterator[Row]]] = {
    "three-valued logic": logic,
    "decimals": decimals,
    "thresholds, to the cent": thresholds,
    "units": units,
    "dates": days,
    "lists": lists,
    "patterns": patterns,
    "case, coalesce, least, greatest": cases,
    "periods and growth": periods,
    "quotients and division by zero": quotients,
    "rounding": rounding,
    "overflow": overflow,
    "registers": registers,
    "amounts and scores": scores,
}


def written() -> str:
    """The whole file. Each section has its own dice, so that one may grow without the others."""
    parts, seen = [HEAD], set()
    for title, section in SECTIONS.items():
        rows = [row for row in dict.fromkeys(section(random.Random(title))) if row[:2] not in seen]
        seen |= {row[:2] for row in rows}
        lines = [
            f"{text} | {facts} | {gives}".replace("|  |", "| |") for text, facts, gives in rows
        ]
        parts.append("\n".join([f"\n## {title}", *lines, ""]))
    return "".join(parts)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(written(), encoding="utf-8")
