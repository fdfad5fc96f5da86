"""One scheme being looked over, and what is found there: a question, never a verdict."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from cityforge.brain.city.dictionary import Dictionary, Fact
from cityforge.brain.city.document import Document, Path_
from cityforge.brain.city.folder import City
from cityforge.brain.city.scheme import Scheme
from cityforge.brain.errors import Problem, Text
from cityforge.brain.evaluation.prepared import ENTERPRISE, Prepared
from cityforge.brain.expr import check
from cityforge.brain.expr.typed import Typed

Severity = Literal["warning", "question"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that is looked for. A warning is most likely a slip; a question may be meant so."""

    group: str
    severity: Severity


GROUPS: dict[str, Text] = {
    "indicators": Text(zh="指标与权重", en="indicators and weights"),
    "bases": Text(zh="基准值与缺数", en="base values and gaps"),
    "extras": Text(zh="加减分与否决", en="extra points and vetoes"),
    "grades": Text(zh="排名与分档", en="ranks and grades"),
    "upkeep": Text(zh="程序与依据", en="procedure and evidence"),
    "data": Text(zh="数据实况", en="what the data show"),
}
RULES: dict[str, Rule] = {
    **dict.fromkeys(("doubled", "direction", "percent"), Rule("indicators", "warning")),
    **dict.fromkeys(
        ("weights_sum", "heavy", "light", "uncapped", "below_zero"), Rule("indicators", "question")
    ),
    **dict.fromkeys(("old_base",), Rule("bases", "warning")),
    **dict.fromkeys(("unsourced_base", "gap_pays", "declared"), Rule("bases", "question")),
    **dict.fromkeys(
        ("bonus_doubles", "alike", "idle_limit", "never_holds", "always_holds"),
        Rule("extras", "warning"),
    ),
    **dict.fromkeys(
        ("bonus_uncapped", "bonus_large", "punished_twice"), Rule("extras", "question")
    ),
    **dict.fromkeys(("no_ties", "unreachable"), Rule("grades", "warning")),
    **dict.fromkeys(
        ("rounding_unstated", "tied_unstated", "no_consequence"), Rule("grades", "question")
    ),
    **dict.fromkeys(("no_publicity", "no_objection", "expired"), Rule("upkeep", "warning")),
    **dict.fromkeys(
        ("short_publicity", "no_exempt", "vague_exempt", "no_evidence", "no_example"),
        Rule("upkeep", "question"),
    ),
    **dict.fromkeys(("mostly_missing", "small_group", "no_base"), Rule("data", "warning")),
    **dict.fromkeys(
        ("undetermined", "nobody_exempt", "nobody", "everybody", "mostly_unknown", "outliers"),
        Rule("data", "question"),
    ),
}
"""Every rule by its id."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at; `problem` says where, what and what to do, in both languages."""

    rule: str
    scheme: str
    problem: Problem

    @property
    def severity(self) -> Severity:
        return RULES[self.rule].severity


@dataclass(frozen=True, slots=True)
class Looked:
    """A scheme being looked over. `day`: as of when; None: nothing is asked that hangs on it."""

    city: City
    book: Dictionary
    prepared: Prepared
    day: date | None

    @property
    def scheme(self) -> Scheme:
        return self.prepared.scheme

    @property
    def document(self) -> Document:
        return self.city.documents[("schemes", self.scheme.id)]

    @property
    def is_of_enterprises(self) -> bool:
        return self.scheme.subject == ENTERPRISE

    def is_written(self, *path: str | int) -> bool:
        """Whether the file states a key."""
        return self.document.value(path) is not None

    def finding(
        self, rule: str, path: Path_, what: Text, hint: Text, *, at_key: bool = False
    ) -> Finding:
        problem = self.document.problem(path, what, hint, at_key=at_key, warning=True)
        return Finding(rule, self.scheme.id, problem)

    def rests_on(self, typed: Typed) -> list[Fact]:
        """The observed facts behind an expression; none where it is about places."""
        if not self.is_of_enterprises:
            return []
        return self.book.rests_on(check.names(typed))


def group_of(finding: Finding) -> str:
    """Which group of questions a finding belongs to."""
    return RULES[finding.rule].group
