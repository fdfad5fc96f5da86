"""Every fact that a check-up used, by the office that holds it, and how to correct it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cityforge.brain.errors import Language, Text
from cityforge.brain.policies.check_up.declared import rests_on
from cityforge.brain.policies.check_up.result import Result
from cityforge.brain.reports import fact_names, provenance
from cityforge.brain.reports.check_up.page import Source, Value
from cityforge.brain.reports.examined import Examined
from cityforge.brain.reports.fact_names import Names
from cityforge.brain.reports.provenance import Provenance


def sources(
    examined: Examined, language: Language, *, of: Iterable[Result] | None = None
) -> Iterator[Source]:
    """By dataset: first what the enterprise declared, last what was worked out.

    `of`: the facts of these policies alone.
    """
    results = examined.check_up.results if of is None else tuple(of)
    return _Sources(examined, language, results).sources()


@dataclass(frozen=True, slots=True)
class _Sources:
    examined: Examined
    language: Language
    results: tuple[Result, ...]

    @property
    def names(self) -> Names:
        return self.examined.names

    def say(self, text: Text) -> str:
        return text.say(self.language)

    def pick(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def sources(self) -> Iterator[Source]:
        """Every fact used, by dataset; then what was worked out from them."""
        groups: dict[tuple[bool, bool, str], list[tuple[Provenance, object]]] = {}
        for origin, value in self._used():
            key = (not origin.answered, not origin.dataset.zh, origin.dataset.zh)
            groups.setdefault(key, []).append((origin, value))
        for key in sorted(groups):
            yield self._source(groups[key])

    def _used(self) -> Iterator[tuple[Provenance, object]]:
        found = self.examined.check_up
        answered = {answer.column for answer in found.answers}
        seen: set[tuple[str, int]] = set()
        for result in self.results:
            year = self.examined.year(result)
            for name in sorted(rests_on(result.prepared.reads, result.row)):
                fact, back = fact_names.dated(name)
                if (fact, year + back) in seen:
                    continue
                seen.add((fact, year + back))
                own = name if year == self.examined.snapshot.year else ""
                origin = provenance.of(self.names, name, year=year, answered=own in answered)
                yield origin, result.row.values.get(name)

    def _source(self, group: list[tuple[Provenance, object]]) -> Source:
        first = group[0][0]
        as_of = self.examined.snapshot.as_of
        title = self.say(first.dataset) or self.pick("由以上数据计算", "Worked out from the above")
        if first.answered:
            title = self.pick("企业自报（待核实）", "Declared by the enterprise, to be confirmed")
        years = sorted({origin.year for origin, _ in group if origin.year is not None})
        when = self.pick(f"截至 {as_of}", f"as of {as_of}")
        if years:
            span = str(years[0]) if len(years) == 1 else f"{years[0]}—{years[-1]}"
            when = self.pick(f"{span} 年", span)
        return Source(
            title=title,
            owner=self.say(first.owner),
            when=when,
            correct=self.say(first.correct),
            values=tuple(self._values(group)),
        )

    def _values(self, group: list[tuple[Provenance, object]]) -> Iterator[Value]:
        """Known facts, the missing ones; registers it is in, then those it is not in, together."""
        figures = [pair for pair in group if ":" not in pair[0].column]
        missing = [self.say(origin.title) for origin, value in figures if value is None]
        told_of = [pair for pair in figures if pair[1] is not None]
        for origin, value in sorted(told_of, key=lambda pair: pair[0].column):
            mark = ""
            if origin.rests_on:
                rests = self.names.columns(origin.rests_on, year=self.examined.snapshot.year)
                mark = self.pick(f"由{rests.zh}得出", f"from {rests.en}")
            told = self.names.value(origin.column, value)
            yield Value(self.say(origin.title), self.say(told), mark)
        if missing:
            comma = self.pick("、", ", ")
            yield Value(self.pick("暂缺：", "missing:"), "", comma.join(sorted(missing)))
        registers: dict[str, dict[str, object]] = {}
        for origin, value in group:
            kind, _, register = origin.column.partition(":")
            if register:
                registers.setdefault(register, {})[kind] = value
        yield from self._registers(registers)

    def _registers(self, found: dict[str, dict[str, object]]) -> Iterator[Value]:
        absent, unknown = [], []
        for register, looked in sorted(found.items()):
            known = self.examined.snapshot.city.registers[register]
            title = self.pick(known.title, known.title_en)
            told = fact_names.standing(looked)
            if told is None:
                unknown.append(title)
            elif told is fact_names.NOT_HELD:
                absent.append(title)
            else:
                yield Value(title, self.say(told))
        comma = self.pick("、", ", ")
        if absent:
            yield Value(self.pick("不在册：", "not held:"), "", comma.join(absent))
        if unknown:
            yield Value(self.pick("名录未到：", "register not supplied:"), "", comma.join(unknown))
