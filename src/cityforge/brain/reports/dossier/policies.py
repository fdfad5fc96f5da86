"""What the run matched for one enterprise: entitled, or lacking a fact; how many are not yet."""

from dataclasses import dataclass

from cityforge.brain.city.shapes import Sensitivity
from cityforge.brain.errors import Text
from cityforge.brain.policies.prepared import Prepared
from cityforge.brain.reports import policy_words
from cityforge.brain.reports.dossier.ground import LEVELS, Ground, may_see

ELIGIBLE = "eligible"


@dataclass(frozen=True, slots=True)
class Matched:
    """One policy for one enterprise.

    amount  what it would pay; None: no money, not known, or above the reader's level
    """

    policy: str
    title: Text
    pays: Text
    delivery: Text
    office: str
    document: str
    amount: Text | None
    hidden: bool


@dataclass(frozen=True, slots=True)
class Policies:
    """The policies of one enterprise, most money first; `not_yet`: how many are not met."""

    eligible: tuple[Matched, ...]
    unknown: tuple[Matched, ...]
    not_yet: int


def matched(ground: Ground, uscc: str, *, reader: Sensitivity) -> Policies | None:
    """What a run matched for one enterprise; None where the city has no policies."""
    if ground.matches is None:
        return None
    lines = ground.matches.of_enterprise(uscc).to_pylist()
    lines = [line for line in lines if line["policy"] in ground.policies]
    lines.sort(key=lambda line: (-(line["amount"] or 0), line["policy"]))
    eligible: list[Matched] = []
    unknown: list[Matched] = []
    for line in lines:
        own = ground.policies[line["policy"]]
        (eligible if line["answer"] == ELIGIBLE else unknown).append(
            _matched(own, line["amount"], hidden=not may_see(needs(ground, own), reader))
        )
    return Policies(tuple(eligible), tuple(unknown), len(ground.policies) - len(lines))


def needs(ground: Ground, policy: Prepared) -> Sensitivity:
    """The highest level among the facts that a policy reads."""
    facts = ground.book.facts
    levels = [facts[name].sensitivity for name in policy.facts if name in facts]
    return max(levels, key=LEVELS.index, default=Sensitivity.PUBLIC)


def _matched(prepared: Prepared, amount: int | None, *, hidden: bool) -> Matched:
    policy, version = prepared.policy, prepared.version
    number = f"（{version.document.number}）" if version.document.number else ""
    return Matched(
        policy=prepared.id,
        title=Text(zh=policy.title, en=policy.title_en),
        pays=Text(zh=version.benefit.says, en=version.benefit.says_en),
        delivery=policy_words.DELIVERY[policy.delivery],
        office=policy.office,
        document=f"《{version.document.title}》{number}",
        amount=policy_words.money(amount) if amount and not hidden else None,
        hidden=hidden,
    )
