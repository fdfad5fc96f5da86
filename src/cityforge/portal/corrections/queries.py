"""Corrections as their pages show them, and as the next run reads them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce, TruncSecond
from django.utils import timezone

from cityforge.brain.errors import Text
from cityforge.portal.accounts import permissions
from cityforge.portal.accounts.models import Organisation, User
from cityforge.portal.accounts.permissions import Person
from cityforge.portal.analytics import corrections as analytics
from cityforge.portal.analytics import rulings
from cityforge.portal.analytics.corrections import Correctable, Line
from cityforge.portal.corrections import permissions as own
from cityforge.portal.corrections import states
from cityforge.portal.corrections.models import Correction
from cityforge.portal.enterprises import permissions as levels
from cityforge.portal.enterprises import queries as enterprises
from cityforge.portal.enterprises.models import Enterprise
from cityforge.portal.policies.models import Declaration

MOST = 200
_ALL = "secret"  # titles of facts are for all who see the correction
# From when it counts, to the second as journals tell it; the later one wins.
_SINCE = TruncSecond(Coalesce("ruled_at", "at"))
_COUNTS = Q(state=states.ACCEPTED) | Q(state=states.SUBMITTED, declared=True)


@dataclass(frozen=True, slots=True)
class Shown:
    """A correction with its words.

    origin   the evaluation that ruled it, and its objection; None for one that was asked for here
    later    the one of the same fact that counts in its place
    """

    one: Correction
    fact: Text
    dataset: Text
    owner: Text
    stated: Text
    value: Text
    state: Text
    light: str
    counts: Text | None
    origin: Text | None
    later: Correction | None
    may_rule: bool
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class Asking:
    """What the form of a correction shows: the fact, and what the data say of each year."""

    enterprise: Organisation
    fact: Correctable
    years: list[tuple[int, str, Text]]


def corrections(
    person: Person, *, waiting: bool | None = None, start: int = 0, stop: int = MOST
) -> list[Shown]:
    """Those a person may see, the newest first; only those that wait or not, where asked."""
    return _all_shown(person, list(_asked(person, waiting=waiting)[start:stop]))


def count(person: Person, *, waiting: bool | None = None) -> int:
    """How many of them there are."""
    return _asked(person, waiting=waiting).count()


def shown(person: Person, pk: int) -> Shown | None:
    """None alike for one out of scope and for none at all."""
    one = _visible(person).filter(pk=pk).first()
    return _all_shown(person, [one])[0] if one else None


def is_among(proceedings: Iterable[str], objection: str) -> bool:
    """Whether what was ruled on an objection counts as a correction."""
    found = Correction.objects.filter(objection=objection, state=states.ACCEPTED)
    return found.filter(proceeding__in=proceedings).exists()


def name_of(uscc: str) -> str:
    """What the list of enterprises calls one; its code where it is not there."""
    known = Enterprise.objects.filter(uscc=uscc).values_list("name", flat=True).first()
    return known or uscc


def enterprises_of(person: Person) -> list[Organisation]:
    """The enterprises that a person speaks for."""
    codes = permissions.scope(person, "corrections.ask").enterprises
    return list(Organisation.objects.filter(kind="enterprise", code__in=codes).order_by("code"))


def facts(enterprise: Organisation, person: Person) -> list[Correctable]:
    """What the enterprise may put right."""
    return analytics.facts(_level(enterprise, person))


def asking(enterprise: Organisation, person: Person, fact: str) -> Asking | None:
    """The form for a fact; None where it cannot be put right."""
    known = analytics.correctable(fact, _level(enterprise, person))
    if known is None:
        return None
    years = analytics.years() if known.yearly else analytics.years()[:1]
    told = [(year, analytics.stated(enterprise.code, fact, year)) for year in years]
    return Asking(
        enterprise,
        known,
        [(year, text, analytics.shown(fact, text)) for year, text in told if text is not None],
    )


def waiting_for_run() -> tuple[int, int]:
    """How many ruled corrections the next run reads, and how many that nobody verified."""
    bases = [one.basis for one in lines()]
    return bases.count(analytics.RULED), bases.count(analytics.DECLARED)


def lines() -> Iterator[Line]:
    """What the next run reads, oldest first: of one fact the newest counts there.

    A later correction of the same fact was made of the figure that the earlier one put in place;
    what the dataset itself says is what the first of them was made of.
    """
    base: dict[tuple[str, int, str], tuple[str, str]] = {}
    yearly = {one.name for one in analytics.facts(_ALL) if one.yearly}
    yield from _declared()
    found = Correction.objects.filter(_COUNTS | Q(state=states.UNDONE))
    found = found.select_related("organisation").order_by(_SINCE, "pk")
    for one in found.iterator(chunk_size=2000):
        key = _key(one, yearly)
        before, after = base.get(key, ("", ""))
        stated = before if key in base and one.stated == after else one.stated
        base[key] = (stated, one.value)
        if one.state == states.UNDONE:
            continue  # but a later one may have been made of what it put in place
        is_ruled = one.state == states.ACCEPTED
        yield Line(
            one.organisation.code,
            one.year,
            one.fact,
            one.value,
            stated,
            analytics.RULED if is_ruled else analytics.DECLARED,
            rulings.named(one.proceeding)[0] if one.proceeding else one.owner,
            timezone.localdate(one.ruled_at if is_ruled else one.at),
            one.mark,
        )


def _declared() -> Iterator[Line]:
    """What enterprises told in their check-up and runs may take: where the dataset says nothing."""
    found = Declaration.objects.filter(undone_at=None).select_related("organisation")
    for one in found.order_by("pk").iterator(chunk_size=2000):
        told = analytics.declared(one.fact, one.year, one.value)
        if told is not None:
            fact, year, value = told
            uscc, day = one.organisation.code, timezone.localdate(one.at)
            yield Line(uscc, year, fact, value, "", analytics.DECLARED, "", day, f"d{one.pk}")


def _visible(person: Person) -> QuerySet[Correction]:
    found = Correction.objects.select_related("organisation", "by", "ruled_by")
    return found.filter(own.visible(person))


def _key(one: Correction, yearly: Iterable[str]) -> tuple[int, int, str]:
    """What it puts right; what has no year has but one value."""
    return one.organisation_id, one.year if one.fact in yearly else 0, one.fact


def _all_shown(person: Person, found: list[Correction]) -> list[Shown]:
    facts = {one.name: one for one in analytics.facts(_ALL)}
    yearly = {name for name, fact in facts.items() if fact.yearly}
    ours = Correction.objects.filter(
        _COUNTS, organisation__in={one.organisation_id for one in found}
    )
    counting = {_key(one, yearly): one for one in ours.order_by(_SINCE, "pk")}
    applied = {code: analytics.applied(code) for code in {one.organisation.code for one in found}}
    return [
        _shown(
            person,
            one,
            facts.get(one.fact),
            counting.get(_key(one, yearly)),
            is_applied=applied[one.organisation.code].get(one.mark),
        )
        for one in found
    ]


def _asked(person: Person, *, waiting: bool | None) -> QuerySet[Correction]:
    found = _visible(person)
    if waiting is None:
        return found
    own = Q(state=states.SUBMITTED)
    return found.filter(own if waiting else ~own)


def _shown(
    person: Person,
    one: Correction,
    fact: Correctable | None,
    counting: Correction | None,
    *,
    is_applied: bool | None,
) -> Shown:
    title = fact.title if fact else Text(zh=one.fact, en=one.fact)
    is_over = one.state == states.ACCEPTED and counting is not None and counting.pk != one.pk
    return Shown(
        one,
        title,
        fact.dataset if fact else Text(zh="", en=""),
        fact.owner_title if fact else Text(zh=one.owner, en=one.owner),
        analytics.shown(one.fact, one.stated),
        analytics.shown(one.fact, one.value),
        states.STATES[one.state],
        states.LIGHTS[one.state],
        _counts(one, is_applied=is_applied, is_over=is_over),
        _origin(one) if one.proceeding else None,
        counting if is_over else None,
        _may(own.check_can_rule, person, one),
        _may(own.check_can_withdraw, person, one),
    )


def _origin(one: Correction) -> Text:
    _, name = rulings.named(one.proceeding)
    return Text(zh=f"{name.zh}，异议 {one.objection}", en=f"{name.en}, objection {one.objection}")


def _counts(one: Correction, *, is_applied: bool | None, is_over: bool) -> Text | None:
    """Whether it stands in the result in force, or from when it will.

    is_applied   None where the run in force had not read of it
    """
    if one.state in (states.REFUSED, states.WITHDRAWN, states.UNDONE):
        return None
    if is_over:
        return Text(zh="后来另有认定，以后来的为准", en="ruled anew since: the later one counts")
    if is_applied:
        return Text(zh="现行结果已采用", en="in the result in force")
    if is_applied is False:
        return Text(
            zh="现行结果没有采用：数据已另有更新，或不在计算的范围内",
            en="not in the result in force: newer data came, or the run does not look at it",
        )
    if one.state == states.ACCEPTED:
        return Text(zh="下一次计算起采用", en="from the next run on")
    if one.declared:
        return Text(
            zh="属企业申报数据，下一次计算起暂按申报数采用",
            en="declared data: taken from the next run on, until verified",
        )
    return Text(zh="核实之前仍用原数", en="until it is verified the old figure counts")


def _may(check, person: Person, one: Correction) -> bool:
    if not isinstance(person, User):
        return False
    try:
        check(person, one)
    except (permissions.NotAllowed, own.NotNow):
        return False
    return True


def _level(enterprise: Organisation, person: Person) -> str:
    found = enterprises.one(person, "dossier.view", enterprise.code)
    return levels.level(person, found) if found else levels.PUBLIC
