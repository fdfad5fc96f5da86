"""What the columns of a table of facts are called, what stands in them, who holds them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from cityforge.brain.city.dictionary import DISTRICT, INDUSTRY, Dictionary
from cityforge.brain.city.folder import City
from cityforge.brain.errors import Text
from cityforge.brain.expr.typed import Op
from cityforge.brain.expr.types import Kind
from cityforge.brain.reports import offices
from cityforge.brain.reports.policy_words import OVER, SHORT, amount, typed
from cityforge.brain.rules.distance import Shortfall
from cityforge.brain.values import industry

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


def _held(name: str, *, value: bool) -> Text:
    if name.startswith(f"{Op.REGISTER.value}:"):
        return Text(zh="在册" if value else "不在册", en="held" if value else "not held")
    return Text(zh="是" if value else "否", en="yes" if value else "no")
