"""Deliveries that wait for a checker, data that are late, files to be mended or submitted."""

from collections.abc import Iterator, Sequence

from django.urls import reverse

from cityforge.brain.errors import Text
from cityforge.portal.accounts import permissions as people
from cityforge.portal.accounts.models import User
from cityforge.portal.imports import permissions, queries, states
from cityforge.portal.imports.models import Delivery
from cityforge.portal.imports.queries import Owed
from cityforge.portal.shell.pending import Waiting

_CHECK = Text(zh="部门报送待审核", en="Deliveries to be checked")
_LATE = Text(zh="数据集逾期或没有数据", en="Datasets late or without data")
_SOON = Text(zh="数据集 30 天内到期", en="Datasets due within 30 days")
_SUBMIT = Text(zh="已检查，待我提交", en="Checked, for me to submit")
_MEND = Text(zh="被退回或读不出，待改正", en="Returned or unreadable, to be mended")
_STUCK = Text(zh="检查停住，须重新检查", en="Checks that stopped: check again")
_CHECKERS = Text(zh="各部门审核员", en="the bureaus' checkers")
_BUREAUS = Text(zh="各报送部门", en="the bureaus that owe them")


def waiting(user: User) -> Iterator[Waiting]:
    """Of a bureau what is its own; of who looks after the city's data what all owe."""
    if people.scope(user, "imports.freshness").everything:
        yield from _city(user)
    if people.scope(user, "imports.view").units:
        yield from _bureau(user)


def _city(user: User) -> Iterator[Waiting]:
    place = reverse("imports:freshness")
    submitted = Delivery.objects.filter(state=states.SUBMITTED).count()
    if submitted:
        yield Waiting(_CHECK, submitted, place, is_mine=False, who=_CHECKERS)
    late = sum(_is_late(one) for owner in queries.freshness(user) for one in owner.owed)
    if late:
        yield Waiting(_LATE, late, place, is_mine=False, who=_BUREAUS, light="red")


def _bureau(user: User) -> Iterator[Waiting]:
    place = reverse("imports:home")
    check = len(queries.waiting(user))
    if check:
        yield Waiting(_CHECK, check, place)
    owed = queries.owed(user)
    late = [one for one in owed if _is_late(one)]
    soon = [one for one in owed if one.is_soon]
    is_mine = queries.may_deliver(user)
    if late:
        yield Waiting(_LATE, len(late), place, is_mine=is_mine, who=_BUREAUS, light="red")
    if soon:
        due = min(one.fresh.next_due for one in soon if one.fresh and one.fresh.next_due)
        yield Waiting(
            _SOON, len(soon), place, is_mine=is_mine, who=_BUREAUS, until=due, light="grey"
        )
    if is_mine:
        yield from _files(owed)


def _is_late(one: Owed) -> bool:
    """Whether a period is overdue, or there is nothing of what comes by the period."""
    return one.fresh is not None and (one.fresh.late > 0 or one.fresh.light == "red")


def _files(owed: Sequence[Owed]) -> Iterator[Waiting]:
    """The newest delivery of each dataset, where its reporter is asked for something."""
    last = [one.last for one in owed if one.last is not None]
    wrong = (states.RETURNED, states.UNREADABLE, states.INTERRUPTED)
    for title, light, found in (
        (_SUBMIT, "amber", [one for one in last if one.state == states.CHECKED]),
        (_MEND, "red", [one for one in last if one.state in wrong]),
        (_STUCK, "red", [one for one in last if permissions.is_stalled(one)]),
    ):
        if found:
            only = reverse("imports:delivery", args=[found[0].pk])
            url = only if len(found) == 1 else reverse("imports:home")
            yield Waiting(title, len(found), url, light=light)
