"""An evaluation by plain Python and fractions: the second method. It imports nothing of ours.

A scheme is the mapping of its file, numbers as Decimal or int. Facts are mappings by name, None
where missing. Expressions are not parsed: what each text means stands beside it in a table.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import Any

Row = Mapping[str, Any]
Scheme = Mapping[str, Any]
Number = Fraction | None
Truth = bool | None

# --- what the expressions mean -------------------------------------------------------------------


def number(row: Row, fact: str) -> Number:
    return None if row[fact] is None else Fraction(row[fact])


def quotient(above: str, below: str) -> Callable[[Row], Number]:
    def of(row: Row) -> Number:
        a, b = number(row, above), number(row, below)
        return None if a is None or b is None or b == 0 else a / b

    return of


RATIOS = {
    "tax_paid / land_mu": ("tax_paid", "land_mu"),
    "revenue / land_mu": ("revenue", "land_mu"),
    "value_added / employees": ("value_added", "employees"),
    "value_added / energy": ("value_added", "energy"),
    "energy / revenue": ("energy", "revenue"),
    "rd_expense / revenue": ("rd_expense", "revenue"),
}
NUMBERS: dict[str, Callable[[Row], Number]] = {
    text: quotient(*facts) for text, facts in RATIOS.items()
}
for _fact in ("tax_paid", "revenue", "value_added", "employees", "energy", "rd_expense"):
    NUMBERS[_fact] = lambda row, _fact=_fact: number(row, _fact)  # type: ignore[misc]
NUMBERS["years_in_production"] = lambda row: number(row, "years_in_production")


def times(by: Fraction | int, of: Callable[[Row], Number]) -> Callable[[Row], Number]:
    return lambda row: None if (value := of(row)) is None else value * by


NUMBERS["revenue / land_mu * 0.5"] = times(Fraction(1, 2), NUMBERS["revenue / land_mu"])
NUMBERS["employees / 2人"] = times(Fraction(1, 2), NUMBERS["employees"])
NUMBERS["tax_paid / 1万元"] = NUMBERS["tax_paid"]
# An indicator's own unit against the facts': 万元/亩 counted in 元/亩, a ratio in per cent.
SCALES = {"元/亩": 10_000, "%": 100}


def more(fact: str, than: int) -> Callable[[Row], Truth]:
    return lambda row: None if row[fact] is None else Fraction(row[fact]) > than


def at_least(fact: str, than: int) -> Callable[[Row], Truth]:
    return lambda row: None if row[fact] is None else Fraction(row[fact]) >= than


def opposite(of: Callable[[Row], Truth]) -> Callable[[Row], Truth]:
    return lambda row: None if (truth := of(row)) is None else not truth


def either(*parts: Callable[[Row], Truth]) -> Callable[[Row], Truth]:
    def of(row: Row) -> Truth:
        truths = [part(row) for part in parts]
        return True if True in truths else (None if None in truths else False)

    return of


def both(*parts: Callable[[Row], Truth]) -> Callable[[Row], Truth]:
    return opposite(either(*(opposite(part) for part in parts)))


def above_scale(row: Row) -> Truth:
    return row["above_scale"]  # type: ignore[no-any-return]


CONDITIONS: dict[str, Callable[[Row], Truth]] = {
    "land_mu >= 0亩": at_least("land_mu", 0),
    "above_scale": above_scale,
    "not above_scale": opposite(above_scale),
    "above_scale or land_mu >= 3亩": either(above_scale, at_least("land_mu", 3)),
    "not above_scale and revenue > 1万元": both(opposite(above_scale), more("revenue", 1)),
    "years_in_production < 2年": opposite(at_least("years_in_production", 2)),
    "years_in_production < 4年": opposite(at_least("years_in_production", 4)),
    "rd_expense >= 2万元": at_least("rd_expense", 2),
    "rd_expense > 4万元": more("rd_expense", 4),
    "energy > 4吨标准煤": more("energy", 4),
    "energy >= 5吨标准煤": at_least("energy", 5),
    "tax_paid < 0万元": opposite(at_least("tax_paid", 0)),
    "tax_paid >= 5万元": at_least("tax_paid", 5),
    "employees >= 3人": at_least("employees", 3),
    "value_added > 3万元": more("value_added", 3),
}


# --- small numbers -------------------------------------------------------------------------------


def settled(value: Fraction) -> Fraction:
    """To nine decimals, a half away from zero: what is compared and ranked."""
    whole = floor(abs(value) * 10**9 + Fraction(1, 2))
    return Fraction(whole if value >= 0 else -whole, 10**9)


def stated(value: object) -> Fraction:
    return Fraction(str(value))


def newest(values: Sequence[Mapping[str, Any]], year: int) -> Number:
    past = [one for one in values if one["year"] <= year]
    return stated(max(past, key=lambda one: one["year"])["value"]) if past else None


def middle(values: Sequence[Fraction]) -> Number:
    ordered = sorted(values)
    half = len(ordered) // 2
    if not ordered:
        return None
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def mean(values: Sequence[Fraction]) -> Number:
    return sum(values, Fraction(0)) / len(values) if values else None


# --- who is in -----------------------------------------------------------------------------------


def standing(scheme: Scheme, row: Row, last_day: date) -> tuple[str, str | None]:
    """Status and part."""
    part: str | None = None
    whens = [CONDITIONS[one["when"]](row) for one in scheme["parts"]]
    for one, when in zip(scheme["parts"], whens, strict=True):
        if when is not False:
            part = one["id"] if when else None
            break
    population = CONDITIONS[scheme["population"]](row)
    registered = row["registered_on"]
    if registered is not None and registered > last_day:
        return "outside", part
    if population is None:
        return "undetermined", part
    if not population:
        return "outside", part
    if any(CONDITIONS[one["when"]](row) for one in scheme.get("exempt", ())):
        return "exempt", part
    if part is None:
        return ("undetermined" if None in whens else "outside"), part
    if any(row[name] is None for name in scheme["groups"]):
        return "undetermined", part
    return "rated", part


# --- what a value is held against ----------------------------------------------------------------

NEEDS = {
    "ratio_to_base": ("base",),
    "ratio_capped": ("base",),
    "ratio_capped_at_base": ("base",),
    "reverse_ratio": ("base",),
    "minmax_20_80": ("low", "high"),
    "efficacy_coefficient": ("low", "high"),
    "weighted_rank_percentile": ("place",),
    "rank_only": (),
    "first_is_100": ("place",),
    "target_completion": ("base",),
    "growth_completion": ("base", "low"),
    "all_or_nothing": ("base",),
    "steps": (),
    "given_points": (),
}


def scoring_of(scheme: Scheme, indicator: Scheme) -> Mapping[str, Any]:
    return {
        "function": "ratio_to_base",
        **(indicator.get("scoring") or scheme.get("scoring") or {}),
    }


def is_down(indicator: Scheme) -> bool:
    return indicator.get("direction", "up") == "down"


def rule_of(scheme: Scheme, indicator: Scheme, slot: str) -> Mapping[str, Any] | None:
    """How a value comes about; without a rule the ends are those of the ranking group."""
    own = indicator.get(slot)
    if slot == "base":
        return own or scheme.get("base")
    if own:
        return own  # type: ignore[no-any-return]
    which = {"low": "lowest", "high": "highest"}
    if scoring_of(scheme, indicator)["function"] == "efficacy_coefficient" and is_down(indicator):
        which = {"low": "highest", "high": "lowest"}
    return {"method": f"this_year_{which[slot]}", "within": scheme["groups"]}


def value_of(row: Row, indicator: Scheme, text: str | None = None) -> Number:
    value = NUMBERS[text or indicator["expr"]](row)
    return None if value is None else value * SCALES.get(indicator.get("unit"), 1)


class Year:
    """The facts of one year and who is rated in it."""

    def __init__(self, scheme: Scheme, rows: Sequence[Row], year: int) -> None:
        self.year = year
        self.standings = [(row, *standing(scheme, row, date(year, 12, 31))) for row in rows]
        self.rated = [(row, part) for row, status, part in self.standings if status == "rated"]


def against(
    scheme: Scheme,
    indicator: Scheme,
    slot: str,
    row: Row,
    part: str,
    now: Year,
    before: Year | None,
    parameters: Mapping[str, Any],
) -> Number:
    rule = rule_of(scheme, indicator, slot)
    if rule is None:
        return None
    method = rule["method"]
    if method == "fixed":
        return newest(rule.get("values") or indicator.get("bases") or [], now.year)
    if method == "parameter":
        found = parameters.get(rule["parameter"])
        return None if found is None else stated(found)
    if method == "expression":
        return value_of(row, indicator, rule["expr"])
    pool = before if method.startswith("previous") else now
    if pool is None:
        return None
    within = rule.get("within") or []
    peers = [
        peer
        for peer, theirs in pool.rated
        if theirs == part and all(row[w] is not None and peer[w] == row[w] for w in within)
    ]
    found = of_group(rule, indicator, peers)
    return None if found is None else found * stated(rule.get("factor", 1))


def of_group(rule: Mapping[str, Any], indicator: Scheme, peers: Sequence[Row]) -> Number:
    over = rule["method"].rsplit("_", 1)[1]
    if over == "mean" and rule.get("mean", "of_sums") == "of_sums":
        above, below = RATIOS[indicator["expr"]]
        counted = [
            (Fraction(peer[above]), Fraction(peer[below]))
            for peer in peers
            if peer[above] is not None and peer[below] is not None and peer[below] > 0
        ]
        if not counted:
            return None
        ratio = sum(a for a, _ in counted) / sum(b for _, b in counted)
        return ratio * SCALES.get(indicator.get("unit"), 1)
    values = [value for peer in peers if (value := value_of(peer, indicator)) is not None]
    if not values:
        return None
    return {"mean": mean, "median": middle, "lowest": min, "highest": max}[over](values)


# --- points --------------------------------------------------------------------------------------


def points(
    function: str,
    x: Number,
    weight: Fraction,
    *,
    base: Number = None,
    low: Number = None,
    high: Number = None,
    place: int | None = None,
    count: int | None = None,
    down: bool = False,
    start: Fraction | None = None,
    step: Fraction | None = None,
    steps: Sequence[tuple[Fraction, Fraction]] = (),
    otherwise: Fraction = Fraction(0),
) -> Number:
    """The points of one value, before cap and floor; None where there are none."""
    if x is None:
        return None
    if function == "rank_only":
        return -x if down else x
    if function == "given_points":
        return x if 0 <= x <= weight else None
    if function == "steps":
        for limit, gained in steps:
            if settled(x) <= settled(limit) if down else settled(x) >= settled(limit):
                return gained
        return otherwise
    if function == "weighted_rank_percentile":
        assert place is not None and count is not None
        return weight * (1 - Fraction(place - 1, count))
    if function == "first_is_100":
        assert place is not None
        share = 100 - (Fraction(5) if step is None else step) * (place - 1)
        return weight * max(share, Fraction(0)) / 100
    if function == "minmax_20_80":
        if low is None or high is None:
            return None
        if settled(low) == settled(high):
            return weight
        c = Fraction(20) if start is None else start
        part = (high - x) / (high - low) if down else (x - low) / (high - low)
        return weight * (c + (100 - c) * part) / 100
    if function == "efficacy_coefficient":
        if low is None or high is None or settled(low) == settled(high):
            return None
        c = Fraction(60) if start is None else start
        return weight * (c + (x - low) / (high - low) * (100 - c)) / 100
    if base is None:
        return None
    if function == "all_or_nothing":
        reached = settled(x) <= settled(base) if down else settled(x) >= settled(base)
        return weight if reached else Fraction(0)
    if function == "growth_completion":
        if low is None or settled(low) == settled(base):
            return None
        return (x - low) / (base - low) * weight
    if function == "target_completion" and down:
        return base / x * weight if settled(x) > 0 else None
    if settled(base) <= 0:
        return None
    ratio = x / base
    if function == "ratio_capped_at_base":
        ratio = min(ratio, Fraction(1))
    if function == "reverse_ratio":
        ratio = max(2 - ratio, Fraction(0))
    return ratio * weight


def bounded(value: Number, weight: Fraction, scoring: Mapping[str, Any]) -> Number:
    if value is None:
        return None
    if scoring.get("cap") is not None and value > stated(scoring["cap"]) * weight:
        return stated(scoring["cap"]) * weight
    if scoring.get("floor") is not None and value < stated(scoring["floor"]):
        return stated(scoring["floor"])
    return value


# --- ranks and grades ----------------------------------------------------------------------------


def last_ranks(grading: Mapping[str, Any], ranked: int) -> list[int]:
    """The last rank of each band, from the shares themselves."""
    exact = [stated(band.get("to", 100)) * ranked / 100 for band in grading["bands"]]
    rounding = grading.get("rounding", "half_up")
    if rounding == "floor":
        return [floor(cut) for cut in exact]
    if rounding == "ceiling":
        return [ceil(cut) for cut in exact]
    if rounding == "half_up":
        return [floor(cut + Fraction(1, 2)) for cut in exact]
    own = [cut - before for cut, before in zip(exact, [Fraction(0), *exact], strict=False)]
    counts = [floor(share) for share in own]
    for _ in range(ranked - sum(counts)):
        # The largest fraction not yet served; the better grade where two are equal.
        best = max(
            (i for i, share in enumerate(own) if counts[i] == floor(share)),
            key=lambda i: (own[i] - floor(own[i]), -i),
        )
        counts[best] += 1
    return [sum(counts[: i + 1]) for i in range(len(counts))]


def graded(
    grading: Mapping[str, Any], keys: Sequence[tuple[Any, ...]], totals: Sequence[Fraction]
) -> list[tuple[int, str]]:
    """Rank and grade of each member of a group.

    keys    what orders them, best first, equal where nothing but the code tells them apart; they
            stand in the order of their codes
    """
    order = sorted(range(len(keys)), key=lambda i: (keys[i], i))
    ranks = {member: rank for rank, member in enumerate(order, start=1)}
    cuts = last_ranks(grading, len(keys))
    bands = grading["bands"]
    tied, by = grading.get("tied", "apart"), grading.get("by", "rank_share")
    found = []
    for i, key in enumerate(keys):
        alike = [ranks[j] for j, other in enumerate(keys) if other == key]
        rank = {"apart": ranks[i], "better": min(alike), "worse": max(alike)}[tied]
        grade = bands[-1]["grade"]
        for band, cut in zip(bands, cuts, strict=True):
            fits = by == "score" or rank <= cut
            least = band.get("at_least")
            if fits and (least is None or totals[i] >= stated(least)):
                grade = band["grade"]
                break
        found.append((ranks[i], grade))
    return found


def limited(scheme: Scheme, row: Row, grade: str) -> tuple[str, str | None]:
    """The grade within the limits and the limit that set it; gates first, vetoes over them."""
    grades = [band["grade"] for band in scheme["grading"]["bands"]]
    at, by = grades.index(grade), None
    acting = [one for one in scheme["limits"] if CONDITIONS[one["when"]](row)]
    for one in acting:
        if one.get("at_least") is not None and grades.index(one["at_least"]) < at:
            at, by = grades.index(one["at_least"]), one["id"]
    for one in acting:
        if one.get("at_most") is not None and grades.index(one["at_most"]) > at:
            at, by = grades.index(one["at_most"]), one["id"]
    return grades[at], by


# --- the whole -----------------------------------------------------------------------------------


def evaluated(
    scheme: Scheme,
    rows: Sequence[Row],
    before: Sequence[Row] | None,
    *,
    year: int,
    parameters: Mapping[str, Any],
) -> dict[str, dict[str, Any]]:
    """By code: status and part; of the rated also values, points and how, total, rank, grade."""
    now = Year(scheme, rows, year)
    past = None if before is None else Year(scheme, before, year - 1)
    found: dict[str, dict[str, Any]] = {
        row["uscc"]: {"status": status, "part": part} for row, status, part in now.standings
    }
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row, part in now.rated:
        groups.setdefault((part, *(row[name] for name in scheme["groups"])), []).append(row)
    for (part, *_), members in groups.items():
        indicators = next(one for one in scheme["parts"] if one["id"] == part)["indicators"]
        for indicator in indicators:
            one_indicator(scheme, indicator, part, members, found, now, past, parameters)
        for row in members:
            add_up(scheme, indicators, row, found[row["uscc"]])
        rank(scheme, indicators, members, found)
    return found


def one_indicator(
    scheme: Scheme,
    indicator: Scheme,
    part: str,
    members: Sequence[Row],
    found: dict[str, dict[str, Any]],
    now: Year,
    before: Year | None,
    parameters: Mapping[str, Any],
) -> None:
    """Value, what it is held against, points and how they came about, of one group."""
    name, scoring = indicator["id"], scoring_of(scheme, indicator)
    weight, needs = stated(indicator["weight"]), NEEDS[scoring["function"]]
    values = {row["uscc"]: value_of(row, indicator) for row in members}
    known = [settled(value) for value in values.values() if value is not None]
    raw: dict[str, Number] = {}
    for row in members:
        code, x = row["uscc"], values[row["uscc"]]
        held: dict[str, Any] = {
            slot: against(scheme, indicator, slot, row, part, now, before, parameters)
            for slot in ("base", "low", "high")
            if slot in needs
        }
        place = None
        if x is not None and "place" in needs:
            mine = settled(x)
            ahead = [v for v in known if (v < mine if is_down(indicator) else v > mine)]
            place = 1 + len(ahead)
        gained = points(
            scoring["function"],
            x,
            weight,
            **held,
            place=place,
            count=len(known),
            down=is_down(indicator),
            start=None if scoring.get("start") is None else stated(scoring["start"]),
            step=None if scoring.get("step") is None else stated(scoring["step"]),
            steps=[(stated(s["at"]), stated(s["points"])) for s in scoring.get("steps", ())],
            otherwise=stated(scoring.get("otherwise", 0)),
        )
        raw[code] = bounded(gained, weight, scoring)
        one = found[code]
        one[f"value_{name}"], one[f"base_{name}"] = x, held.get("base")
        one[f"low_{name}"], one[f"high_{name}"] = held.get("low"), held.get("high")
        one[f"place_{name}"] = place
    average = mean([gained for gained in raw.values() if gained is not None])
    rule = indicator.get("missing") or scheme["missing"]
    for code, gained in raw.items():
        how = "scored"
        if gained is None and rule == "group_average_score" and average is not None:
            gained, how = average, "group_average"
        elif gained is None and rule == "penalty" and values[code] is None:
            gained, how = -stated(scheme["missing_points"]), "penalty"
        elif gained is None and rule == "reweight":
            how = "reweighted"
        elif gained is None:
            gained, how = Fraction(0), "zero" if values[code] is None else "no_base"
        found[code][f"points_{name}"], found[code][f"how_{name}"] = gained, how


def add_up(scheme: Scheme, indicators: Sequence[Scheme], row: Row, one: dict[str, Any]) -> None:
    """The total of one enterprise: points, stretched over gaps, with bonus and penalty."""
    gained = {i["id"]: one[f"points_{i['id']}"] for i in indicators}
    total = sum((p for p in gained.values() if p is not None), Fraction(0))
    if None in gained.values():
        weights = {i["id"]: stated(i["weight"]) for i in indicators}
        known = sum(weights[name] for name, p in gained.items() if p is not None)
        total = total * sum(weights.values()) / known if known else Fraction(0)
    for kind, sign in (("bonus", 1), ("penalty", -1)):
        if scheme.get(kind):
            total += sign * extra(kind, scheme[kind], row, one)
    one["total"] = settled(total)


def extra(kind: str, extras: Mapping[str, Any], row: Row, one: dict[str, Any]) -> Fraction:
    together: dict[str, Fraction] = {}
    for item in extras["items"]:
        when = CONDITIONS[item["when"]](row)
        worth: Number = None if when is None else Fraction(0)
        if when:
            worth = stated(item["points"]) if "points" in item else NUMBERS[item["expr"]](row)
            worth = None if worth is None else max(worth, Fraction(0))
        one[f"{kind}_{item['id']}"] = worth
        name = item.get("one_of") or f"only {item['id']}"
        together[name] = max(together.get(name, Fraction(0)), worth or Fraction(0))
    summed = sum(together.values(), Fraction(0))
    one[kind] = summed if extras.get("cap") is None else min(summed, stated(extras["cap"]))
    return one[kind]  # type: ignore[no-any-return]


def rank(
    scheme: Scheme,
    indicators: Sequence[Scheme],
    members: Sequence[Row],
    found: dict[str, dict[str, Any]],
) -> None:
    """Rank, grade and limits of one group."""
    ordered = sorted(members, key=lambda row: row["uscc"])
    down = {i["id"]: is_down(i) for i in indicators}

    def key(code: str) -> tuple[Any, ...]:
        cells: list[Any] = [-found[code]["total"]]
        for name in scheme.get("ties", ()):
            value = found[code].get(f"value_{name}")
            mine = Fraction(0) if value is None else settled(value)
            cells.append((value is None, mine if down.get(name) else -mine))
        return tuple(cells)

    codes = [row["uscc"] for row in ordered]
    totals = [found[code]["total"] for code in codes]
    given = graded(scheme["grading"], [key(code) for code in codes], totals)
    for row, (place, grade) in zip(ordered, given, strict=True):
        one = found[row["uscc"]]
        one["rank"], one["ranked"], one["grade"] = place, len(ordered), grade
        if scheme.get("limits"):
            one["ranked_grade"] = grade
            one["grade"], one["limited_by"] = limited(scheme, row, grade)
