"""A policy check-up in words, for the clerk of an enterprise."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from cityforge.brain.city import dictionary
from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.folder import City
from cityforge.brain.errors import Language, RunRefused, Text
from cityforge.brain.facts.table import bindings, last_day
from cityforge.brain.policies import combining
from cityforge.brain.policies.benefit import FEN_PER_YUAN
from cityforge.brain.policies.check_up import CheckUp, Result, check_up
from cityforge.brain.policies.prepared import prepare
from cityforge.brain.reports import snapshot as snapshots
from cityforge.brain.reports.snapshot import Snapshot
from cityforge.brain.rules.distance import Amount, Shortfall
from cityforge.brain.rules.judging import Finding
from cityforge.brain.rules.row import Row

_STATES = {
    "rolling": Text(zh="常年受理", en="open at any time"),
    "open": Text(zh="正在受理，{closes} 截止", en="open until {closes}"),
    "coming": Text(zh="{opens} 开始受理", en="opens on {opens}"),
    "closed": Text(zh="本期已于 {closes} 截止", en="closed on {closes}"),
    "unannounced": Text(zh="申报时间待公布", en="window not announced yet"),
}
_DELIVERY = {
    "automatic": Text(zh="免申即享", en="without application"),
    "instant": Text(zh="即申即享", en="paid at once on application"),
    "reviewed": Text(zh="申报审核", en="on review"),
    "competitive": Text(zh="竞争性评审", en="by competition"),
}


def of_enterprise(folder: Path, who: str) -> tuple[Snapshot, dict[str, Any], CheckUp]:
    """The check-up of one enterprise of a snapshot: code, or whole name where only one bears it.

    Judged as of the run's day by the facts of the run. Raises RunRefused where there is no such
    enterprise.
    """
    snapshot = snapshots.read(folder)
    city, book = snapshot.city, dictionary.build(snapshot.city)
    values = _row(snapshot, who)
    day = snapshot.as_of
    derived = {name: fact.expression for name, fact in book.facts.items() if fact.expression}
    parameters = bindings(city, last_day(snapshot.year, day))
    row = Row(values, day, parameters, derived)
    return snapshot, values, check_up(prepare(city, book, day=day), row, combining.rules(city))


def words(folder: Path, who: str, *, language: Language) -> str:
    """The check-up line by line."""
    snapshot, values, found = of_enterprise(folder, who)
    told = _Told(snapshot.city, dictionary.build(snapshot.city), language)
    return "\n".join(told.lines(snapshot, values, found))


def _row(snapshot: Snapshot, who: str) -> dict[str, Any]:
    table = snapshot.table("enterprises")
    for column, wanted in (("uscc", who.strip().upper()), ("name", who.strip())):
        rows: list[dict[str, Any]] = table.filter(pc.equal(table[column], wanted)).to_pylist()
        if len(rows) == 1:
            return rows[0]
    raise RunRefused(
        Text(
            zh=f"本次运行没有代码或名称唯一为“{who}”的企业；请核对统一社会信用代码",
            en=f"This run has no one enterprise with the code or name '{who}'; check the code.",
        )
    )


class _Told:
    """Says a check-up in one language."""

    def __init__(self, city: City, book: Dictionary, language: Language) -> None:
        self.city, self.book, self.language = city, book, language

    def say(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def lines(self, snapshot: Snapshot, values: dict[str, Any], found: CheckUp) -> Iterator[str]:
        if snapshot.simulated:
            yield self.say("▲ 模拟数据", "▲ Simulated data")
        yield f"{values['name']}  {values['uscc']}"
        total, count = self._money(found.best.total), len(found.best.chosen)
        yield self.say(
            f"截至 {snapshot.as_of}，按 {snapshot.year} 年数据：现在可享 {count} 项，"
            f"合计 {total}；还差一步 {len(found.near)} 项；资料不足 {len(found.unknown)} 项",
            f"As of {snapshot.as_of}, by the data of {snapshot.year}: {count} to have now, "
            f"{total} in all; {len(found.near)} within reach; {len(found.unknown)} lack facts",
        )
        yield from self._eligible(found)
        yield from self._unknown(found)
        yield from self._near(found)
        if found.far:
            yield ""
            yield self.say(
                f"另有 {len(found.far)} 项限定地区、行业等，不在适用范围内",
                f"{len(found.far)} more are for other places or industries",
            )
        yield ""
        yield self.say(
            "以上是按现有数据的测算，不是对企业的评定；数据有误，请联系提供部门更正后重新测算。",
            "This is worked out from the data at hand and is no verdict on the enterprise; where "
            "data are wrong, ask the office that holds them to correct them.",
        )

    def _eligible(self, found: CheckUp) -> Iterator[str]:
        if not found.eligible:
            return
        yield ""
        yield self.say("【现在可享】", "[To have now]")
        for result in found.eligible:
            paid = found.best.paid.get(result.prepared.id)
            yield f"● {self._title(result)}  {self._amount(result, paid)}"
            yield f"    {self._how(result)}"
            against = found.best.left_out.get(result.prepared.id)
            if against:
                titles = "、".join(self.city.combinations[name].says for name in against)
                yield self.say(f"    与所选政策不能同享：{titles}", f"    not together: {titles}")
            elif result.prepared.id not in found.best.chosen:
                yield self.say("    与所选政策合计已到上限", "    nothing left under the cap")

    def _unknown(self, found: CheckUp) -> Iterator[str]:
        if not found.unknown:
            return
        yield ""
        yield self.say("【补充资料即可判断】", "[Lacking facts]")
        for question in found.questions[:8]:
            yield self.say(
                f"● {self._column(question.column)}（{self._holder(question.column)}）："
                f"关系 {len(question.touches)} 项，仅凭它可定 {len(question.settles)} 项"
                f"{'，涉及 ' + self._money(question.money) if question.money else ''}",
                f"● {self._column(question.column)} ({self._holder(question.column)}): concerns "
                f"{len(question.touches)}, settles {len(question.settles)} alone"
                f"{', ' + self._money(question.money) if question.money else ''}",
            )
        for result in found.unknown:
            lacking = "、".join(self._column(name) for name in result.finding.lacking)
            yield f"    {self._title(result)}：{self.say('缺', 'lacks')} {lacking or '—'}"

    def _near(self, found: CheckUp) -> Iterator[str]:
        if not found.near:
            return
        yield ""
        yield self.say("【还差一步，由易到难】", "[Within reach, easiest first]")
        for result in found.near:
            yield f"● {self._title(result)}  {self._amount(result, None)}"
            for leaf in _unmet(result.finding):
                clause = leaf.condition.clause
                yield f"    ✗ {self.say(clause.says or '', clause.says_en or clause.says or '')}"
                for one in leaf.shortfalls:
                    yield f"      {self._shortfall(one)}"

    def _money(self, fen: int) -> str:
        """分 in 万元 where that is whole, else in 元; in English in yuan."""
        yuan = Decimal(fen) / FEN_PER_YUAN
        if self.language == "en":
            return f"{yuan:,.2f} yuan".replace(".00 ", " ")
        if fen and fen % (100 * FEN_PER_YUAN) == 0:
            return f"{(yuan / 10_000).normalize():f} 万元"
        return f"{yuan:,.2f} 元"

    def _number(self, amount: Amount) -> str:
        return f"{_rounded(amount.number)} {amount.unit.symbol}".strip()

    def _title(self, result: Result) -> str:
        policy = result.prepared.policy
        return self.say(policy.title, policy.title_en)

    def _amount(self, result: Result, paid: int | None) -> str:
        payable = result.working.payable if paid is None else paid
        if not payable:
            # Unknown, or nothing before it is met: the words of the document say what there is.
            benefit = result.prepared.version.benefit
            return self.say(benefit.says, benefit.says_en)
        return self._money(payable)

    def _how(self, result: Result) -> str:
        call, version = result.prepared.call, result.prepared.version
        state = _STATES[call.state].say(self.language)
        if call.window is not None:
            state = state.format(opens=call.window.opens, closes=call.window.closes)
        source = "　".join(filter(None, [version.document.title, version.document.clause]))
        delivery = _DELIVERY[result.prepared.policy.delivery].say(self.language)
        return f"{delivery} · {state} · {result.prepared.policy.office} · {source}"

    def _shortfall(self, one: Shortfall) -> str:
        columns = self.say("、", ", ").join(self._column(name) for name in one.columns)
        if all(name.startswith(("register:", "ever:")) for name in one.columns):
            return self.say(f"名录“{columns}”中没有", f"not in the register: {columns}")
        if one.value is None or one.threshold is None or one.difference is None:
            return self.say(f"所用数据：{columns}", f"data used: {columns}")
        value, threshold = self._number(one.value), self._number(one.threshold)
        gap = self._number(one.difference)
        more = one.direction == "more"
        told = self.say(
            f"{columns}：现为 {value}，要求{'不低于' if more else '不高于'} {threshold}，"
            f"{'还差' if more else '超出'} {gap}",
            f"{columns}: {value} now, {'at least' if more else 'at most'} {threshold}; "
            f"{'short by' if more else 'over by'} {gap}",
        )
        if one.in_part is not None:
            part, amount = one.in_part
            told += self.say(
                f"（约合{self._column(part)} {self._number(amount)}）",
                f" (about {self._number(amount)} of {self._column(part)})",
            )
        return told

    def _column(self, name: str) -> str:
        """What a column is called: the fact's title with its year, or the register's."""
        _, _, register = name.partition(":")
        if register:
            return self.say(self.city.registers[register].title,
                            self.city.registers[register].title_en)  # fmt: skip
        fact, _, back = name.partition("[")
        known = self.book.facts[fact]
        title = self.say(known.title, known.title_en)
        return f"{title}[{back}" if back else title

    def _holder(self, name: str) -> str:
        """Who holds what a column says."""
        _, _, register = name.partition(":")
        fact = self.book.facts.get(name.partition("[")[0])
        dataset = self.city.registers[register].dataset if register else fact and fact.dataset
        owner = self.city.datasets[dataset].owner if dataset else ""
        unit = self.city.units.get(owner)
        return self.say(unit.title, unit.title_en) if unit else owner


def _unmet(finding: Finding) -> list[Finding]:
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
    return [leaf for part in waiting for leaf in _unmet(part)]


def _rounded(number: Fraction) -> str:
    decimals = 2 if abs(number) >= 1 else 4
    text = f"{float(number):,.{decimals}f}"
    return text.rstrip("0").rstrip(".")
