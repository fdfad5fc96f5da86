"""Questions about single indicators: weights, the same twice, directions, per cents."""

from collections.abc import Iterator
from decimal import Decimal

from cityforge.brain.city.document import Path_
from cityforge.brain.errors import Text
from cityforge.brain.evaluation.phrases import number
from cityforge.brain.evaluation.prepared import PreparedIndicator, PreparedPart
from cityforge.brain.evaluation.questions.finding import Finding, Looked
from cityforge.brain.expr import results
from cityforge.brain.values.quantity import unit

HEAVY, LIGHT = Decimal("0.5"), Decimal("0.03")  # of all weights
_MONEY = unit("元").dimension
_USED = tuple(unit(symbol).dimension for symbol in ("亩", "吨标准煤", "千瓦时", "吨"))
_SHARE = Decimal("1.5")  # a share of one above it is most likely written in percent


def find(looked: Looked) -> Iterator[Finding]:
    """All questions about the indicators of a scheme, part by part."""
    if looked.scheme.weights_sum != 100:
        yield looked.finding(
            "weights_sum",
            ("weights_sum",),
            Text(
                zh=f"权重合计写为 {number(looked.scheme.weights_sum)}，不是 100",
                en=f"weights sum to {number(looked.scheme.weights_sum)}, not 100",
            ),
            Text(
                zh="分数便不可与其他方案相比；确认是否有意",
                en="Is it meant so? Totals of other schemes do not compare.",
            ),
        )
    for i, part in enumerate(looked.prepared.parts):
        yield from _weights(looked, i, part)
        for j, indicator in enumerate(part.indicators):
            path: Path_ = ("parts", i, "indicators", j)
            yield from _direction(looked, path, indicator)
            yield from _percent(looked, path, indicator)


def _weights(looked: Looked, i: int, part: PreparedPart) -> Iterator[Finding]:
    whole = looked.scheme.weights_sum
    seen: list[PreparedIndicator] = []
    for j, one in enumerate(part.indicators):
        path: Path_ = ("parts", i, "indicators", j)
        weight, title, title_en = one.indicator.weight, one.indicator.title, one.indicator.title_en
        twin = next((each for each in seen if each.expression == one.expression), None)
        seen.append(one)
        if twin is not None:
            yield looked.finding(
                "doubled",
                (*path, "expr"),
                Text(
                    zh=f"“{title}”与“{twin.indicator.title}”是同一个算式",
                    en=f"'{title_en}' is the same expression as '{twin.indicator.title_en}'",
                ),
                Text(zh="合并权重，或改其中一个", en="Join their weights, or mend one of them."),
            )
        if len(part.indicators) > 1 and weight > whole * HEAVY:
            yield looked.finding(
                "heavy",
                (*path, "weight"),
                Text(
                    zh=f"“{title}”占权重 {number(weight)}，超过一半",
                    en=f"'{title_en}' alone has {number(weight)} of the weights",
                ),
                Text(
                    zh="其余指标几乎不起作用；确认是否有意", en="The others hardly count: meant so?"
                ),
            )
        if weight < whole * LIGHT:
            yield looked.finding(
                "light",
                (*path, "weight"),
                Text(
                    zh=f"“{title}”只占权重 {number(weight)}",
                    en=f"'{title_en}' has a weight of {number(weight)} only",
                ),
                Text(
                    zh="归集数据的成本可能高于它的作用；考虑删去或并入他项",
                    en="Collecting it may cost more than it decides: drop it or join it.",
                ),
            )


def _direction(looked: Looked, path: Path_, one: PreparedIndicator) -> Iterator[Finding]:
    """What is used up per money should be small, money per what is used up large."""
    sides = results.ratio(one.expression)
    if sides is None:
        return
    above, below = (side.type.unit.dimension for side in sides)
    wanted = None
    if above in _USED and below == _MONEY:
        wanted = "down"
    elif above == _MONEY and below in _USED:
        wanted = "up"
    # What is spent on land is an input too: only what is used up tells the direction for sure.
    if wanted is None or wanted == one.indicator.direction:
        return
    better, better_en = ("大", "more") if one.indicator.direction == "up" else ("小", "less")
    yield looked.finding(
        "direction",
        (*path, "direction") if looked.is_written(*path, "direction") else path,
        Text(
            zh=f"“{one.indicator.title}”写作越{better}越好，算式看来正相反",
            en=f"'{one.indicator.title_en}': {better_en} is said to be better; the expression "
            "looks the other way round",
        ),
        Text(
            zh=f"改为 direction: {wanted}，或把算式倒过来",
            en=f"Write direction: {wanted}, or turn the ratio round.",
        ),
    )


def _percent(looked: Looked, path: Path_, one: PreparedIndicator) -> Iterator[Finding]:
    """A fixed value of a share that fits a per cent where the unit says none, or the reverse."""
    sides = results.ratio(one.expression)
    symbol = one.indicator.unit
    is_share = sides is not None and sides[0].type.unit.dimension == sides[1].type.unit.dimension
    if not is_share or symbol not in (None, "%"):
        return
    for reference in one.references:
        for base in reference.rule.values:
            if symbol is None and base.value > _SHARE:
                yield looked.finding(
                    "percent",
                    path,
                    Text(
                        zh=f"“{one.indicator.title}”是占比，基准值 {number(base.value)} 像是百分数",
                        en=f"'{one.indicator.title_en}' is a share, yet "
                        f"{number(base.value)} looks like per cent",
                    ),
                    Text(zh='写上 unit: "%"，或改基准值', en='Add unit: "%", or mend the value.'),
                )
            elif symbol == "%" and 0 < base.value < Decimal("0.2"):
                yield looked.finding(
                    "percent",
                    path,
                    Text(
                        zh=f"“{one.indicator.title}”以 % 计，基准值 {number(base.value)}% 过小",
                        en=f"'{one.indicator.title_en}' is in per cent; {number(base.value)} % is "
                        "very small",
                    ),
                    Text(zh="确认是否把 0.03 写作了 3%", en="Was 0.03 meant to be 3 %?"),
                )
