"""A policy check-up in words, for the clerk of an enterprise."""

from collections.abc import Iterator

from cityforge.brain.errors import Language, RunRefused, Text
from cityforge.brain.policies.check_up.result import Result
from cityforge.brain.reports import policy_words as words
from cityforge.brain.reports.check_up import content
from cityforge.brain.reports.check_up.entries import Entries
from cityforge.brain.reports.check_up.page import Entry
from cityforge.brain.reports.examined import Examined
from cityforge.brain.reports.policy_words import Names

_QUESTIONS = 8
_MARKS = {"met": "✓", "unmet": "✗", "unknown": "○", "spare": "–"}


def say(examined: Examined, *, language: Language) -> str:
    """The check-up line by line."""
    return "\n".join(_Told(examined, language).lines())


def say_one(examined: Examined, result: Result, *, language: Language) -> str:
    """One policy with all its conditions, its working and its papers."""
    return "\n".join(_Told(examined, language).whole(result))


def say_best(examined: Examined, *, language: Language) -> str:
    """The best set, why it is the best, and why each other policy is not in it."""
    return "\n".join(_Told(examined, language).best())


def one_of(examined: Examined, policy: str) -> Result:
    """The result of one policy. Raises RunRefused where no version of it counts that day, or it is
    a model from elsewhere."""
    for result in examined.check_up.results:
        if result.prepared.id == policy:
            return result
    kept = examined.snapshot.city.policies.get(policy)
    if kept is not None and kept.model:
        raise RunRefused(
            Text(
                zh=f"“{kept.title}”是外地政策范本，不计入体检；可用 cityforge policy simulate 测算",
                en=f"'{policy}' is a model from elsewhere and no part of check-ups; "
                "cityforge policy simulate works out what it would cost",
            )
        )
    known = "、".join(sorted(result.prepared.id for result in examined.check_up.results))
    day = examined.snapshot.as_of
    raise RunRefused(
        Text(
            zh=f"{day} 没有政策“{policy}”的有效版本；有：{known}",
            en=f"No version of policy '{policy}' counts on {day}; there are: {known}",
        )
    )


class _Told:
    """Says a check-up in one language."""

    def __init__(self, examined: Examined, language: Language) -> None:
        self.examined, self.language = examined, language
        self.found, self.entries = examined.check_up, Entries(examined, language)
        self.page = content.build(examined, language)

    @property
    def names(self) -> Names:
        return self.examined.names

    def say(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def told(self, text: Text) -> str:
        return text.say(self.language)

    def head(self) -> Iterator[str]:
        values, snapshot = self.examined.values, self.examined.snapshot
        if snapshot.simulated:
            yield self.say("▲ 模拟数据", "▲ Simulated data")
        yield f"{values['name']}  {values['uscc']}"
        for answer in self.found.answers:
            name = self.names.column(answer.column, year=snapshot.year)
            value = self.names.value(answer.column, answer.value)
            yield self.say(
                f"  企业自报（待核实）：{name.zh} {value.zh}",
                f"  declared, to be confirmed: {name.en} {value.en}",
            )

    def lines(self) -> Iterator[str]:
        found, snapshot = self.found, self.examined.snapshot
        yield from self.head()
        total, count = words.money(found.best.total), len(found.best.chosen)
        yield self.say(
            f"截至 {snapshot.as_of}，按 {snapshot.year} 年数据：现在可享 {count} 项，"
            f"合计 {total.zh}；还差一步 {len(found.near)} 项；信息不足 {len(found.unknown)} 项",
            f"As of {snapshot.as_of}, by the data of {snapshot.year}: {count} to have now, "
            f"{total.en} in all; {len(found.near)} within reach; {len(found.unknown)} lack facts",
        )
        yield from self._eligible()
        yield from self._lacking()
        yield from self._near()
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

    def _eligible(self) -> Iterator[str]:
        best = self.found.best
        if not self.found.eligible:
            return
        yield ""
        yield self.say("【现在可享】", "[To have now]")
        left_out = {one.entry.id: one.reasons for one in self.page.left_out}
        for result in self.found.eligible:
            name = result.prepared.id
            entry = self.entries.entry(result, paid=best.paid.get(name))
            yield f"● {entry.title}  {_amount(entry)}"
            yield f"    {_how(entry)}"
            for line in (*entry.notes, *(f"▲ {one}" for one in entry.warnings)):
                yield f"    {line}"
            for reason in left_out.get(name, ()):
                yield self.say(f"    未选入：{reason}", f"    left out: {reason}")

    def _lacking(self) -> Iterator[str]:
        if not self.found.questions:
            return
        yield ""
        yield self.say("【补充资料即可判断】", "[Lacking facts]")
        page = self.page
        for ask in page.asks[:_QUESTIONS]:
            holder = self.say(f"（{ask.holder}）", f" ({ask.holder})") if ask.holder else ""
            money = f"{self.say('，', ', ')}{ask.money}" if ask.money else ""
            yield f"● {ask.title}{holder}{self.say('：', ': ')}{ask.settles}{money}"
        for lacking in page.lacking:
            lacks = self.say("缺", "lacks")
            yield f"    {lacking.entry.title}{self.say('：', ': ')}{lacks} {lacking.facts}"

    def _near(self) -> Iterator[str]:
        if not self.found.near:
            return
        yield ""
        yield self.say("【还差一步，由易到难】", "[Within reach, easiest first]")
        for result in self.found.near:
            year = self.examined.year(result)
            yield f"● {self.entries.title(result)}  {_amount(self.entries.entry(result))}"
            for leaf in words.unmet(result.finding):
                yield f"    ✗ {self.told(words.in_the_way(leaf))}"
                for one in leaf.shortfalls:
                    yield f"      {self.told(self.names.shortfall(one, year=year))}"

    def whole(self, result: Result) -> Iterator[str]:
        paid = self.found.best.paid.get(result.prepared.id)
        entry = self.entries.entry(result, paid=paid)
        answers = {
            True: self.say("符合条件", "entitled"),
            False: self.say("暂不符合", "not yet"),
            None: self.say("信息不足", "lacks facts"),
        }
        yield from self.head()
        yield self.say(f"{entry.title}（{entry.id}）", f"{entry.title} ({entry.id})")
        yield f"{answers[result.finding.truth]}  {_amount(entry)}"
        yield _how(entry)
        for warning in entry.warnings:
            yield f"▲ {warning}"
        yield ""
        for clause in entry.clauses:
            yield f"  {_MARKS[clause.mark]} {clause.says}"
            if clause.facts:
                yield "      " + " · ".join(f"{one.says} {one.value}" for one in clause.facts)
        year = self.examined.year(result)
        for leaf in words.unmet(result.finding):
            for one in leaf.shortfalls:
                yield f"    → {self.told(self.names.shortfall(one, year=year))}"
        if result.lacking:
            told = self.told(self.names.columns(result.lacking, year=year))
            yield f"    → {self.say('缺', 'lacks')} {told}"
        if entry.working:
            yield ""
            for line in entry.working:
                yield f"  {line.says}  {line.value}"
        for note in (*entry.notes, *entry.assumptions):
            yield f"  · {note}"
        for paper in entry.materials:
            yield f"  · {paper.says}  {paper.value}"

    def best(self) -> Iterator[str]:
        page = self.page
        yield from self.head()
        if not page.best:
            yield self.say(
                "按现有数据，暂无可直接享受的政策", "nothing to have now by the data at hand"
            )
            return
        for entry in page.best:
            yield f"● {entry.title}  {_amount(entry)}"
            for note in entry.notes:
                yield f"    {note}"
        if page.best_total:
            yield f"{self.say('合计', 'in all')}  {page.best_total}"
        yield page.best_proof
        for left in page.left_out:
            yield f"○ {left.entry.title}  {_amount(left.entry)}"
            for reason in left.reasons:
                yield f"    {reason}"


def _amount(entry: Entry) -> str:
    """Unknown, or nothing before it is met: the words of the document say what there is."""
    return entry.money or entry.pays


def _how(entry: Entry) -> str:
    return f"{entry.delivery} · {entry.state} · {entry.office} · {entry.document}"
