"""A policy check-up in words, for the clerk of an enterprise."""

from collections.abc import Iterator, Sequence

from cityforge.brain.errors import Language, Text
from cityforge.brain.policies.check_up.result import Result
from cityforge.brain.reports import policy_words as words
from cityforge.brain.reports.check_up import content, sources
from cityforge.brain.reports.check_up.entries import Entries
from cityforge.brain.reports.check_up.page import Entry, Pair
from cityforge.brain.reports.examined import Examined
from cityforge.brain.reports.fact_names import Names
from cityforge.brain.reports.policy_named import policy_of, unanswered

_QUESTIONS = 8
_HEADINGS = {
    True: Text(zh="【现在可享】", en="[To have now]"),
    False: Text(zh="【已符合，待开放申报】", en="[Entitled, once the window opens]"),
}
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
    """The result of a policy by its id or title. Raises RunRefused where there is none, no version
    of it counts that day, or it is a model from elsewhere."""
    snapshot = examined.snapshot
    named = policy_of(snapshot.city, policy)
    for result in examined.check_up.results:
        if result.prepared.id == named.id:
            return result
    raise unanswered(named, snapshot.as_of)


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
        total, later = words.money(found.paid(found.now)), found.paid(found.later)
        zh = f"现在可享 {len(found.now)} 项，合计 {total.zh}；"
        en = f"{len(found.now)} to have now, {total.en} in all; "
        if found.later:
            zh += f"待开放申报 {len(found.later)} 项"
            en += f"{len(found.later)} once the window opens"
            if later:
                told = words.money(later)
                zh, en = f"{zh}，{told.zh}", f"{en}, {told.en}"
            zh, en = f"{zh}；", f"{en}; "
        yield self.say(
            f"截至 {snapshot.as_of}，按 {snapshot.year} 年数据：{zh}"
            f"还差一步 {len(found.near)} 项；信息不足 {len(found.unknown)} 项",
            f"As of {snapshot.as_of}, by the data of {snapshot.year}: {en}"
            f"{len(found.near)} within reach; {len(found.unknown)} lack facts",
        )
        for is_open, heading in _HEADINGS.items():
            yield from self._eligible(heading, is_open=is_open)
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

    def _eligible(self, heading: Text, *, is_open: bool) -> Iterator[str]:
        told = [one for one in self.found.eligible if one.timing.is_open is is_open]
        if not told:
            return
        yield ""
        yield self.told(heading)
        left_out = {one.entry.id: one.reasons for one in self.page.left_out}
        for result in told:
            name = result.prepared.id
            entry = self.entries.entry(result, paid=self.found.best.paid.get(name))
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
        answer = self.told(words.ANSWERS[result.finding.truth])
        yield from self.head()
        yield self.say(f"{entry.title}（{entry.id}）", f"{entry.title} ({entry.id})")
        once = self.say("达到后可得 ", "once met: ") if result.finding.truth is False else ""
        yield f"{answer}  {once if entry.money else ''}{_amount(entry)}"
        yield _how(entry)
        yield from (*entry.notes, *(f"▲ {one}" for one in entry.warnings))
        yield ""
        yield self.say("【逐条对照】", "[Clause by clause]")
        for clause in entry.clauses:
            yield f"  {_MARKS[clause.mark]} {clause.says}"
            if clause.facts:
                yield "      " + " · ".join(f"{one.says} {one.value}" for one in clause.facts)
        yield from self._gaps(result)
        yield from self._part(("怎样算出", "How it is worked out"), entry.working)
        yield from self._part(("材料", "Papers"), entry.materials)
        if entry.assumptions:
            yield ""
            yield self.say("【文件未载明，由本市设定】", "[Assumed where the document is silent]")
            yield from (f"  · {one}" for one in entry.assumptions)
        yield from self._corrections(result)

    def _gaps(self, result: Result) -> Iterator[str]:
        """What is in the way, how far, and what is lacking."""
        year = self.examined.year(result)
        gaps = words.unmet(result.finding)
        if gaps:
            yield ""
            yield self.say("【差在哪里】", "[What is in the way]")
        for leaf in gaps:
            yield f"  ✗ {self.told(words.in_the_way(leaf))}"
            for one in leaf.shortfalls:
                yield f"      {self.told(self.names.shortfall(one, year=year))}"
        if result.lacking:
            yield ""
            yield self.say("【缺什么资料，找谁】", "[What is lacking, and who holds it]")
        for holder, columns in self._held(result).items():
            told = self.told(self.names.columns(columns, year=year))
            yield self.say(f"  ○ {told}（{holder}）", f"  ○ {told} ({holder})")

    def _held(self, result: Result) -> dict[str, list[str]]:
        """The columns that a policy lacks, by who holds them."""
        found: dict[str, list[str]] = {}
        for column in result.lacking:
            holder = self.told(self.names.holder(column)) or self.say("由其他事实计算", "derived")
            found.setdefault(holder, []).append(column)
        return found

    def _part(self, title: tuple[str, str], lines: Sequence[Pair]) -> Iterator[str]:
        if lines:
            yield ""
            yield self.say(f"【{title[0]}】", f"[{title[1]}]")
        for line in lines:
            yield f"  {line.says}  {line.value}"

    def _corrections(self, result: Result) -> Iterator[str]:
        """Where the facts come from, of which time, and whom to ask where one is wrong."""
        yield ""
        yield self.say("【数据来源与更正】", "[Sources and corrections]")
        for source in sources.sources(self.examined, self.language, of=[result]):
            owner = f"{source.owner} · " if source.owner else ""
            yield f"  {source.title} · {owner}{source.when} · {source.correct}"
        yield from (f"  {line}" for line in self.page.disclaimer[:1])

    def best(self) -> Iterator[str]:
        page = self.page
        yield from self.head()
        if not page.best:
            yield self.say(
                "按现有数据，暂无现在可享的政策", "nothing to have now by the data at hand"
            )
        if not self.found.eligible:
            return
        for entry in page.best:
            yield f"● {entry.title}  {_amount(entry)}"
            for note in entry.notes:
                yield f"    {note}"
        if page.best_total:
            yield f"{self.say('合计', 'in all')}  {page.best_total}"
        if page.later:
            yield self.told(_HEADINGS[False])
        for entry in page.later:
            yield f"● {entry.title}  {_amount(entry)}"
            yield f"    {entry.state}"
            for note in entry.notes:
                yield f"    {note}"
        if page.later_total:
            yield f"{self.say('合计', 'in all')}  {page.later_total}"
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
