"""Policies looked over before they are published: what is idle, contradictory, doubled or stale."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.folder import City
from cityforge.brain.city.policy import Policy
from cityforge.brain.errors import RunRefused, Text
from cityforge.brain.policies.lint import (
    amounts,
    asked,
    conditions,
    duplicates,
    edges,
    fairness,
    read,
    tiers,
    upkeep,
)
from cityforge.brain.policies.lint.read import Finding, Looked

GROUPS: dict[str, Text] = {
    "conditions": Text(zh="条件", en="conditions"),
    "tiers": Text(zh="分档与金额", en="tiers and amounts"),
    "duplicates": Text(zh="重复", en="duplicates"),
    "fairness": Text(zh="公平竞争审查", en="fair competition"),
    "data": Text(zh="数据与材料", en="data and papers"),
    "upkeep": Text(zh="期限与算例", en="days and examples"),
}
RULES: dict[str, str] = {
    **dict.fromkeys(("never_holds", "never_fails", "contradicts", "implied", "covered", "rounded"),
                    "conditions"),
    **dict.fromkeys(("gap", "overlap", "falls", "leaps", "unreached", "unknown_amount"), "tiers"),
    **dict.fromkeys(("duplicate", "contained", "near_duplicate"), "duplicates"),
    **dict.fromkeys((*(rule.id for rule in fairness.RULES), "idle_answer"), "fairness"),
    **dict.fromkeys(("held_material", "no_supplier", "not_automatic"), "data"),
    **dict.fromkeys(
        ("unused_term", "no_example", "window_over", "expired", "expires_soon", "expires_urgent"),
        "upkeep",
    ),
}  # fmt: skip
"""Every rule by its id, with the group it is told in."""


@dataclass(frozen=True, slots=True)
class Linted:
    """What was found, by policy in the order of ids, then by place in the file.

    policies   how many were looked at
    """

    day: date
    policies: int
    findings: tuple[Finding, ...]

    @property
    def open(self) -> list[Finding]:
        """What is not answered."""
        return [finding for finding in self.findings if finding.answer is None]

    @property
    def counts(self) -> dict[str, int]:
        """How many open findings each group has, groups with none too."""
        counted = Counter(RULES[finding.rule] for finding in self.open)
        return {group: counted[group] for group in GROUPS}


def lint(
    city: City,
    book: Dictionary,
    *,
    day: date,
    only: str | None = None,
    factor: int = tiers.FACTOR,
) -> Linted:
    """Look all policies of a checked city over as of a day, or one of them beside the others.

    Raises RunRefused where there is no policy of that id.
    """
    if only is not None and only not in city.policies:
        raise RunRefused(Text(zh=f"没有政策“{only}”", en=f"there is no policy '{only}'"))
    found: list[Finding] = []
    every: list[Looked] = []
    for _, policy in sorted(city.policies.items()):
        looked = list(read.versions(city, book, policy, day))
        every += looked
        if only in (None, policy.id):
            found += _of_policy(city, policy, looked, day, factor)
    found += duplicates.find(every, only=only)
    order = sorted(found, key=lambda f: (f.policy, f.problem.line, f.problem.column, f.rule))
    return Linted(day, len(city.policies) if only is None else 1, tuple(order))


def _of_policy(
    city: City, policy: Policy, every: Sequence[Looked], day: date, factor: int
) -> list[Finding]:
    found = list(upkeep.over(city, policy, day))
    for looked in every:
        clauses = list(conditions.find(looked))
        found += clauses
        if not any(finding.rule in ("never_holds", "contradicts") for finding in clauses):
            found += tiers.find(looked, factor=factor)
            found += amounts.find(looked)
        found += edges.find(looked)
        found += fairness.find(looked)
        found += asked.find(looked)
        found += upkeep.find(looked)
    return found


def as_json(linted: Linted) -> dict[str, object]:
    """The findings as plain data, both languages beside each other."""
    return {
        "day": linted.day.isoformat(),
        "policies": linted.policies,
        "counts": linted.counts,
        "answered": len(linted.findings) - len(linted.open),
        "findings": [_one(finding) for finding in linted.findings],
    }


def _one(finding: Finding) -> dict[str, object]:
    problem = finding.problem
    return {
        "policy": finding.policy,
        "group": RULES[finding.rule],
        "rule": finding.rule,
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "path": problem.path,
        "what": {"zh": problem.what.zh, "en": problem.what.en},
        "hint": {"zh": problem.hint.zh, "en": problem.hint.en},
        "answer": finding.answer,
    }
