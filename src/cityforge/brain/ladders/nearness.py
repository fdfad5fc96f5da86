"""Whether what is missing is near: for every enterprise at once, clause by clause.

A number is near when it is within a share of its threshold, and that is not nothing; a yes or no
when the effort that its clause states is no more than work (a certificate, a system): never a
place, a field of business, a title or an entry in a list. Of alternatives the nearest counts. What
lacks a fact is not near.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from cityforge.brain.engines.kernel import program
from cityforge.brain.engines.kernel.planes import unpacked
from cityforge.brain.expr.typed import REGISTER_OPS, Op, Typed, walk
from cityforge.brain.ladders.prepared import Truths
from cityforge.brain.policies import matching
from cityforge.brain.policies.matching import Population
from cityforge.brain.rules.conditions import Condition
from cityforge.brain.rules.judging import SWITCH

WORK = 3  # the greatest effort that counts as work
_NUMBERS = (Op.AT_LEAST, Op.MORE, Op.AT_MOST, Op.LESS, Op.EQUAL)
_CONVERSIONS = (Op.SCALE, Op.SCALE_DOUBLE, Op.TO_DOUBLE)


@dataclass(frozen=True, slots=True)
class _Leaf:
    true: Truths
    false: Truths
    close: Truths


def near(condition: Condition, population: Population, within: float) -> Truths:
    """Who meets a clause, or fails it by little. `within`: share of a threshold."""
    leaves = list(condition.leaves)
    planes = matching.truths([leaf.truth for leaf in leaves], population)
    known = {
        id(leaf): _Leaf(
            unpacked(planes.true[number], planes.rows),
            unpacked(planes.false[number], planes.rows),
            _close(leaf, population, within),
        )
        for number, leaf in enumerate(leaves)
    }
    return _joined(condition, known, wanted=True)


def _joined(condition: Condition, known: dict[int, _Leaf], *, wanted: bool) -> Truths:
    if not condition.parts:
        leaf = known[id(condition)]
        has, lacks = (leaf.true, leaf.false) if wanted else (leaf.false, leaf.true)
        found: Truths = has | (lacks & leaf.close)
        return found
    clause = condition.clause
    inner = wanted if clause.none is None else not wanted
    parts = np.stack([_joined(part, known, wanted=inner) for part in condition.parts])
    needed = len(parts) if clause.all is not None else clause.at_least or 1
    if not inner:
        # So many must be false that too few are left.
        needed = len(parts) - needed + 1
    enough: Truths = parts.sum(axis=0) >= needed
    return enough


def _close(leaf: Condition, population: Population, within: float) -> Truths:
    typed = leaf.truth
    if typed.op not in _NUMBERS or not typed.children[0].type.is_number:
        effort = SWITCH if leaf.clause.effort is None else leaf.clause.effort
        listed = any(part.op in REGISTER_OPS for part in walk(typed))
        return np.full(population.rows, effort <= WORK and not listed)
    left, right = typed.children
    if _is_constant(left) and not _is_constant(right):
        left, right = right, left
    own, threshold = (_doubles(one, population) for one in (left, right))
    with np.errstate(all="ignore"):
        found: Truths = (np.abs(own - threshold) <= within * np.abs(threshold)) & (threshold != 0)
    return found


def _is_constant(typed: Typed) -> bool:
    while typed.op in _CONVERSIONS:
        typed = typed.children[0]
    return typed.op in (Op.LITERAL, Op.PARAMETER)


def _doubles(typed: Typed, population: Population) -> np.ndarray:
    values = program.values(
        typed, population.frame, as_of=population.day, parameters=population.parameters
    )
    return np.asarray(pa.compute.fill_null(values.cast(pa.float64()), np.nan))
