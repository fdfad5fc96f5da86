"""One policy in plain words: who, what and how much, until when, papers, how decided, source."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from cityforge.brain.api import policies
from cityforge.brain.api.policies import Prepared
from cityforge.brain.errors import Text
from cityforge.portal.analytics.policies.in_force import Ground

_MATERIALS = {
    "enterprise": Text(zh="企业提交", en="handed in"),
    "shared": Text(zh="部门共享，不用提交", en="shared by an office"),
    "licence": Text(zh="电子证照，不用提交", en="e-licence"),
}
_DECIDED = {
    "automatic": Text(
        zh="不用申请：部门按数据筛出符合条件的企业，核实后直接兑现。",
        en="No application: the office finds by its data who is entitled, verifies, and pays.",
    ),
    "instant": Text(
        zh="申请即兑现：提交后系统按数据核对，符合的随即兑现。",
        en="Paid at once: what is applied for is checked by the data, and paid where it holds.",
    ),
    "reviewed": Text(
        zh="在受理期内申报，经办部门审核、公示后兑现。",
        en="Apply within the window; the office reviews, publishes, then pays.",
    ),
    "competitive": Text(
        zh="在受理期内申报，经专家评审择优：符合条件不等于入选。",
        en="Apply within the window; experts choose the best: to be entitled is not to be chosen.",
    ),
}
_BEYOND = {
    "proportional": Text(zh="超出部分按比例压减", en="cut in proportion beyond it"),
    "first_come": Text(zh="先到先得，用完为止", en="first come, first served"),
}
_TRUST = {"official": "green", "assumption": "grey"}


NONE = Text(zh="均不得有", en="none of these")


@dataclass(frozen=True, slots=True)
class Condition:
    """A clause: its words, or how it joins those inside."""

    id: str
    says: Text | None
    article: str
    joins: Text | None
    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Window:
    """One call; `state`: over, open, coming."""

    opens: date
    closes: date
    batch: str
    state: str


@dataclass(frozen=True, slots=True)
class Version:
    """What stood in force from a day to a day; `changed`: terms that differ from the one before."""

    starts: date
    ends: date | None
    document: str
    current: bool
    changed: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Together:
    """A rule over several policies, with the others it names."""

    says: Text
    others: tuple[tuple[str, Text], ...]


@dataclass(frozen=True, slots=True)
class PolicyPage:
    """What the page of a policy tells everybody.

    newer     published since the newest run, which matched by the version before, or by none
    matched   the newest run matched by a version of it
    evidence  how far it is verified; `trust`: its light
    pays      what it gives; steps: how the amount is worked out; terms: thresholds and rates
    """

    id: str
    title: Text
    level: Text
    where: Text | None
    office: str
    contact: str
    model: bool
    newer: bool
    matched: bool
    delivery: Text
    decided: Text
    when: Text
    urgency: str
    state: str
    pays: Text
    steps: tuple[Text, ...]
    terms: tuple[tuple[Text, str], ...]
    instalments: tuple[str, ...]
    budgets: tuple[tuple[int, str, Text], ...]
    conditions: Condition
    windows: tuple[Window, ...]
    ends: date | None
    materials: tuple[tuple[Text, Text, bool], ...]
    document: str
    issued: date | None
    clause: str
    link: str
    source: str
    evidence: Text
    trust: str
    assumptions: tuple[str, ...]
    together: tuple[Together, ...]
    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """When a policy can be applied for: as a word of the product, in words, how urgent."""

    state: str
    says: Text
    urgency: str


def standing(one: Prepared, day: date) -> Standing:
    """Before its first day a policy is coming, whatever its windows."""
    starts = one.version.from_
    if starts > day:
        says = Text(zh=f"{starts} 起施行", en=f"in force from {starts}")
        return Standing("coming", says, "calm")
    timing = policies.timing(one, day)
    return Standing(one.call.state, policies.state(timing), timing.urgency)


def build(found: Ground, one: Prepared) -> PolicyPage:
    own, version, day = one.policy, one.version, found.as_of
    benefit, document = version.benefit, version.document
    when, verified = standing(one, day), version.evidence.verified.value
    return PolicyPage(
        id=one.id,
        title=Text(zh=own.title, en=own.title_en),
        level=policies.LEVELS[own.level],
        where=where(found, one),
        office=own.office,
        contact=own.contact or "",
        model=own.model,
        newer=found.is_newer(one.id),
        matched=found.is_matched(one.id),
        delivery=policies.DELIVERY[own.delivery],
        decided=_DECIDED[own.delivery],
        when=when.says,
        urgency=when.urgency,
        state=when.state,
        pays=Text(zh=benefit.says, en=benefit.says_en),
        steps=tuple(Text(zh=s.says, en=s.says_en or s.says) for s in benefit.steps),
        terms=tuple(
            (Text(zh=t.says, en=t.says_en or t.says), t.value)
            for t in version.terms
            if t.says is not None
        ),
        instalments=tuple(f"{100 * share:.0f}%" for share in benefit.instalments),
        budgets=tuple((b.year, b.amount, _BEYOND[b.beyond]) for b in benefit.budgets),
        conditions=condition(one.condition),
        windows=tuple(_windows(one, day)),
        ends=version.to,
        materials=tuple(
            (Text(zh=m.title, en=m.title_en or m.title), _MATERIALS[m.source], m.required)
            for m in version.materials
        ),
        document=f"《{document.title}》{_bracketed(document.number)}",
        issued=document.issued_on,
        clause=document.clause or "",
        # Anything but a web address is no link for a reader.
        link=document.link if (document.link or "").startswith(("https://", "http://")) else "",
        source=version.evidence.source,
        evidence=policies.message(f"verified_{verified}"),
        trust=_TRUST.get(verified, "amber"),
        assumptions=tuple(version.assumptions),
        together=tuple(_together(found, one)),
        versions=tuple(_versions(one)),
    )


def condition(one: policies.Condition) -> Condition:
    """A condition with all that is inside it."""
    clause = one.clause
    says = None
    if clause.says is not None:
        says = Text(zh=clause.says, en=clause.says_en or clause.says)
    return Condition(
        clause.id or "",
        says,
        clause.article or "",
        _joins(clause.at_least, all_=clause.all, any_=clause.any, none=clause.none),
        tuple(condition(part) for part in one.parts),
    )


def leaves(one: Condition) -> Iterator[Condition]:
    """Every clause that has words, from the top down."""
    if one.says is not None:
        yield one
    for part in one.parts:
        yield from leaves(part)


def where(found: Ground, one: Prepared) -> Text | None:
    """The districts it is for; None: the whole city."""
    named = [d for d in found.city.place.districts if d.id in one.policy.districts]
    if not named:
        return None
    return Text(zh="、".join(d.title for d in named), en=", ".join(d.title_en for d in named))


def _joins(at_least: int | None, *, all_: object, any_: object, none: object) -> Text | None:
    if all_:
        return Text(zh="须同时满足", en="all of these")
    if any_:
        return Text(zh="满足其一", en="one of these")
    if none:
        return NONE
    if at_least is not None:
        return Text(zh=f"至少满足 {at_least} 项", en=f"at least {at_least} of these")
    return None


def _windows(one: Prepared, day: date) -> Iterator[Window]:
    own = [window for version in one.policy.versions for window in version.windows]
    for window in sorted(own, key=lambda each: each.opens):
        state = "over" if window.closes < day else "open" if window.opens <= day else "coming"
        yield Window(window.opens, window.closes, window.batch or "", state)


def _together(found: Ground, one: Prepared) -> Iterator[Together]:
    city = found.city
    for rule in city.combinations.values():
        if one.id not in rule.policies:
            continue
        others = [city.policies[name] for name in rule.policies if name != one.id]
        yield Together(
            Text(zh=rule.says, en=rule.says_en or rule.says),
            tuple((other.id, Text(zh=other.title, en=other.title_en)) for other in others),
        )


def _versions(one: Prepared) -> Iterator[Version]:
    """The newest first, each with the terms that it changed."""
    ordered = sorted(one.policy.versions, key=lambda version: version.from_)
    told = []
    before: dict[str, str] | None = None
    for version in ordered:
        terms = {term.id: term.value for term in version.terms}
        names = {term.id: (term.says or term.id, term.says_en or term.id) for term in version.terms}
        changed = [
            Text(
                zh=f"{names[name][0]}：{before[name]} → {value}",
                en=f"{names[name][1]}: {before[name]} → {value}",
            )
            for name, value in terms.items()
            if before is not None and name in before and before[name] != value
        ]
        document = f"《{version.document.title}》{_bracketed(version.document.number)}"
        current = version.from_ == one.version.from_
        told.append(Version(version.from_, version.to, document, current, tuple(changed)))
        before = terms
    yield from reversed(told)


def _bracketed(number: str | None) -> str:
    return f"（{number}）" if number else ""
