"""What would lift an enterprise by one grade, in words and in the units people use."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction

from cityforge.brain.errors import Text
from cityforge.brain.evaluation.reasons import held
from cityforge.brain.evaluation.reasons.changes import Change, Ways
from cityforge.brain.reports.evaluation.results import Results
from cityforge.brain.values.quantity import Unit, unit
from cityforge.brain.values.unit import written

HELD = Text(
    zh="改变量按其他企业和基准值都不变推算；每项单独改变即可升一等，是测算，不是承诺。",
    en="Worked out with everyone else and the base values held; each change alone lifts by one "
    "grade. An estimate, no promise.",
)
MOVES = Text(
    zh="本方案的基准或平均分随当年数据变动，实际所需会略有出入。",
    en="In this scheme base values or averages move with the year: what is needed may differ "
    "a little.",
)
_TEN_THOUSAND = unit("万元")


def notes(results: Results) -> list[Text]:
    """Under which conditions the changes hold."""
    return [HELD, MOVES] if held.moves(results.prepared) else [HELD]


def told(results: Results, way: Ways, *, most: int = 3) -> list[Text]:
    """What would do, the smallest first: single changes, or the set where none alone suffices.

    Empty where the enterprise is in the best grade, a veto holds it, or nothing within reach does.
    """
    if way.singles:
        return [one(results, change) for change in way.singles[:most]]
    if way.set_:
        parts = [one(results, change) for change in way.set_]
        return [
            Text(
                zh="同时：" + "；".join(part.zh for part in parts),
                en="together: " + "; ".join(part.en for part in parts),
            )
        ]
    return []


def blocked(results: Results, way: Ways) -> Text | None:
    """The veto that holds a grade: no number would lift it."""
    for limit in results.scheme.limits:
        if limit.id == way.blocked:
            return Text(zh=limit.says, en=limit.says_en)
    return None


def one(results: Results, change: Change) -> Text:
    """One change: 实缴税金 由 247.99 万元 增至 356.33 万元（+43.7%）.

    The new value is rounded so that it still suffices: up where it grows, down where it falls.
    """
    title = results.names.column(change.fact)
    symbol, scale = _shown(results.prepared.book.facts[change.fact].type.unit)
    grows = change.after > change.before
    before = _number(change.before * scale, grows=None)
    after = _number(change.after * scale, grows=grows)
    sign = "+" if grows else "−"
    share_zh = share_en = ""
    if change.relative is not None:
        percent = f"{sign}{change.relative * 100:.1f}%"
        share_zh, share_en = f"（{percent}）", f" ({percent})"
    of = written(symbol)
    verb, verb_en = ("增至", "up to") if grows else ("降至", "down to")
    return Text(
        zh=f"{title.zh}由 {before} {of.zh}{verb} {after} {of.zh}{share_zh}",
        en=f"{title.en} from {before} {verb_en} {after} {of.en}{share_en}",
    )


def _shown(of: Unit) -> tuple[str, Decimal]:
    """The unit in which a fact is told, and by what its number is multiplied; money in 万元."""
    if of.is_like(_TEN_THOUSAND):
        ratio = Fraction(of.factor) / Fraction(_TEN_THOUSAND.factor)
        return "万元", Decimal(ratio.numerator) / Decimal(ratio.denominator)
    return of.symbol, Decimal(1)


def _number(value: Decimal, *, grows: bool | None) -> str:
    places = Decimal("1") if abs(value) >= 100_000 else Decimal("0.01")
    if grows is None:
        return f"{value.quantize(places):,}"
    return f"{value.quantize(places, ROUND_CEILING if grows else ROUND_FLOOR):,}"
