"""The policies of the newest run in plain words: cards for a list, a page for each, windows."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from cityforge.brain.api import policies
from cityforge.brain.api.policies import Prepared
from cityforge.brain.errors import Text
from cityforge.portal.analytics.policies import in_force, page
from cityforge.portal.analytics.policies.in_force import Ground
from cityforge.portal.analytics.policies.page import PolicyPage

OPEN = ("rolling", "open")


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition as search finds it."""

    id: str
    says: Text
    article: str


@dataclass(frozen=True, slots=True)
class Card:
    """One policy in a list.

    state    rolling, open, coming, closed, unannounced; `when`: the same in words
    urgency  calm, soon, urgent
    model    of another place, kept to draft by
    newer    published since the newest run, which matched by the version before, or by none
    matched  the newest run matched by a version of it
    """

    id: str
    title: Text
    level: str
    level_title: Text
    districts: tuple[str, ...]
    where: Text | None
    office: str
    document: str
    delivery: str
    delivery_title: Text
    pays: Text
    state: str
    when: Text
    urgency: str
    model: bool
    newer: bool
    matched: bool
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """One call for applications of one policy."""

    policy: str
    title: Text
    office: str
    opens: date
    closes: date
    batch: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every policy of the city folder as of the day of the run, by level, and the choices."""

    as_of: date
    cards: tuple[Card, ...]
    windows: tuple[Window, ...]
    levels: tuple[tuple[str, Text], ...]
    deliveries: tuple[tuple[str, Text], ...]
    districts: tuple[tuple[str, Text], ...]


def catalogue() -> Catalogue | None:
    """None where there is no run."""
    found = in_force.ground()
    return None if found is None else _catalogue(found)


def policy(name: str) -> PolicyPage | None:
    """One policy in plain words; None where none of this id counts."""
    found = in_force.ground()
    return None if found is None else _pages(found).get(name)


@lru_cache(maxsize=2)
def _catalogue(found: Ground) -> Catalogue:
    every = in_force.every(found)
    order = list(policies.LEVELS)
    # What a city itself decided stands first, what everybody has last.
    every.sort(key=lambda one: (-order.index(one.policy.level), one.id))
    used = {one.policy.delivery for one in every}
    return Catalogue(
        as_of=found.as_of,
        cards=tuple(_card(found, one) for one in every),
        windows=tuple(sorted(_windows(every), key=lambda one: (one.opens, one.policy))),
        levels=tuple((name, title) for name, title in reversed(policies.LEVELS.items())),
        deliveries=tuple(pair for pair in policies.DELIVERY.items() if pair[0] in used),
        districts=tuple(
            (one.id, Text(zh=one.title, en=one.title_en)) for one in found.city.place.districts
        ),
    )


@lru_cache(maxsize=2)
def _pages(found: Ground) -> dict[str, PolicyPage]:
    return {one.id: page.build(found, one) for one in in_force.every(found)}


def _card(found: Ground, one: Prepared) -> Card:
    own, when = one.policy, page.standing(one, found.as_of)
    document = one.version.document
    return Card(
        id=one.id,
        title=Text(zh=own.title, en=own.title_en),
        level=own.level,
        level_title=policies.LEVELS[own.level],
        districts=tuple(own.districts),
        where=page.where(found, one),
        office=own.office,
        document=f"{document.title} {document.number or ''}".strip(),
        delivery=own.delivery,
        delivery_title=policies.DELIVERY[own.delivery],
        pays=Text(zh=one.version.benefit.says, en=one.version.benefit.says_en),
        state=when.state,
        when=when.says,
        urgency=when.urgency,
        model=own.model,
        newer=found.is_newer(one.id),
        matched=found.is_matched(one.id),
        clauses=tuple(
            Clause(leaf.id, leaf.says, leaf.article)
            for leaf in page.leaves(page.condition(one.condition))
            if leaf.says is not None
        ),
    )


def _windows(every: list[Prepared]) -> list[Window]:
    return [
        Window(
            one.id,
            Text(zh=one.policy.title, en=one.policy.title_en),
            one.policy.office,
            window.opens,
            window.closes,
            window.batch or "",
        )
        for one in every
        if not one.policy.model
        for version in one.policy.versions
        for window in version.windows
    ]
