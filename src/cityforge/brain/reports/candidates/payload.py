"""The candidates of a policy as JSON, money in whole 分."""

from typing import Any

from cityforge.brain.policies.candidates.allowed import Known
from cityforge.brain.policies.candidates.listing import Coverage
from cityforge.brain.reports.candidates import tables, telling
from cityforge.brain.reports.candidates.listing import CandidateList, Overview
from cityforge.brain.reports.fiscal import payload as fiscal_payload


def overview(found: Overview) -> dict[str, Any]:
    """How every policy stands."""
    policies = [
        {
            **fiscal_payload.policy(one.prepared),
            "office": one.prepared.policy.office,
            "delivery": one.prepared.policy.delivery,
            "coverage": _coverage(one.coverage),
            "candidates": one.waiting,
            "total_fen": one.total,
            "single": one.single,
        }
        for one in found.policies
    ]
    return {**fiscal_payload.run(found.snapshot), "policies": policies}


def payload(listed: CandidateList) -> dict[str, Any]:
    """The whole list as JSON, money in 分."""
    found = listed.found
    return {
        **fiscal_payload.run(listed.snapshot),
        "policy": fiscal_payload.policy(found.prepared),
        "total_fen": found.total,
        "coverage": _coverage(found.coverage),
        "candidates": [
            {
                "uscc": one.uscc,
                "name": one.name,
                "district": one.district,
                "industry": one.industry,
                "size": one.size.name.lower() if one.size is not None else None,
                "amount_fen": one.fen,
                "provisional": one.provisional,
                "basis": [
                    {"clause": each.condition.clause.id, "holds": each.holds,
                     "facts": [_fact(fact) for fact in each.facts]}
                    for each in one.basis
                ],
                "amount_rests_on": [_fact(fact) for fact in one.priced_by],
            }
            for one in found.listed
        ],
        "hurdles": [
            {"clause": telling.says(one.condition).zh, "not_met": one.failing, "alone": one.alone,
             "unknown": one.unknown}
            for one in listed.near.hurdles
        ],
        "near": [
            {
                "uscc": miss.uscc,
                "name": miss.name,
                "district": miss.district,
                "amount_fen": miss.fen,
                "effort": miss.finding.effort,
                "lacks": telling.gap(listed, miss).zh,
            }
            for miss in listed.near.misses
        ],
        "says": [{"zh": line.zh, "en": line.en} for line in tables.words(listed)],
    }  # fmt: skip


def _fact(fact: Known) -> dict[str, Any]:
    value = None if fact.value is None else str(fact.value)
    if isinstance(fact.value, bool):
        return {"column": fact.column, "value": fact.value, "hidden": fact.hidden,
                "declared": fact.declared}  # fmt: skip
    return {
        "column": fact.column,
        "value": value,
        "hidden": fact.hidden,
        "declared": fact.declared,
    }


def _coverage(coverage: Coverage) -> dict[str, Any]:
    return {
        "entitled": coverage.entitled,
        "by": coverage.by,
        "served": coverage.served,
        "not_told": coverage.not_told,
        "others": coverage.others,
    }
