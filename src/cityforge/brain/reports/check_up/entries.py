"""One policy on the page of a check-up: its money, working, conditions, and how far it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from cityforge.brain.city.policy import PolicyVersion
from cityforge.brain.city.shapes import Verified
from cityforge.brain.errors import Text
from cityforge.brain.expr import check
from cityforge.brain.policies.check_up.result import Result
from cityforge.brain.policies.check_up.timing import ENDING
from cityforge.brain.reports import messages
from cityforge.brain.reports import policy_words as words
from cityforge.brain.reports.check_up.page import Bar, Clause, Entry, Gap, Near, Pair
from cityforge.brain.reports.check_up.voice import Voice
from cityforge.brain.rules.distance import Shortfall
from cityforge.brain.rules.judging import Finding

_MATERIALS = {
    "enterprise": Text(zh="企业提交", en="handed in"),
    "shared": Text(zh="部门共享，不用提交", en="shared by an office"),
    "licence": Text(zh="电子证照，不用提交", en="e-licence"),
}
_UNPROVEN = {
    Verified.GENERAL_KNOWLEDGE: Text(
        zh="规则尚未与原文核对", en="the rule is not checked against the document yet"
    ),
    Verified.ASSUMPTION: messages.text("verified_assumption"),
}


@dataclass(frozen=True, slots=True)
class Entries(Voice):
    """Says the policies of a check-up in one language."""

    def entry(self, result: Result, *, paid: int | None = None) -> Entry:
        prepared, version = result.prepared, result.prepared.version
        benefit = version.benefit
        pays = self.pick(benefit.says, benefit.says_en)
        document = version.document
        number = f"（{document.number}）" if document.number else ""
        return Entry(
            id=prepared.id,
            title=self.title(result),
            money=self._money(result, paid),
            pays=pays,
            delivery=self.say(words.DELIVERY[prepared.policy.delivery]),
            state=self.say(words.state(result.timing)),
            urgency=result.timing.urgency,
            office=self.say(self.names.office(prepared.policy.office)),
            document=f"《{document.title}》{number}{document.clause or ''}{self._copied(version)}",
            contact=prepared.policy.contact or "",
            working=tuple(self._working(result)),
            notes=tuple(self._notes(result, paid)),
            warnings=tuple(self._warnings(result)),
            assumptions=tuple(version.assumptions),
            materials=tuple(
                Pair(
                    self.pick(one.title, one.title_en or one.title),
                    self.say(_MATERIALS[one.source]),
                )
                for one in version.materials
            ),
            clauses=tuple(self._clauses(result, result.finding)),
        )

    def _money(self, result: Result, paid: int | None) -> str:
        payable = result.working.payable if paid is None else paid
        if payable:
            return self.say(words.money(payable))
        if result.between is not None:
            return self.say(words.between(result.between))
        return ""

    def _working(self, result: Result) -> Iterator[Pair]:
        """The steps with their values, then the amount."""
        for line in result.working.lines:
            step, value = line.step, line.value
            told = "—"
            if isinstance(value, bool):
                told = self.pick("是" if value else "否", "yes" if value else "no")
            elif isinstance(value, Decimal | float):
                told = self.say(words.typed(value, step.typed.type))
            elif value is not None:
                told = str(value)
            yield Pair(self.pick(step.says, step.says_en or step.says), told)
        working = result.working
        if working.received and working.amount is not None:
            yield Pair(self.pick("应得", "due"), self.say(words.money(working.amount)))
            yield Pair(
                self.pick("已获同类资金，只付差额", "already received, the difference is paid"),
                self.say(words.money(working.received)),
            )
        if working.payable is not None and working.lines:
            yield Pair(self.pick("可得", "payable"), self.say(words.money(working.payable)))

    def _notes(self, result: Result, paid: int | None) -> Iterator[str]:
        working = result.working
        if paid is not None and working.payable is not None and paid < working.payable:
            full = words.money(working.payable)
            yield self.pick(
                f"单独计算为 {full.zh}，按组合规则只付上列金额",
                f"{full.en} by itself; the combinations allow what is shown",
            )
        if len(working.instalments) > 1:
            told = [self.say(words.money(one)) for one in working.instalments]
            yield self.pick(
                f"分 {len(told)} 期：{'、'.join(told)}", f"in {len(told)} parts: {', '.join(told)}"
            )
        year = self.examined.year(result)
        if year != self.examined.snapshot.year:
            yield self.pick(f"按 {year} 年数据判断", f"judged by the data of {year}")

    def _copied(self, version: PolicyVersion) -> str:
        """What stands after a document that was read in a copy only."""
        if version.evidence.verified is not Verified.THIRD_PARTY_COPY:
            return ""
        told = messages.text("verified_third_party_copy")
        return self.pick(f"（{told.zh}）", f" ({told.en})")

    def _warnings(self, result: Result) -> Iterator[str]:
        version, timing = result.prepared.version, result.timing
        if result.provisional:
            told = self.names.columns(result.declared, year=self.examined.snapshot.year)
            yield self.pick(
                f"暂定：依企业自报的{told.zh}，核实后确定",
                f"provisional: rests on the declared {told.en}",
            )
        if version.evidence.verified in _UNPROVEN:
            yield self.say(_UNPROVEN[version.evidence.verified])
        if timing.ends_in is not None and timing.ends_in <= ENDING:
            yield self.pick(
                f"政策有效期至 {timing.ends}（还剩 {timing.ends_in} 天）",
                f"in force until {timing.ends} ({timing.ends_in} days)",
            )

    def _clauses(
        self, result: Result, finding: Finding, *, wanted: bool = True, spare: bool = False
    ) -> Iterator[Clause]:
        """Every clause that is an expression, with its answer and the facts it was judged by.

        `spare`: what it belongs to is decided in favour already, so it need not be met.
        """
        spare = spare or finding.truth is wanted
        inner = wanted if finding.condition.clause.none is None else not wanted
        for part in finding.parts:
            yield from self._clauses(result, part, wanted=inner, spare=spare)
        if finding.parts:
            return
        clause = finding.condition.clause
        mark = "unknown" if finding.truth is None else "unmet"
        if finding.truth is wanted:
            mark = "met"
        elif spare:
            mark = "spare"
        says = self.pick(clause.says or "", clause.says_en or clause.says or "")
        yield Clause(
            mark,
            says if wanted else self.pick(f"无：{says}", f"not: {says}"),
            clause.article or "",
            tuple(self._facts(result, finding)),
        )

    def _facts(self, result: Result, leaf: Finding) -> list[Pair]:
        """What an expression reads, as it was known."""
        told = self.names.facts(
            check.columns(leaf.condition.truth),
            result.row.values,
            year=self.examined.year(result),
        )
        return [Pair(self.say(name), self.say(value)) for name, value in told]

    def near(self, result: Result) -> Near:
        finding = result.finding
        return Near(
            self.entry(result),
            self.say(words.effort(finding)),
            tuple(self._gap(result, leaf) for leaf in words.unmet(finding)),
        )

    def _gap(self, result: Result, leaf: Finding) -> Gap:
        clause, year = leaf.condition.clause, self.examined.year(result)
        bars = [one for one in leaf.shortfalls if one.difference is not None]
        rest = [one for one in leaf.shortfalls if one.difference is None]
        return Gap(
            self.say(words.in_the_way(leaf)),
            clause.article or "",
            tuple(self._bar(one, year) for one in bars),
            tuple(self.say(self.names.shortfall(one, year=year)) for one in rest),
        )

    def _bar(self, one: Shortfall, year: int) -> Bar:
        assert one.value is not None and one.threshold is not None and one.difference is not None
        more = one.direction == "more"
        value, threshold = float(one.value.number), float(one.threshold.number)
        full = max(abs(value), abs(threshold)) * (1 if more else 1.1) or 1
        told = self._short(one, year, more=more)
        wanted = words.amount(one.threshold)
        sign = {"more": "> " if one.strict else "≥ ", "less": "< " if one.strict else "≤ "}
        return Bar(
            title=self.say(self.names.measured(one, year=year)),
            value=self.say(words.amount(one.value)),
            threshold=sign.get(one.direction, "") + self.say(wanted),
            gap=told,
            now=min(max(value / full, 0.0), 1.0),
            wanted=min(max(threshold / full, 0.0), 1.0),
        )

    def _short(self, one: Shortfall, year: int, *, more: bool) -> str:
        """How far, in words; of a strict threshold just reached, that it must be passed."""
        assert one.difference is not None
        if not one.difference.number:
            return self.pick("须高于要求" if more else "须低于要求", "must pass what is wanted")
        gap = self.say(words.amount(one.difference))
        told = f"{self.say(words.SHORT if more else words.OVER)} {gap}"
        if one.in_part is None:
            return told
        part = self.names.column(one.in_part[0], year=year)
        amount = words.amount(one.in_part[1])
        return told + self.pick(
            f"（约合{part.zh} {amount.zh}）", f" (about {amount.en} of {part.en})"
        )

    def far(self, result: Result) -> Pair:
        """The clause that no effort can meet, with the fact it was judged by."""
        told = ""
        for leaf in words.unmet(result.finding)[:1]:
            facts = [f"{one.says} {one.value}" for one in self._facts(result, leaf)]
            told = self.say(words.in_the_way(leaf))
            if facts:
                listed = self.pick("、", ", ").join(facts)
                told = self.pick(f"{told}（{listed}）", f"{told} ({listed})")
        return Pair(self.title(result), told)
