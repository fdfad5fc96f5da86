"""A policy check-up as JSON: every answer, clause, amount and source; money in 分."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from cityforge.brain.errors import Text
from cityforge.brain.policies.check_up.declared import rests_on
from cityforge.brain.policies.check_up.result import Result
from cityforge.brain.reports import provenance
from cityforge.brain.reports.examined import Examined
from cityforge.brain.rules.distance import Amount, Shortfall
from cityforge.brain.rules.judging import Finding

Json = dict[str, Any]
_ANSWERS = {True: "eligible", False: "not_yet", None: "unknown"}


def whole(examined: Examined) -> Json:
    """All policies, the best set, the questions."""
    found = examined.check_up
    return {
        **_head(examined),
        "eligible": [_policy(examined, one) for one in found.eligible],
        "near": [_policy(examined, one) for one in found.near],
        "unknown": [_policy(examined, one) for one in found.unknown],
        "far": [_policy(examined, one) for one in found.far],
        "best": _best(examined),
        "questions": [
            {
                "column": one.column,
                "title": _text(examined.names.column(one.column, year=examined.snapshot.year)),
                "holder": _text(examined.names.holder(one.column)),
                "settles": list(one.settles),
                "touches": list(one.touches),
                "money_fen": one.money,
                "shared_fen": one.shared,
            }
            for one in found.questions
        ],
        "facts": _facts(examined, found.results),
    }


def one(examined: Examined, result: Result) -> Json:
    """One policy and the facts it rests on."""
    return {
        **_head(examined),
        "policy": _policy(examined, result),
        "facts": _facts(examined, [result]),
    }


def best(examined: Examined) -> Json:
    """The best set with its proof."""
    return {**_head(examined), **_best(examined)}


def _head(examined: Examined) -> Json:
    snapshot, values = examined.snapshot, examined.values
    return {
        "run": snapshot.run["run_id"],
        "as_of": snapshot.as_of.isoformat(),
        "year": snapshot.year,
        "simulated": snapshot.simulated,
        "enterprise": {name: values.get(name) for name in ("uscc", "name", "district", "industry")},
        "declared": [
            {"column": answer.column, "value": _plain(answer.value)}
            for answer in examined.check_up.answers
        ],
    }


def _policy(examined: Examined, result: Result) -> Json:
    prepared, working, timing = result.prepared, result.working, result.timing
    version, window = prepared.version, result.timing.window
    return {
        "policy": prepared.id,
        "title": prepared.policy.title,
        "title_en": prepared.policy.title_en,
        "answer": _ANSWERS[result.finding.truth],
        "amount_fen": working.payable,
        "at_least_fen": result.between.low if result.between else working.payable,
        "at_most_fen": result.between.high if result.between else working.payable,
        "paid_fen": examined.check_up.best.paid.get(prepared.id),
        "received_fen": working.received,
        "instalments_fen": list(working.instalments),
        "working": [
            {"id": line.step.id, "says": line.step.says, "says_en": line.step.says_en,
             "value": _plain(line.value)}
            for line in working.lines
        ],
        "provisional": result.provisional,
        "rests_on_declared": list(result.declared),
        "lacking": list(result.lacking),
        "effort": result.finding.effort,
        "facts_of": examined.year(result),
        "conditions": _clause(result.finding),
        "delivery": prepared.policy.delivery,
        "office": prepared.policy.office,
        "office_en": examined.names.office(prepared.policy.office).en,
        "state": timing.state,
        "is_open": timing.is_open,
        "opens": window.opens.isoformat() if window else None,
        "closes": window.closes.isoformat() if window else None,
        "days_left": timing.days_left,
        "days_until": timing.days_until,
        "next_opens": timing.then.opens.isoformat() if timing.then else None,
        "ends": timing.ends.isoformat() if timing.ends else None,
        "urgency": timing.urgency,
        "document": {"title": version.document.title, "number": version.document.number,
                     "clause": version.document.clause},
        "verified": version.evidence.verified.value,
        "assumptions": list(version.assumptions),
    }  # fmt: skip


def _clause(finding: Finding) -> Json:
    clause = finding.condition.clause
    found: Json = {"id": clause.id, "says": clause.says, "says_en": clause.says_en,
                   "article": clause.article, "truth": finding.truth}  # fmt: skip
    if finding.parts:
        form = next(form for form in ("all", "any", "none", "of") if getattr(clause, form))
        if clause.at_least is not None:
            found["at_least"] = clause.at_least
        found[form] = [_clause(part) for part in finding.parts]
        return found
    found["shortfalls"] = [_shortfall(one) for one in finding.shortfalls]
    found["lacking"] = list(finding.lacking)
    return found


def _shortfall(one: Shortfall) -> Json:
    found: Json = {"columns": list(one.columns), "direction": one.direction, "strict": one.strict}
    for name in ("value", "threshold", "difference"):
        amount: Amount | None = getattr(one, name)
        found[name] = None if amount is None else _number(amount.number)
        if amount is not None:
            found["unit"] = amount.unit.symbol
    if one.known:
        found["known"] = {column: _plain(value) for column, value in one.known}
    if one.in_part is not None:
        column, amount = one.in_part
        found["in_part"] = {"column": column, "difference": _number(amount.number),
                            "unit": amount.unit.symbol}  # fmt: skip
    return found


def _best(examined: Examined) -> Json:
    found = examined.check_up
    amounts = {one.prepared.id: one.money for one in found.eligible}
    by_id = {rule.combination.id: rule for rule in examined.rules}
    return {
        "total_fen": found.best.total,
        "now_fen": found.paid(found.now),
        "later_fen": found.paid(found.later),
        "chosen": [
            {"policy": name, "amount_fen": amounts[name], "paid_fen": found.best.paid[name]}
            for name in found.best.chosen
        ],
        "left_out": [
            {
                "policy": name,
                "amount_fen": amounts[name],
                "against": [
                    {
                        "combination": rule,
                        "kind": by_id[rule].kind,
                        "says": by_id[rule].combination.says,
                        "with": [one for one in by_id[rule].policies if one in found.best.chosen],
                    }
                    for rule in against
                ],
            }
            for name, against in found.best.left_out.items()
        ],
        "proof": {
            "branches": found.best.branches,
            "bound_fen": found.best.total,
            "without_rules_fen": sum(amounts.values()),
            "says": "every branch not looked at is bounded by bound_fen",
        },
    }


def _facts(examined: Examined, results: Iterable[Result]) -> list[Json]:
    """Each column read, with its value and where it is from, once for every year."""
    answered = {answer.column for answer in examined.check_up.answers}
    found: dict[tuple[str, int], Json] = {}
    for result in results:
        year = examined.year(result)
        for column in sorted(rests_on(result.prepared.reads, result.row)):
            own = year == examined.snapshot.year and column in answered
            origin = provenance.of(examined.names, column, year=year, answered=own)
            found[column, year] = {
                "column": column,
                "facts_of": year,
                "title": _text(origin.title),
                "value": _plain(result.row.values.get(column)),
                "dataset": _text(origin.dataset),
                "owner": _text(origin.owner),
                "year": origin.year,
                "declared": origin.declared or origin.answered,
                "rests_on": list(origin.rests_on),
                "treats": origin.treats,
                "correct": _text(origin.correct),
            }
    return [found[key] for key in sorted(found)]


def _text(text: Text) -> Json:
    return {"zh": text.zh, "en": text.en}


def _number(number: Fraction) -> float:
    return round(float(number), 6)


def _plain(value: object) -> object:
    """Exact numbers as texts, so that no reader rounds them."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    return value
