"""What is looked at together: a scheme's effects on the city; one enterprise's grade."""

from dataclasses import dataclass, replace
from typing import Any

import pyarrow.compute as pc

from cityforge.brain.city.dictionary import INDUSTRY
from cityforge.brain.errors import RunRefused, Text
from cityforge.brain.evaluation.effects.fairness import Tilt, tilts
from cityforge.brain.evaluation.effects.resources import Freed, Held, freed, held
from cityforge.brain.evaluation.evaluated import Evaluated
from cityforge.brain.evaluation.reasons.changes import Ways, ways
from cityforge.brain.evaluation.reasons.peers import Peer, peers, sizes
from cityforge.brain.evaluation.reasons.scorer import Scorer
from cityforge.brain.evaluation.reasons.sureness import DRAWS, Sureness, sureness
from cityforge.brain.evaluation.reasons.why import Why, why

SIZE = "size_class"


@dataclass(frozen=True, slots=True)
class Effects:
    """What a scheme's grades hold, whom they lean on, how sure they are.

    tilts  by the fact the classes come from: industry, size
    sure   None: the scheme states no errors of its data
    ways   what would lift each enterprise, sets left out
    """

    held: list[Held]
    freed: list[Freed]
    tilts: dict[str, list[Tilt]]
    sure: Sureness | None
    ways: list[Ways]


def effects(evaluated: Evaluated, *, draws: int = DRAWS) -> Effects:
    """Every effect of a result on the city."""
    prepared, rows, facts = evaluated.prepared, evaluated.rows, evaluated.facts
    moment = evaluated.moment
    found = {
        name: tilts(prepared, rows, facts[name].to_pylist())
        for name in (INDUSTRY, SIZE)
        if name in facts.column_names
    }
    sure = sureness_of(evaluated, draws=draws)
    return Effects(
        held(prepared, rows, facts),
        freed(prepared, rows, facts),
        found,
        sure,
        ways(prepared, moment, rows, facts, with_sets=False),
    )


def at_hand(evaluated: Evaluated) -> Evaluated:
    """The same with no facts but those that reasons rest on: a wide table, asked for one
    enterprise after another, is long in filtering."""
    prepared, rows = evaluated.prepared, evaluated.rows
    rated = pc.equal(rows["status"], "rated")
    mine, own = rows.filter(rated), evaluated.facts.filter(rated)
    scorer = Scorer.of(prepared, evaluated.moment, mine, own)
    wanted = {"uscc", INDUSTRY, *sizes(prepared), *scorer.changing.program.columns}
    kept = [name for name in evaluated.facts.column_names if name in wanted]
    return replace(evaluated, facts=evaluated.facts.select(kept))


@dataclass(frozen=True, slots=True)
class Enterprise:
    """One enterprise of a result; `why`, `ways` and peers only where it is rated."""

    row: dict[str, Any]
    why: Why | None
    ways: Ways | None
    sure: dict[str, Any] | None
    peers: list[Peer]


def enterprise(evaluated: Evaluated, who: str, *, draws: int = DRAWS) -> Enterprise:
    """One enterprise by credit code or whole name.

    Raises RunRefused where nobody, or more than one, is called so.
    """
    prepared, rows, facts = evaluated.prepared, evaluated.rows, evaluated.facts
    row = _row(evaluated, who.strip())
    code = row["uscc"]
    reasons = why(prepared, rows, code)
    if reasons is None:
        return Enterprise(row, None, None, None, [])
    lifted = ways(prepared, evaluated.moment, rows, facts, only=[code])
    sure = None
    if prepared.scheme.errors:
        found = sureness(prepared, evaluated.moment, rows, facts, draws=draws).table
        sure = next(one for one in found.to_pylist() if one["uscc"] == code)
    return Enterprise(row, reasons, lifted[0], sure, peers(prepared, rows, facts, code))


def sureness_of(evaluated: Evaluated, *, draws: int = DRAWS) -> Sureness | None:
    """How sure the grades of a result are; None where its scheme states no errors of its data."""
    if not evaluated.scheme.errors:
        return None
    return sureness(
        evaluated.prepared, evaluated.moment, evaluated.rows, evaluated.facts, draws=draws
    )


def _row(evaluated: Evaluated, who: str) -> dict[str, Any]:
    rows = evaluated.rows
    found = rows.filter(pc.equal(rows["uscc"], who.upper()))
    found = found if found.num_rows else rows.filter(pc.equal(rows["name"], who))
    if found.num_rows == 1:
        return dict(found.to_pylist()[0])
    if found.num_rows:
        shown = "、".join(found["uscc"].to_pylist()[:5])
        raise RunRefused(
            Text(
                zh=f"有 {found.num_rows} 家名为“{who}”，请用代码：{shown}",
                en=f"{found.num_rows} are named '{who}'; give a code: {shown}",
            )
        )
    raise RunRefused(
        Text(zh=f"本次评价没有“{who}”；请核对代码或全称", en=f"no '{who}' in this evaluation")
    )
