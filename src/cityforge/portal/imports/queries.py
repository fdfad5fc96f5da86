"""Reading deliveries and what is held, always of the reader's own bureaus."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db.models import Max, QuerySet

from cityforge.brain.errors import Text
from cityforge.portal.accounts import permissions as people
from cityforge.portal.accounts.models import User
from cityforge.portal.accounts.permissions import NotAllowed, NotNow
from cityforge.portal.analytics import contracts, deliveries
from cityforge.portal.analytics.contracts import Contract, Fresh
from cityforge.portal.analytics.deliveries import Rows
from cityforge.portal.imports import files, permissions, states
from cityforge.portal.imports.models import Delivery, Holding

_SOON = timedelta(days=30)
PAGE = 25
_WORSE = ("red", "amber", "green", "grey")  # of several lights an owner has the first


@dataclass(frozen=True, slots=True)
class Owed:
    """One dataset as its bureau's page shows it; `fresh` is None until holdings were counted."""

    contract: Contract
    holding: Holding | None
    fresh: Fresh | None
    last: Delivery | None
    is_soon: bool

    @property
    def state(self) -> Text | None:
        return states.STATES[self.last.state] if self.last else None

    @property
    def state_light(self) -> str:
        return states.LIGHTS[self.last.state] if self.last else ""


@dataclass(frozen=True, slots=True)
class Owner:
    """All that one bureau owes: its datasets, how many are late, the worst light."""

    title: Text
    owed: tuple[Owed, ...]
    late: int
    light: str
    missing: int


@dataclass(frozen=True, slots=True)
class May:
    """Whether somebody may do something now; where not, why."""

    now: bool
    why: Text | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A delivery as its page shows it."""

    delivery: Delivery
    contract: Contract | None
    state: Text
    light: str
    next: Text
    is_working: bool
    is_stalled: bool
    doing: Text
    report: dict[str, Any]
    may: dict[str, May]
    steps: list[tuple[Text, str, datetime | None]]


def owed(user: User) -> list[Owed]:
    """What the reader's bureaus owe."""
    return _owed(people.scope(user, "imports.view").units)


def freshness(user: User) -> list[Owner]:
    """What every bureau owes, by owner, the worst first; nothing for who may not see the city."""
    if not people.scope(user, "imports.freshness").everything:
        return []
    by_owner: dict[str, list[Owed]] = {}
    for one in people.once(user, "owed by all", lambda: _owed(None)):
        by_owner.setdefault(one.contract.owner, []).append(one)
    owners = [_owner(found) for found in by_owner.values()]
    return sorted(owners, key=lambda one: (_WORSE.index(one.light), -one.late, one.title.zh))


def counted_at() -> datetime | None:
    """When the oldest of the holdings was counted; None where none was yet."""
    first = Holding.objects.order_by("counted_at").first()
    return first.counted_at if first else None


def contract(user: User, dataset: str) -> Contract | None:
    """A contract of the reader's own bureaus; None for any other, there or not."""
    found = contracts.contract(dataset)
    units = people.scope(user, "imports.view").units
    return found if found is not None and found.owner in units else None


def may_deliver(user: User) -> bool:
    return people.allows(user, "imports.deliver")


def may_count(user: User) -> bool:
    return people.scope(user, "imports.count").everything


def of_user(user: User) -> QuerySet[Delivery]:
    """The deliveries of the reader's bureaus, the newest first."""
    units = people.scope(user, "imports.view").units
    return Delivery.objects.filter(organisation__kind="bureau", organisation__code__in=units)


def history(user: User, dataset: str) -> list[tuple[Delivery, Text, str]]:
    """The deliveries of a dataset, with the words and the light of their state."""
    found = of_user(user).filter(dataset=dataset).select_related("uploaded_by")[:PAGE]
    return [(one, states.STATES[one.state], states.LIGHTS[one.state]) for one in found]


def waiting(user: User) -> list[tuple[Delivery, Text]]:
    """What a checker has to decide."""
    if not people.allows(user, "imports.decide"):
        return []
    found = of_user(user).filter(state=states.SUBMITTED).select_related("submitted_by")
    titles = {one.id: one.title for one in contracts.contracts(None)}
    return [(one, titles.get(one.dataset, Text(zh=one.dataset, en=one.dataset))) for one in found]


def delivery(user: User, pk: int) -> Delivery | None:
    """One of the reader's bureaus' deliveries."""
    joined = ("organisation", "uploaded_by", "submitted_by", "decided_by")
    return of_user(user).filter(pk=pk).select_related(*joined).first()


def shown(user: User, found: Delivery) -> Shown:
    stalled = permissions.is_stalled(found)
    words = found.doing or ["等待开始", "waiting to begin"]
    return Shown(
        delivery=found,
        contract=contracts.contract(found.dataset),
        state=states.STATES[found.state],
        light=states.LIGHTS[found.state],
        next=states.NEXT[found.state],
        is_working=found.state in states.WORKING and not stalled,
        is_stalled=stalled,
        doing=Text(zh=words[0], en=words[1]),
        report=_texts(found.report),
        may=_may(user, found),
        steps=_steps(found),
    )


def rows(found: Delivery, *, faulty: bool, page: int, all_columns: bool) -> Rows:
    """A page of the rows of a checked file, as they stand in it."""
    return deliveries.rows(
        _folder(found) / deliveries.ROWS,
        found.dataset,
        faulty=faulty,
        start=(page - 1) * PAGE,
        size=PAGE,
        all_columns=all_columns,
    )


def file(found: Delivery, which: str) -> tuple[Path, str] | None:
    """A file to download and the name it gets: the upload, its errors, all that differs."""
    if which == "upload":
        path = files.place(found.sha256, found.ending)
        return (path, found.name) if path.is_file() else None
    names = found.report.get("errors") or []
    listed = {
        "errors": _folder(found) / "errors" / names[0] if names else None,
        "difference": _folder(found) / str(found.report.get("difference") or ""),
    }
    chosen = listed.get(which)
    return (chosen, chosen.name) if chosen is not None and chosen.is_file() else None


def _folder(found: Delivery) -> Path:
    return files.checked(found.pk, int(found.report.get("folder") or 0))


def _owed(owners: frozenset[str] | None) -> list[Owed]:
    if owners is not None and not owners:
        return []
    day = contracts.today()
    holdings = {one.dataset: one for one in Holding.objects.all()}
    kept = Delivery.objects.exclude(state=states.WITHDRAWN).order_by()
    newest = kept.values("dataset").annotate(last=Max("pk")).values("last")
    last = {one.dataset: one for one in Delivery.objects.filter(pk__in=newest).defer("report")}
    return [
        _one(one, holdings.get(one.id), last.get(one.id), day)
        for one in contracts.contracts(owners)
    ]


def _one(contract: Contract, holding: Holding | None, last: Delivery | None, day: date) -> Owed:
    fresh = contracts.fresh(contract.id, holding.newest, day=day) if holding else None
    due = fresh.next_due if fresh else None
    is_soon = due is not None and day <= due <= day + _SOON
    return Owed(contract, holding, fresh, last, is_soon)


def _owner(found: list[Owed]) -> Owner:
    lights = [one.fresh.light if one.fresh else "grey" for one in found]
    return Owner(
        found[0].contract.owner_title,
        tuple(found),
        late=sum(one.fresh is not None and one.fresh.late > 0 for one in found),
        light=min(lights, key=_WORSE.index),
        missing=sum(one.fresh is not None and one.fresh.newest is None for one in found),
    )


def _may(user: User, found: Delivery) -> dict[str, May]:
    """What the reader may do with it now; a thing that is no matter of theirs is left out."""
    may: dict[str, May] = {}
    if people.allows(user, "imports.deliver"):
        may["check"] = _asked(lambda: permissions.check_can_check(user, found))
        # Whether a note is wanted is said at the field.
        may["submit"] = _asked(lambda: permissions.check_can_submit(user, found, "—"))
        may["withdraw"] = _asked(lambda: permissions.check_can_withdraw(user, found))
    if people.allows(user, "imports.decide"):
        may["decide"] = _asked(lambda: permissions.check_can_decide(user, found))
        if found.state == states.APPROVED:
            current = deliveries.number(found.dataset)
            may["undo"] = _asked(lambda: permissions.check_can_undo(user, found, current))
    return may


def _asked(check: Any) -> May:
    try:
        check()
    except (NotAllowed, NotNow) as refused:
        return May(now=False, why=refused.text)
    return May(now=True)


def _steps(found: Delivery) -> list[tuple[Text, str, datetime | None]]:
    """Who did what, when: the line of a delivery's life so far."""
    steps = [(Text(zh="上传", en="Uploaded"), found.uploaded_by.shown, found.uploaded_at)]
    if found.submitted_by:
        words = Text(zh="提交审核", en="Submitted")
        steps.append((words, found.submitted_by.shown, found.submitted_at))
    if found.decided_by:
        decided = {
            states.RETURNED: Text(zh="退回", en="Returned"),
            states.UNDONE: Text(zh="批准，后撤销", en="Approved, then undone"),
        }.get(found.state, Text(zh="批准", en="Approved"))
        steps.append((decided, found.decided_by.shown, found.decided_at))
    return steps  # type: ignore[return-value]


def _texts(value: Any) -> Any:
    """A report as JSON keeps it, its pairs of words made texts again."""
    pairs = ("column", "reason", "title", "what", "hint")
    lists = ("notes", "alarms", "echoes")
    if isinstance(value, list):
        return [_texts(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        name: Text(zh=one[0], en=one[1])
        if name in pairs
        else [Text(zh=pair[0], en=pair[1]) for pair in one]
        if name in lists
        else _texts(one)
        for name, one in value.items()
    }
