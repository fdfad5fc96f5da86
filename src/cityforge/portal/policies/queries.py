"""Reading policies for a person: never more than their scope."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser

from cityforge.brain.errors import Language
from cityforge.portal.accounts import permissions
from cityforge.portal.accounts.models import Organisation, User
from cityforge.portal.analytics.policies import catalogue, checking, search
from cityforge.portal.analytics.policies.catalogue import Catalogue, Window
from cityforge.portal.analytics.policies.checking import Checked, One, Question, Told
from cityforge.portal.analytics.policies.ready import Places, year
from cityforge.portal.analytics.policies.search import Hit
from cityforge.portal.policies.models import Declaration, Favourite

Person = User | AnonymousUser


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader of the catalogue chose; empty: everything."""

    words: str = ""
    level: str = ""
    district: str = ""
    delivery: str = ""
    when: str = ""
    mine: bool = False
    models: bool = False


@dataclass(frozen=True, slots=True)
class Month:
    """The days of one month on which calls open or close."""

    first: date
    days: list[tuple[date, Window, bool]]  # the day, the call, whether it opens


@dataclass(frozen=True, slots=True)
class Declared:
    """A declared fact with who told it, to be shown and undone."""

    number: int
    told: Told
    by: str
    at: object


def found(known: Catalogue, wanted: Wanted, favourites: frozenset[str]) -> list[Hit]:
    """The policies that were asked for, best first. A district has those of the whole city too."""
    chosen = [
        card
        for card in known.cards
        if card.model is wanted.models
        and wanted.level in ("", card.level)
        and (not wanted.district or not card.districts or wanted.district in card.districts)
        and wanted.delivery in ("", card.delivery)
        and (
            not wanted.when
            or (wanted.when == "open" and card.state in catalogue.OPEN)
            or wanted.when == card.state
        )
        and (not wanted.mine or card.id in favourites)
    ]
    return search.search(chosen, wanted.words)


def months(windows: Iterable[Window], *, since: date) -> list[Month]:
    """The calendar from the month of a day on: one line for each opening and each close."""
    start = since.replace(day=1)
    days = [(one.opens, one, True) for one in windows]
    days += [(one.closes, one, False) for one in windows]
    told: dict[date, Month] = {}
    for day, window, opens in sorted(days, key=lambda line: (line[0], line[1].policy, line[2])):
        first = day.replace(day=1)
        if first >= start:
            told.setdefault(first, Month(first, [])).days.append((day, window, opens))
    return list(told.values())


def favourites(person: Person) -> frozenset[str]:
    if not person.is_authenticated:
        return frozenset()
    return frozenset(Favourite.objects.filter(user=person).values_list("policy", flat=True))


def places(person: Person, action: str) -> Places:
    """Where somebody may look in an action; nowhere by default."""
    scope = permissions.scope(person, action)
    return Places(scope.everything, scope.districts, scope.parks)


def enterprises(person: Person, action: str = "policies.check_up") -> list[Organisation]:
    """The enterprises that somebody acts for."""
    codes = permissions.scope(person, action).enterprises
    return list(Organisation.objects.filter(kind="enterprise", code__in=codes).order_by("code"))


def declarations(enterprise: Organisation) -> list[Declaration]:
    """What it declared and did not undo, of the year of the newest facts."""
    newest = year()
    if newest is None:
        return []
    standing = Declaration.objects.filter(organisation=enterprise, year=newest, undone_at=None)
    return list(standing.select_related("by"))


def check_up(
    enterprise: Organisation, told: list[Declaration], language: Language
) -> tuple[Checked, list[Declared]] | None:
    """The check-up with what was declared; None where the newest run does not have it."""
    checked = checking.check_up(enterprise.code, pairs(told), language)
    if checked is None:
        return None
    lines = [
        Declared(one.pk, shown, one.by.shown, one.at)
        for one, shown in zip(told, checked.declared, strict=True)
    ]
    return checked, lines


def checklist(enterprise: Organisation, policy: str, language: Language) -> One | None:
    told = declarations(enterprise)
    return checking.checklist(enterprise.code, policy, pairs(told), language)


def question(checked: Checked, column: str = "") -> Question | None:
    """The fact to be asked next, or a certain one of those lacking."""
    asked = [ask.declare for ask in checked.page.asks]
    if not asked or (column and column not in asked):
        return None
    return checking.question(column or asked[0])


def pairs(told: Iterable[Declaration]) -> list[tuple[str, str]]:
    return [(one.fact, one.value) for one in told]
