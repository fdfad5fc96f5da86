"""What policies, their money, windows and facts are called, for whoever reads about one firm."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from cityforge.brain.city.combination import Combination
from cityforge.brain.city.policy import PolicyVersion
from cityforge.brain.errors import Text
from cityforge.brain.expr.types import Type
from cityforge.brain.policies.benefit import FEN_PER_YUAN
from cityforge.brain.policies.check_up.ranges import Range
from cityforge.brain.policies.check_up.timing import Timing
from cityforge.brain.rules.distance import Amount
from cityforge.brain.rules.judging import Finding
from cityforge.brain.values.quantity import Unit, unit
from cityforge.brain.values.unit import written

DELIVERY = {
    "automatic": Text(zh="免申即享", en="without application"),
    "instant": Text(zh="即申即享", en="paid at once on application"),
    "reviewed": Text(zh="申报审核", en="on review"),
    "competitive": Text(zh="竞争性评审", en="by competition"),
}
LEVELS = {
    "national": Text(zh="国家", en="national"),
    "provincial": Text(zh="省", en="provincial"),
    "city": Text(zh="市", en="city"),
    "district": Text(zh="区县", en="district"),
}
EFFORTS = (
    Text(zh="只差资料", en="papers only"),
    Text(zh="容易", en="easy"),
    Text(zh="较易", en="fairly easy"),
    Text(zh="需要投入", en="takes work"),
    Text(zh="较难", en="hard"),
)
ANSWERS = {
    True: Text(zh="符合", en="entitled"),
    False: Text(zh="暂不符合", en="not yet"),
    None: Text(zh="信息不足", en="lacks facts"),
}
SHORT, OVER = Text(zh="还差", en="short by"), Text(zh="超出", en="over by")
PERCENT = unit("%")
_YUAN = unit("元")
_TEN_THOUSAND = 10_000


def money(fen: int) -> Text:
    """分 in 万元 where that is exact to two decimals, else in 元; in English in yuan."""
    yuan = Decimal(fen) / FEN_PER_YUAN
    en = f"{yuan:,.2f}".removesuffix(".00") + " yuan"
    if fen and fen % (100 * FEN_PER_YUAN) == 0:
        return Text(zh=f"{_trimmed(yuan / _TEN_THOUSAND, 2)} 万元", en=en)
    return Text(zh=f"{yuan:,.2f}".removesuffix(".00") + " 元", en=en)


def about(fen: int) -> Text:
    """The same for a headline: in 万元 to two decimals, said to be rounded where it is."""
    exact = money(fen)
    yuan = Decimal(fen) / FEN_PER_YUAN
    if yuan < _TEN_THOUSAND or "万元" in exact.zh:
        return exact
    return Text(zh=f"约 {_trimmed(yuan / _TEN_THOUSAND, 2)} 万元", en=f"about {yuan:,.0f} yuan")


def after_words(amount: str) -> str:
    """A Chinese amount after words: a space before a figure, none before 约."""
    return amount if amount.startswith("约") else f" {amount}"


def policies(count: int) -> str:
    return "1 policy" if count == 1 else f"{count} policies"


def between(range_: Range) -> Text:
    """What an amount lies between."""
    low = money(range_.low)
    if range_.high is None:
        if not range_.low:
            return Text(zh="金额待定", en="amount not known yet")
        return Text(zh=f"至少 {low.zh}", en=f"at least {low.en}")
    high = money(range_.high)
    if range_.low == range_.high:
        return high
    if not range_.low:
        return Text(zh=f"最多 {high.zh}", en=f"up to {high.en}")
    return Text(zh=f"{low.zh} 至 {high.zh}", en=f"{low.en} to {high.en}")


def quantity(number: Decimal | Fraction | float, of: Unit) -> Text:
    """A number in its unit, to as many digits as a reader wants; large sums in 万元, yuan."""
    exact = Fraction(number)
    if of.is_like(_YUAN):
        yuan = exact * of.factor / _YUAN.factor
        en = f"{_trimmed(_decimal(yuan), 2)} yuan"
        if abs(yuan) >= _TEN_THOUSAND:
            return Text(zh=f"{_trimmed(_decimal(yuan / _TEN_THOUSAND), 2)} 万元", en=en)
        return Text(zh=f"{_trimmed(_decimal(yuan), 2)} 元", en=en)
    told = _trimmed(_decimal(exact), 2 if abs(exact) >= 1 else 4)
    if of.symbol == "%":
        return Text(zh=f"{told}%", en=f"{told}%")
    own = written(of.symbol)
    return Text(zh=f"{told} {own.zh}".strip(), en=f"{told} {own.en}".strip())


def typed(number: Decimal | Fraction | float, of: Type) -> Text:
    """A number of a type: a share without a unit of its own in per cent, else in its unit."""
    if of.is_share and not of.unit.symbol:
        return quantity(Fraction(number) * 100, PERCENT)
    return quantity(number, of.unit)


def amount(one: Amount) -> Text:
    return quantity(one.number, one.unit)


def state(timing: Timing) -> Text:
    """How a policy stands on the day, with the days that are left."""
    window = timing.window
    if timing.state == "rolling":
        return Text(zh="常年受理", en="open at any time")
    if window is None:
        return Text(zh="申报时间待公布", en="window not announced yet")
    if timing.state == "open":
        return Text(
            zh=f"正在受理，{window.closes} 截止（还剩 {timing.days_left} 天）",
            en=f"open until {window.closes} ({timing.days_left} days left)",
        )
    if timing.state == "coming":
        return Text(
            zh=f"{window.opens} 开始受理（{timing.days_until} 天后）",
            en=f"opens on {window.opens} (in {timing.days_until} days)",
        )
    zh, en = f"本期已于 {window.closes} 截止", f"closed on {window.closes}"
    if timing.then is not None:
        return Text(
            zh=f"{zh}，下一期 {timing.then.opens} 开始", en=f"{en}, next on {timing.then.opens}"
        )
    return Text(zh=f"{zh}，下一期待公布", en=f"{en}, the next is not announced yet")


def term(version: PolicyVersion, name: str) -> Text:
    """A term in its words, with its id; the id alone where the version has none of it."""
    found = next((one for one in version.terms if one.id == name), None)
    if found is None or found.says is None:
        return Text(zh=name, en=name)
    return Text(zh=f"{found.says}（{name}）", en=f"{found.says_en or found.says} ({name})")


def combination(one: Combination) -> Text:
    return Text(zh=one.says, en=one.says_en or one.says)


def effort(finding: Finding) -> Text:
    """How hard it is to meet what is in the way."""
    return EFFORTS[min(finding.effort, len(EFFORTS) - 1)]


def unmet(finding: Finding) -> list[Finding]:
    """The leaves in the way: of alternatives only the easiest, as many as are needed."""
    if finding.truth is True or (not finding.parts and finding.truth is None):
        return []
    if not finding.parts:
        return [finding]
    clause = finding.condition.clause
    if clause.none is not None:
        return [leaf for leaf in finding.leaves if leaf.shortfalls]
    waiting = [part for part in finding.parts if part.truth is not True]
    if clause.all is None:
        met = len(finding.parts) - len(waiting)
        needed = (clause.at_least or 1) - met
        waiting = sorted(waiting, key=lambda part: part.effort)[:needed]
    return [leaf for part in waiting for leaf in unmet(part)]


def in_the_way(leaf: Finding) -> Text:
    """What one of `unmet` asks for; one that holds is something that must not be."""
    clause = leaf.condition.clause
    return asked(leaf, Text(zh=clause.says or "", en=clause.says_en or clause.says or ""))


def asked(leaf: Finding, says: Text) -> Text:
    """What a clause in the way asks for, by its words."""
    if leaf.truth is not True:
        return says
    return Text(zh=f"须无：{says.zh}", en=f"must not be: {says.en}")


def _decimal(number: Fraction) -> Decimal:
    return Decimal(number.numerator) / Decimal(number.denominator)


def _trimmed(number: Decimal, places: int) -> str:
    rounded = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) + 0
    text = f"{rounded:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
