"""A fiscal simulation as JSON: whole numbers of 分 (`…_fen`), days as ISO dates."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from cityforge.brain.errors import Text
from cityforge.brain.policies.fiscal.comparison import Changed, Comparison
from cityforge.brain.policies.fiscal.simulation import Spread, Sums
from cityforge.brain.policies.fiscal.spending import SHARES, Year
from cityforge.brain.policies.fiscal.sweep import Sweep
from cityforge.brain.policies.prepared import Prepared
from cityforge.brain.reports.fiscal import words
from cityforge.brain.reports.fiscal.fiscal import Fiscal, Fiscals
from cityforge.brain.reports.snapshot import Snapshot

Payload = dict[str, Any]
_ANSWERS = {True: "eligible", False: "not_yet", None: "unknown"}


def of_policy(found: Fiscal) -> Payload:
    simulated = found.simulation
    return {
        **run(found.snapshot),
        "facts_of": found.year,
        "policy": policy(simulated.prepared),
        "terms": dict(found.asked.terms),
        "draft": found.asked.city is not None,
        "arrival": simulated.arrival,
        "sums": sums(simulated.sums),
        "groups": {
            name: [
                {"key": group.key, **_title(group.title), **sums(group.sums)} for group in groups
            ]
            for name, groups in simulated.groups.items()
        },
        "spread": _spread(simulated.spread),
        "years": [_year(year) for year in simulated.years],
        "absent": list(simulated.absent),
        "comparison": _comparison(found.comparison) if found.comparison else None,
        "sweep": _sweep(found.sweep) if found.sweep else None,
        "says": [asdict(line) for line in words.of_policy(found)],
    }


def of_city(found: Fiscals) -> Payload:
    together = found.together
    return {
        **run(found.snapshot),
        "enterprises": together.enterprises,
        "tied": together.tied,
        "reduced": together.reduced,
        "claimed_fen": together.claimed,
        "paid_fen": together.paid,
        "searched": together.searched,
        "policies": [
            {
                **policy(share.prepared),
                "eligible": share.eligible,
                "claimed_fen": share.claimed,
                "chosen": share.chosen,
                "paid_fen": share.paid,
            }
            for share in together.policies
        ],
        "groups": {
            name: [
                {
                    "key": part.key,
                    **_title(part.title),
                    "enterprises": part.enterprises,
                    "claimed_fen": part.claimed,
                    "paid_fen": part.paid,
                }
                for part in parts
            ]
            for name, parts in together.groups.items()
        },
        "says": [asdict(line) for line in words.of_city(found)],
    }


def run(snapshot: Snapshot) -> Payload:
    """Which run it is, and whether its data are simulated."""
    return {
        "run": snapshot.run["run_id"],
        "as_of": snapshot.as_of.isoformat(),
        "simulated": snapshot.simulated,
    }


def policy(prepared: Prepared) -> Payload:
    return {
        "id": prepared.id,
        "title": prepared.policy.title,
        "title_en": prepared.policy.title_en,
        "level": prepared.policy.level,
        "model": prepared.policy.model,
        "kind": prepared.version.benefit.kind,
        "version": prepared.version.from_.isoformat(),
    }


def sums(one: Sums) -> Payload:
    return {
        "eligible": one.eligible,
        "not_yet": one.not_yet,
        "unknown": one.unknown,
        "low_fen": one.low,
        "high_fen": one.high,
        "unpriced": one.unpriced,
        "open_unpriced": one.open_unpriced,
    }


def _title(title: Text) -> Payload:
    return {"title": title.zh, "title_en": title.en}


def _spread(spread: Spread | None) -> Payload | None:
    if spread is None:
        return None
    told = asdict(spread)
    count = told.pop("count")
    return {"count": count} | {f"{name}_fen": value for name, value in told.items()}


def _year(year: Year) -> Payload:
    return {
        "year": year.year,
        "due_fen": year.due,
        "budget_fen": year.budget,
        "beyond": year.beyond,
        "paid_fen": year.paid,
        "cut": year.cut,
        "reached": {
            f"{share}": day.isoformat() if day else None
            for share, day in zip(SHARES, year.reached, strict=False)
        },
    }


def _changes(changes: Iterable[Changed]) -> list[Payload]:
    return [
        {
            "change": one.change,
            "count": one.count,
            "before_fen": one.before,
            "after_fen": one.after,
        }
        for one in changes
    ]


def _comparison(found: Comparison) -> Payload:
    return {
        "from": policy(found.one),
        "before": sums(found.before),
        "after": sums(found.after),
        "difference_fen": found.difference,
        "changes": _changes(found.changes),
        "moves": [
            {"before": _ANSWERS[was], "after": _ANSWERS[is_], "count": count}
            for (was, is_), count in found.moves.items()
        ],
        "groups": {
            name: [
                {
                    "key": group.key,
                    **_title(group.title),
                    "difference_fen": group.difference,
                    "changes": _changes(group.changes),
                }
                for group in groups
            ]
            for name, groups in found.groups.items()
        },
        "most": [
            {
                "uscc": one.uscc,
                "name": one.name,
                "change": one.change,
                "before_fen": one.before,
                "after_fen": one.after,
            }
            for one in found.most
        ],
    }


def _sweep(found: Sweep) -> Payload:
    return {
        "term": found.term,
        "stands": found.stands,
        "present": sums(found.present),
        "points": [
            {
                "value": point.value,
                **sums(point.sums),
                "entered": point.entered,
                "left": point.left,
                "difference_fen": point.difference,
                "changes": _changes(point.changes),
            }
            for point in found.points
        ],
    }
