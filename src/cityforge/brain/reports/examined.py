"""The check-up of one enterprise out of a snapshot."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cityforge.brain.city import dictionary
from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.expr.typed import Typed
from cityforge.brain.facts.table import bindings
from cityforge.brain.policies import combining, matching
from cityforge.brain.policies.best import Rule
from cityforge.brain.policies.check_up import declared
from cityforge.brain.policies.check_up.check_up import CheckUp, check_up
from cityforge.brain.policies.check_up.declared import Answer
from cityforge.brain.policies.check_up.result import Result
from cityforge.brain.policies.prepared import Prepared, facts_year, prepare
from cityforge.brain.policies.reach.bounds import World, of_version
from cityforge.brain.reports import snapshot as snapshots
from cityforge.brain.reports.fact_names import Names
from cityforge.brain.reports.snapshot import Snapshot
from cityforge.brain.rules.row import Row


@dataclass(frozen=True, slots=True)
class Examined:
    """A check-up with what is needed to tell it.

    values   what is known of the enterprise, without its answers: facts of the newest year
    """

    snapshot: Snapshot
    book: Dictionary
    values: dict[str, Any]
    rules: tuple[Rule, ...]
    check_up: CheckUp

    @property
    def names(self) -> Names:
        return Names(self.snapshot.city, self.book)

    def year(self, result: Result | Prepared) -> int:
        """The year whose facts a policy is judged by."""
        prepared = result.prepared if isinstance(result, Result) else result
        return facts_year(prepared, self.snapshot.year)


@dataclass(frozen=True, slots=True)
class Examiner:
    """A snapshot made ready once, for the check-ups of many enterprises.

    policies  those that count on the day of the run
    back      by id of each policy, how many years before the newest its facts are
    """

    snapshot: Snapshot
    book: Dictionary
    policies: tuple[Prepared, ...]
    rules: tuple[Rule, ...]
    back: dict[str, int]
    derived: dict[str, Typed]
    parameters: dict[str, Any]
    world: World

    @classmethod
    def of(cls, snapshot: Snapshot) -> "Examiner":
        city, book = snapshot.city, dictionary.build(snapshot.city)
        policies = prepare(city, book, day=snapshot.as_of)
        return cls(
            snapshot,
            book,
            policies,
            combining.rules(city),
            {one.id: snapshot.year - facts_year(one, snapshot.year) for one in policies},
            {name: fact.expression for name, fact in book.facts.items() if fact.expression},
            bindings(city, snapshot.as_of),
            # What parameters say is in the rows; the contracts are the same for all policies.
            of_version(city, book, policies[0].version) if policies else World(),
        )

    def answer(self, text: str) -> Answer:
        """What an enterprise declares, as `fact=value`. Raises RunRefused where it cannot be
        taken."""
        return declared.read(self.snapshot.city, self.book, text)

    def of_enterprise(self, who: str, *, declare: Sequence[str] = ()) -> Examined:
        """The check-up of one enterprise. Raises RunRefused as the function of this name does."""
        snapshot = self.snapshot
        # Without policies a run writes no applicants.
        table = matching.APPLICANTS if self.policies else "enterprises"
        values = snapshot.enterprise(table, who)
        earlier = {
            years: snapshot.enterprise(
                matching.table_of(snapshot.year - years, snapshot.year), values["uscc"]
            )
            for years in set(self.back.values()) - {0}
        }
        answers = [self.answer(text) for text in declare]
        found = check_up(
            self.policies,
            self._row(values),
            self.rules,
            answers=[one for one in answers if values.get(one.column) != one.value],
            earlier={years: self._row(known) for years, known in earlier.items()},
            years_back=self.back,
            world=self.world,
        )
        return Examined(snapshot, self.book, values, self.rules, found)

    def _row(self, known: dict[str, Any]) -> Row:
        return Row(known, self.snapshot.as_of, self.parameters, self.derived)


def of_enterprise(folder: Path, who: str, *, declare: Sequence[str] = ()) -> Examined:
    """The check-up of one enterprise of a snapshot: code, or whole name where only one bears it.

    Judged as of the run's day by the facts of the run; `declare`: what the enterprise says over
    them, as `fact=value`. Raises RunRefused where there is no such enterprise, or an answer cannot
    be taken.
    """
    return Examiner.of(snapshots.read(folder)).of_enterprise(who, declare=declare)
