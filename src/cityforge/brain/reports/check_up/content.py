"""The content of a check-up's page out of what was found."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cityforge.brain.city.dictionary import DISTRICT, INDUSTRY
from cityforge.brain.errors import Language
from cityforge.brain.policies.check_up.questions import Question
from cityforge.brain.policies.check_up.result import Result
from cityforge.brain.reports import policy_words as words
from cityforge.brain.reports.check_up import headline
from cityforge.brain.reports.check_up import sources as check_up_sources
from cityforge.brain.reports.check_up.entries import Entries
from cityforge.brain.reports.check_up.page import (
    Ask,
    Day,
    Entry,
    Lacking,
    LeftOut,
    Page,
    Pair,
)
from cityforge.brain.reports.check_up.voice import Voice
from cityforge.brain.reports.examined import Examined


def build(examined: Examined, language: Language) -> Page:
    """The content of a page in one language."""
    return _Page(examined, language).page()


@dataclass(frozen=True, slots=True)
class _Page(Voice):
    @property
    def entries(self) -> Entries:
        return Entries(self.examined, self.language)

    def page(self) -> Page:
        snapshot, found = self.examined.snapshot, self.examined.check_up
        values = self.examined.values
        others = [r for r in found.eligible if r.prepared.id not in found.best.chosen]
        asks = tuple(self._ask(question) for question in found.questions)
        calendar = tuple(self._calendar())
        return Page(
            language=self.language,
            title=self.pick("政策体检", "Policy check-up"),
            name=str(values["name"]),
            code=str(values["uscc"]),
            about=tuple(self._about()),
            simulated=self.pick(
                "模拟数据：不代表任何真实企业", "Simulated data: about no real enterprise"
            )
            if snapshot.simulated
            else "",
            sentence=headline.sentence(self.examined, self.language),
            figures=headline.figures(self.examined, self.language),
            best=self._paid(found.now),
            best_total=self._total(found.now),
            best_proof=self._proof(),
            later=self._paid(found.later),
            later_total=self._total(found.later),
            left_out=tuple(self._left_out(r) for r in others),
            near=tuple(self.entries.near(r) for r in found.near),
            asks=asks,
            lacking=tuple(
                Lacking(
                    self.entries.entry(r),
                    self.say(self.names.columns(r.lacking, year=self.examined.year(r))),
                )
                for r in (*found.eligible, *found.unknown)
                if r.lacking
            ),
            calendar=calendar,
            far=tuple(self.entries.far(r) for r in found.far),
            answers=tuple(
                Pair(
                    self.say(self.names.column(a.column, year=snapshot.year)),
                    self.say(self.names.value(a.column, a.value)),
                )
                for a in found.answers
            ),
            sources=tuple(check_up_sources.sources(self.examined, self.language)),
            disclaimer=self._disclaimer(),
            run=str(snapshot.run["run_id"]),
        )

    def _paid(self, results: Iterable[Result]) -> tuple[Entry, ...]:
        paid = self.examined.check_up.best.paid
        return tuple(self.entries.entry(one, paid=paid[one.prepared.id]) for one in results)

    def _total(self, results: Iterable[Result]) -> str:
        total = self.examined.check_up.paid(results)
        return self.say(words.money(total)) if total else ""

    def _about(self) -> Iterator[str]:
        snapshot, values = self.examined.snapshot, self.examined.values
        for name in (DISTRICT, INDUSTRY):
            if values.get(name) is not None:
                yield self.say(self.names.value(name, values[name]))
        yield self.pick(f"截至 {snapshot.as_of}", f"as of {snapshot.as_of}")
        yield self.pick(f"{snapshot.year} 年数据", f"data of {snapshot.year}")

    def _proof(self) -> str:
        best = self.examined.check_up.best
        if not self.examined.check_up.eligible:
            return ""
        return self.pick(
            f"逐项试过办与不办，共比较 {best.branches} 种情形，没有合计更多的",
            f"each tried in and out: {best.branches} cases compared; no other can pay more",
        )

    def _left_out(self, result: Result) -> LeftOut:
        best = self.examined.check_up.best
        rules = best.left_out.get(result.prepared.id, ())
        told = [self._against(name) for name in rules] or [self._spent(result)]
        return LeftOut(self.entries.entry(result), tuple(told))

    def _spent(self, result: Result) -> str:
        """Why a policy that nothing forbids would add nothing: the caps and differences it is
        under."""
        rules = [
            self.say(words.combination(rule.combination))
            for rule in self.examined.rules
            if rule.kind in ("cap", "difference") and result.prepared.id in rule.policies
        ]
        if not rules:
            return self.pick("单独办理没有资金", "pays nothing by itself")
        listed = self.pick("；", "; ").join(rules)
        return self.pick(f"再办不多得：{listed}", f"adds nothing: {listed}")

    def _against(self, rule: str) -> str:
        """The rule in its words, and the chosen policies it stands with."""
        city, best = self.examined.snapshot.city, self.examined.check_up.best
        one = city.combinations[rule]
        with_ = [
            self.pick(city.policies[name].title, city.policies[name].title_en)
            for name in one.policies
            if name in best.chosen
        ]
        says = self.say(words.combination(one))
        if not with_:
            return says
        listed = self.pick("、".join(f"“{name}”" for name in with_), ", ".join(with_))
        return self.pick(f"与{listed}：{says}", f"with {listed}: {says}")

    def _ask(self, question: Question) -> Ask:
        city = self.examined.snapshot.city
        titles = [
            self.pick(city.policies[name].title, city.policies[name].title_en)
            for name in question.touches
        ]
        alone, all_ = len(question.settles), len(question.touches)
        if alone:
            settles = self.pick(
                f"关系 {all_} 项政策，仅凭它可定 {alone} 项",
                f"concerns {words.policies(all_)}, settles {alone} alone",
            )
        else:
            settles = self.pick(
                f"关系 {all_} 项政策，要与其他资料一起补",
                f"concerns {words.policies(all_)}, together with other facts",
            )
        money = ""
        if question.money:
            told = words.about(question.money)
            money = self.pick(f"最多可多得{words.after_words(told.zh)}", f"up to {told.en} more")
        elif question.shared:
            told = words.about(question.shared)
            money = self.pick(f"涉及{words.after_words(told.zh)}", f"{told.en} at stake")
        return Ask(
            title=self.say(self.names.column(question.column, year=self.examined.snapshot.year)),
            holder=self.say(self.names.holder(question.column)),
            money=money,
            settles=settles,
            policies=tuple(titles),
            declare=question.column,
        )

    def _calendar(self) -> Iterator[Day]:
        """Windows open and coming, first what closes first; then what is rolling but ends."""
        found = self.examined.check_up
        told = (*found.eligible, *found.near, *found.unknown)
        dated = []
        for result in told:
            timing = result.timing
            if timing.state == "open" and timing.window is not None:
                dated.append((timing.window.closes, result))
            elif timing.state == "coming" and timing.window is not None:
                dated.append((timing.window.opens, result))
            elif timing.then is not None:
                dated.append((timing.then.opens, result))
        for day, result in sorted(dated, key=lambda pair: (pair[0], pair[1].prepared.id)):
            timing = result.timing
            if timing.state == "open":
                says = self.pick(
                    f"截止，还剩 {timing.days_left} 天", f"closes, {timing.days_left} days left"
                )
            else:
                days = (day - self.examined.snapshot.as_of).days
                says = self.pick(f"开始受理，{days} 天后", f"opens, in {days} days")
            yield Day(day.isoformat(), self.entries.title(result), says, timing.urgency)

    def _disclaimer(self) -> tuple[str, ...]:
        run = self.examined.snapshot.run["run_id"]
        return (
            self.pick(
                "本页按现有数据测算，用于提示可办的政策，不是对企业的评定，也不代替主管部门的审核决定。",
                "This is worked out from the data at hand to show what can be applied for. It is "
                "no verdict on the enterprise, and no decision of the office in charge.",
            ),
            self.pick(
                "任何一项数据有误，请按“数据来源与更正”所列部门申请核对；更正后重新测算，结果随之改变。",
                "Where a value is wrong, ask the office named under 'Sources and corrections'; "
                "once corrected, the check-up is worked out anew.",
            ),
            self.pick(f"运行编号 {run}", f"run {run}"),
        )
