"""What policies, their money, windows and facts are called, for whoever reads about one firm."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from cityforge.brain.city.combination import Combination
from cityforge.brain.city.dictionary import DISTRICT, INDUSTRY, Dictionary
from cityforge.brain.city.folder import City
from cityforge.brain.city.policy import PolicyVersion
from cityforge.brain.errors import Text
from cityforge.brain.expr.typed import Op
from cityforge.brain.expr.types import Kind, Type
from cityforge.brain.policies.benefit import FEN_PER_YUAN
from cityforge.brain.policies.check_up.ranges import Range
from cityforge.brain.policies.check_up.timing import Timing
from cityforge.brain.reports import offices
from cityforge.brain.rules.distance import Amount, Shortfall
from cityforge.brain.rules.judging import Finding
from cityforge.brain.values import industry
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
_WANTED = {  # more is wanted; the threshold itself will not do
    (True, False): Text(zh="不低于", en="at least"),
    (True, True): Text(zh="高于", en="more than"),
    (False, False): Text(zh="不高于", en="at most"),
    (False, True): Text(zh="低于", en="less than"),
}
NOT_HELD = Text(zh="不在册", en="not held")
NOT_SUPPLIED = Text(zh="名录未到", en="register not supplied")
_LOOKUPS = {
    Op.REGISTER.value: ("“{}”名录", "register: {}"),
    Op.EVER.value: ("曾入“{}”名录", "ever in the register: {}"),
    Op.FIRST.value: ("首次入“{}”名录的日期", "first day in the register: {}"),
    Op.ENTRIES.value: ("“{}”名录条数", "entries in the register: {}"),
}
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


@dataclass(frozen=True, slots=True)
class Names:
    """What the columns of a table of facts are called in a city, and who holds them."""

    city: City
    book: Dictionary

    def column(self, name: str, *, year: int | None = None) -> Text:
        """The fact's title, or the register's; `year` that of the table, to tell whose figure."""
        kind, _, register = name.partition(":")
        if register:
            zh, en = _LOOKUPS[kind]
            found = self.city.registers[register]
            return Text(zh=zh.format(_inside(found.title)), en=en.format(found.title_en))
        fact, back = dated(name)
        known = self.book.facts[fact]
        if back and year is not None:
            return Text(zh=f"{year + back} 年{known.title}", en=f"{known.title_en} {year + back}")
        if back:
            return Text(zh=f"{-back} 年前{known.title}" if back < -1 else f"上年{known.title}",
                        en=f"{known.title_en} {-back} year(s) before")  # fmt: skip
        return Text(zh=known.title, en=known.title_en)

    def columns(self, names: Iterable[str], *, year: int | None = None) -> Text:
        """Several columns; the years of one fact are told together."""
        years: dict[str, list[int]] = {}
        for name in dict.fromkeys(names):
            fact, back = (name, 0) if ":" in name else dated(name)
            years.setdefault(fact, []).append(back)
        told = [self._of_years(fact, sorted(back), year) for fact, back in years.items()]
        return Text(zh="、".join(one.zh for one in told), en=", ".join(one.en for one in told))

    def _of_years(self, fact: str, back: list[int], year: int | None) -> Text:
        if len(back) == 1:
            return self.column(f"{fact}[{back[0]}]" if back[0] else fact, year=year)
        if year is None:
            told = [self.column(f"{fact}[{one}]" if one else fact) for one in back]
            return Text(zh="、".join(one.zh for one in told), en=", ".join(one.en for one in told))
        known, first, last = self.book.facts[fact], year + back[0], year + back[-1]
        if last - first == len(back) - 1:
            return Text(zh=f"{known.title}（{first}—{last} 年）",
                        en=f"{known.title_en} {first}–{last}")  # fmt: skip
        listed = [str(year + one) for one in back]
        return Text(zh=f"{known.title}（{'、'.join(listed)} 年）",
                    en=f"{known.title_en} {', '.join(listed)}")  # fmt: skip

    def value(self, name: str, value: object) -> Text:
        """A value as a person reads it; — where it is unknown."""
        if value is None:
            return Text(zh="—", en="—")
        if isinstance(value, bool):
            return _held(name, value=value)
        if isinstance(value, Decimal | int | float):
            known = self.book.facts.get(dated(name)[0])
            if known is None:
                return Text(zh=f"{value} 条", en=str(value))
            return typed(Fraction(value), known.type)
        return self._words(dated(name)[0], value)

    def _words(self, fact: str, value: object) -> Text:
        if isinstance(value, date):
            return Text(zh=value.isoformat(), en=value.isoformat())
        text = str(value)
        if fact == DISTRICT:
            for one in self.city.place.districts:
                if one.id == text:
                    return Text(zh=one.title, en=one.title_en)
        if fact == INDUSTRY:
            return industry.titled(text)
        return Text(zh=text, en=text)

    def facts(
        self, columns: Iterable[str], values: Mapping[str, object], *, year: int | None
    ) -> list[tuple[Text, Text]]:
        """Columns with their values, in order; all look-ups in one register told as one."""
        found: list[tuple[Text, Text]] = []
        looked: dict[str, dict[str, object]] = {}
        for name in sorted(columns):
            kind, _, register = name.partition(":")
            if register:
                looked.setdefault(register, {})[kind] = values.get(name)
            else:
                found.append((self.column(name, year=year), self.value(name, values.get(name))))
        for register, kinds in looked.items():
            title = self.column(f"{Op.REGISTER.value}:{register}")
            found.append((title, standing(kinds) or NOT_SUPPLIED))
        return found

    def dataset(self, name: str) -> str | None:
        """The dataset that a column is read from; None for a derived fact."""
        _, _, register = name.partition(":")
        if register:
            return self.city.registers[register].dataset
        return self.book.facts[dated(name)[0]].dataset

    def holder(self, name: str) -> Text:
        """Who holds what a column says."""
        dataset = self.city.datasets.get(self.dataset(name) or "")
        return self.unit(dataset.owner) if dataset is not None else Text(zh="", en="")

    def office(self, name: str) -> Text:
        """The office in charge, as a policy names it."""
        return offices.named(self.city, name)

    def unit(self, owner: str) -> Text:
        known = self.city.units.get(owner)
        return Text(zh=known.title, en=known.title_en) if known else Text(zh=owner, en=owner)

    def measured(self, one: Shortfall, *, year: int | None = None) -> Text:
        """What the number of a shortfall counts: of a day alone the time since."""
        name = self.columns(one.columns, year=year)
        if len(one.columns) == 1 and self._is_day(one.columns[0]):
            return Text(zh=f"{name.zh}距今", en=f"time since {name.en}")
        return name

    def _is_day(self, column: str) -> bool:
        kind, _, register = column.partition(":")
        if register:
            return kind == Op.FIRST.value
        return self.book.facts[dated(column)[0]].type.kind is Kind.DATE

    def shortfall(self, one: Shortfall, *, year: int | None = None) -> Text:
        """What stands in the way, and how far."""
        if one.value is None or one.threshold is None or one.difference is None:
            facts = self.facts(one.columns, dict(one.known), year=year)
            return Text(
                zh="、".join(f"{title.zh}：{value.zh}" for title, value in facts),
                en=", ".join(f"{title.en}: {value.en}" for title, value in facts),
            )
        name = self.measured(one, year=year)
        value, threshold, gap = (amount(x) for x in (one.value, one.threshold, one.difference))
        wanted = _WANTED[one.direction == "more", one.strict]
        zh = f"{name.zh}：现为 {value.zh}，要求{wanted.zh} {threshold.zh}"
        en = f"{name.en}: {value.en} now, {wanted.en} {threshold.en} wanted"
        if one.difference.number:
            short = SHORT if one.direction == "more" else OVER
            zh, en = f"{zh}，{short.zh} {gap.zh}", f"{en}; {short.en} {gap.en}"
        if one.in_part is not None:
            part, told = self.column(one.in_part[0], year=year), amount(one.in_part[1])
            zh += f"（约合{part.zh} {told.zh}）"
            en += f" (about {told.en} of {part.en})"
        return Text(zh, en)


def _inside(title: str) -> str:
    """A title as it stands within quotes."""
    return title.replace("“", "‘").replace("”", "’")


def standing(looked: Mapping[str, object]) -> Text | None:
    """Whether in a register, since when, how often, by the look-ups made; None: not known."""
    if all(value is None for value in looked.values()):
        return None
    told = []
    if looked.get(Op.REGISTER.value):
        told.append(Text(zh="在册", en="held"))
    elif looked.get(Op.EVER.value) and looked.get(Op.REGISTER.value) is False:
        told.append(Text(zh="曾在册，现不在册", en="held before, not now"))
    elif looked.get(Op.EVER.value):
        told.append(Text(zh="已入册", en="recognised"))
    if looked.get(Op.FIRST.value):
        day = looked[Op.FIRST.value]
        told.append(Text(zh=f"首次 {day}", en=f"first on {day}"))
    if looked.get(Op.ENTRIES.value):
        count = looked[Op.ENTRIES.value]
        told.append(Text(zh=f"{count} 条", en=f"{count} entries"))
    if not told:
        return NOT_HELD
    return Text(zh="，".join(one.zh for one in told), en=", ".join(one.en for one in told))


def dated(name: str) -> tuple[str, int]:
    """The fact of a column and its year, 0 for the table's own, -1 for the one before …"""
    fact, _, back = name.partition("[")
    return fact, int(back.rstrip("]")) if back else 0


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


def _held(name: str, *, value: bool) -> Text:
    if name.startswith(f"{Op.REGISTER.value}:"):
        return Text(zh="在册" if value else "不在册", en="held" if value else "not held")
    return Text(zh="是" if value else "否", en="yes" if value else "no")


def _decimal(number: Fraction) -> Decimal:
    return Decimal(number.numerator) / Decimal(number.denominator)


def _trimmed(number: Decimal, places: int) -> str:
    rounded = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) + 0
    text = f"{rounded:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
