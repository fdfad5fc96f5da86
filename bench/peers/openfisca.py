"""OpenFisca-core: two variables a policy, known true and known false, vectorised over a sample.

It has no missing values, so each fact has a variable that tells whether it is known; each distinct
atom is a variable too, so that OpenFisca computes it once and keeps it. Its numbers are of 32 bits:
amounts enter as whole numbers that fit, and only ratios are doubles (inside a formula).
"""

import gc
import operator
from collections.abc import Callable, Sequence
from functools import reduce

import numpy as np
import pyarrow as pa
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import Simulation, SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from cityforge.brain.engines.kernel.planes import Planes, packed
from kernel_workload import (
    Condition,
    Flag,
    Joint,
    Limit,
    Negated,
    OneOf,
    Prefix,
    Ratio,
    whole_numbers,
)

YEAR = "2026"
SIGNS = {">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt}
Truths = np.ndarray
Ask = Callable[[str], Truths]  # the name of a variable to its values
Formula = Callable[[Ask], Truths]


class OpenFisca:
    def __init__(self, table: pa.Table, policies: Sequence[Joint]) -> None:
        self._rows = table.num_rows
        self._given: dict[str, np.ndarray] = {}
        self._words: dict[str, list[str]] = {}
        entity = build_entity(key="enterprise", plural="enterprises", label="", is_person=True)
        self._entity = entity
        self._system = TaxBenefitSystem([entity])
        for name, column in zip(table.column_names, whole_numbers(table).columns, strict=True):
            self._add_column(name, column.combine_chunks())
        self._names: dict[Condition, str] = {}
        self._policies = [self._named(policy) for policy in policies]
        self._found: Simulation | None = None

    def match(self) -> None:
        self._found = None
        gc.collect()  # a simulation holds itself in circles, and its memory is needed
        simulation = SimulationBuilder().build_default_simulation(self._system, self._rows)
        for name, values in self._given.items():
            simulation.set_input(name, YEAR, values)
        for name in self._policies:
            for side in ("true", "false"):
                simulation.calculate(f"{name}_{side}", YEAR)
        self._found = simulation

    def answers(self) -> Planes:
        assert self._found is not None
        sides = (
            np.stack([packed(self._found.calculate(f"{n}_{side}", YEAR)) for n in self._policies])
            for side in ("true", "false")
        )
        return Planes(self._rows, *sides)

    def _add_column(self, name: str, column: pa.Array) -> None:
        if pa.types.is_dictionary(column.type):
            self._words[name] = column.dictionary.to_pylist()
            column = column.indices
        known = f"{name}_known"
        is_bool = pa.types.is_boolean(column.type)
        self._given[known] = np.asarray(column.is_valid())
        filled = column.fill_null(pa.scalar(0).cast(column.type))
        self._given[name] = np.asarray(filled if is_bool else filled.cast(pa.int32()))
        self._add(name, bool if is_bool else int)
        self._add(known, bool)

    def _add(self, name: str, type_: type, formula: Formula | None = None) -> None:
        parts = {"value_type": type_, "entity": self._entity, "definition_period": DateUnit.YEAR}
        if formula is not None:
            parts["formula"] = _of_openfisca(formula)
        self._system.add_variable(type(name, (Variable,), parts))

    def _named(self, condition: Condition) -> str:
        """The condition's name, its two variables added where they are new."""
        if condition not in self._names:
            sides = self._sides(condition)
            name = self._names.setdefault(condition, f"condition_{len(self._names)}")
            for side, formula in zip(("true", "false"), sides, strict=True):
                self._add(f"{name}_{side}", bool, formula)
        return self._names[condition]

    def _sides(self, condition: Condition) -> tuple[Formula, Formula]:
        match condition:
            case Joint(word, parts):
                names = [self._named(part) for part in parts]
                every, some = (np.logical_and, np.logical_or)
                if word == "or":
                    every, some = some, every
                return _joined(every, names, "true"), _joined(some, names, "false")
            case Negated(part):
                true, false = self._sides(part)
                return false, true
        columns, is_true = self._atom(condition)
        known = [f"{column}_known" for column in columns]

        def known_true(ask: Ask) -> Truths:
            return reduce(np.logical_and, map(ask, known), is_true(ask))

        def known_false(ask: Ask) -> Truths:
            return reduce(np.logical_and, map(ask, known), ~is_true(ask))

        return known_true, known_false

    def _atom(self, condition: Condition) -> tuple[tuple[str, ...], Formula]:
        """The columns that must be known, and the truth where they are."""
        match condition:
            case Limit(column, sign, limit):
                return (column,), lambda ask: SIGNS[sign](ask(column), limit)
            case Ratio(over, under, sign, percent):
                return (over, under), _ratio(over, under, sign, percent / 100)
            case Flag(column):
                return (column,), lambda ask: ask(column)
            case Prefix(column, start):
                fits = np.array([word.startswith(start) for word in self._words[column]])
                return (column,), lambda ask: fits[ask(column)]
            case OneOf(column, words):
                fits = np.isin(self._words[column], words)
                return (column,), lambda ask: fits[ask(column)]
        raise AssertionError(condition)


def _ratio(over: str, under: str, sign: str, limit: float) -> Formula:
    """No amount of the workload is zero: a ratio is missing only where an amount is."""

    def is_true(ask: Ask) -> Truths:
        with np.errstate(all="ignore"):
            return SIGNS[sign](ask(over) / ask(under), limit)

    return is_true


def _joined(join: np.ufunc, names: Sequence[str], side: str) -> Formula:
    return lambda ask: reduce(join, (ask(f"{name}_{side}") for name in names))


def _of_openfisca(formula: Formula) -> Callable[..., Truths]:
    """OpenFisca looks at the signature: a formula of an enterprise and a period."""
    return lambda enterprise, period: formula(lambda name: enterprise(name, period))
