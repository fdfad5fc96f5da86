"""Answers about an evaluation as plain JSON values, for another program to read."""

from dataclasses import asdict
from typing import Any

from cityforge.brain.evaluation.effects.fairness import Tilt
from cityforge.brain.evaluation.effects.moves import Moves
from cityforge.brain.evaluation.effects.resources import Freed, Held
from cityforge.brain.evaluation.evaluated import Evaluated
from cityforge.brain.evaluation.reasons import held as holding
from cityforge.brain.evaluation.reasons.changes import Change, Ways
from cityforge.brain.evaluation.reasons.peers import Peer
from cityforge.brain.evaluation.reasons.sureness import Sureness
from cityforge.brain.evaluation.reasons.why import Why
from cityforge.brain.reports.effects.seen import Effects, Enterprise

Json = dict[str, Any]


def head(evaluated: Evaluated) -> Json:
    """What was evaluated, by which rules, with what is assumed."""
    scheme = evaluated.scheme
    return {
        "scheme": scheme.id,
        "title": {"zh": scheme.title, "en": scheme.title_en},
        "year": evaluated.year,
        "evidence": scheme.evidence.model_dump(mode="json"),
        "assumptions": scheme.assumptions,
    }


def moved(moves: Moves) -> Json:
    """The matrix as links (a Sankey's too), and everyone who moves."""
    return {
        "links": [
            {"from": before, "to": after, "count": count}
            for (before, after), count in sorted(moves.matrix.items())
        ],
        "districts": {name: dict(count) for name, count in moves.by().items()},
        "movers": moves.movers.to_pylist(),
    }


def tilts(found: list[Tilt]) -> list[Json]:
    return [{**asdict(one), "ratio": one.ratio} for one in found]


def resources(found: list[Held], spare: list[Freed]) -> Json:
    return {
        "held": [asdict(one) for one in found],
        "freed": [{**asdict(one), "share": one.share} for one in spare],
    }


def sure(found: Sureness) -> Json:
    return {"draws": found.draws, "enterprises": found.table.to_pylist()}


def why(found: Why) -> Json:
    """One rated enterprise."""
    return {
        "uscc": found.uscc,
        "grade": found.grade,
        "rank": found.rank,
        "ranked": found.ranked,
        "total": found.total,
        "last_of_better": found.before,
        "first_of_worse": found.behind,
        "indicators": [
            {
                "id": one.indicator.id,
                "unit": one.indicator.indicator.unit,
                "weight": one.indicator.weight,
                "value": one.value,
                "base": one.base,
                "points": one.points,
                "how": one.how,
                "average": one.average,
                "place": one.place,
                "count": one.count,
                "spread": list(one.spread),
            }
            for one in found.indicators
        ],
    }


def ways(evaluated: Evaluated, found: Ways) -> Json:
    """What would lift an enterprise; `held` says what stays as it is."""
    return {
        "uscc": found.uscc,
        "grade": found.grade,
        "target": found.target,
        "blocked_by": found.blocked,
        "held": {
            "others": True,
            "bases": True,
            "bases_would_move": holding.moves(evaluated.prepared),
        },
        "single": [_change(evaluated, one) for one in found.singles],
        "together": [_change(evaluated, one) for one in found.set_],
        "share": None if found.share is None else str(found.share),
    }


def _change(evaluated: Evaluated, one: Change) -> Json:
    return {
        "fact": one.fact,
        "unit": evaluated.prepared.book.facts[one.fact].type.unit.symbol,
        "before": str(one.before),
        "after": str(one.after),
        "relative": None if one.relative is None else float(one.relative),
    }


def peers(found: list[Peer]) -> list[Json]:
    return [asdict(one) for one in found]


def evaluation(evaluated: Evaluated, seen: Effects | None) -> Json:
    """A result with its effects."""
    found: Json = {**head(evaluated), "enterprises": evaluated.rows.to_pylist()}
    if seen is None:
        return found
    return found | {
        **resources(seen.held, seen.freed),
        "tilts": {name: tilts(each) for name, each in seen.tilts.items()},
        "sureness": None if seen.sure is None else sure(seen.sure),
        "ways": [ways(evaluated, one) for one in seen.ways],
    }


def compared(first: Evaluated, second: Evaluated, found: Moves) -> Json:
    """Two results and who moves."""
    return {"first": head(first), "second": head(second), **moved(found)}


def enterprise(evaluated: Evaluated, one: Enterprise) -> Json:
    """One enterprise."""
    return {
        **head(evaluated),
        "row": one.row,
        "why": None if one.why is None else why(one.why),
        "ways": None if one.ways is None else ways(evaluated, one.ways),
        "sureness": one.sure,
        "peers": peers(one.peers),
    }
