"""Reading drafts of policies, always of the reader's own bureaus."""

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from cityforge.brain.errors import Text
from cityforge.portal.accounts import permissions as people
from cityforge.portal.accounts import roles
from cityforge.portal.accounts.models import Membership, Organisation, User
from cityforge.portal.accounts.permissions import NotAllowed, NotNow
from cityforge.portal.analytics.policies import in_force, review, shelf
from cityforge.portal.analytics.policies.review import Known
from cityforge.portal.policies import permissions, states
from cityforge.portal.policies.models import Draft, Publication, Wording

PAGE = 25
_MOST_LINES = 5_000
_AROUND = 3


@dataclass(frozen=True, slots=True)
class May:
    """Whether somebody may do something now; where not, why."""

    now: bool
    why: Text | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A draft in a list."""

    draft: Draft
    state: Text
    light: str
    bureau: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A draft as its page shows it.

    changed     the file in force is not the one it began from any more
    writers     who wrote part of it; publishers: who may publish it
    """

    draft: Draft
    newest: Wording
    wordings: list[Wording]
    published: list[Publication]
    state: Text
    light: str
    next: Text
    bureau: str
    may: dict[str, May]
    changed: bool
    is_new: bool
    is_writable: bool
    writers: list[str]
    publishers: list[str]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a comparison. `kind`: same, gone, new, skip."""

    kind: str
    old: int | None
    new: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A text of a policy that stood in force once.

    at, by   when and by whom it was published; `by` empty: it was not published here, and stood
             until then
    """

    digest: str
    text: str
    bureau: str
    at: datetime
    by: str


def of_user(user: User) -> QuerySet[Draft]:
    scope = people.scope(user, "policies.drafts")
    if scope.everything:
        return Draft.objects.all()
    return Draft.objects.filter(bureau__in=scope.units)


def rows(found: QuerySet[Draft], *, start: int = 0, stop: int = PAGE) -> list[Row]:
    titles = _bureaus()
    listed = found.select_related("begun_by", "submitted_by", "decided_by")[start:stop]
    return [
        Row(
            one,
            states.STATES[one.state],
            states.LIGHTS[one.state],
            titles.get(one.bureau, one.bureau),
        )
        for one in listed
    ]


def waiting(user: User) -> QuerySet[Draft]:
    """What somebody may publish: handed in, of their bureau, and none of it written by them."""
    units = people.scope(user, "policies.publish").units
    found = Draft.objects.filter(state=states.SUBMITTED, bureau__in=units)
    own = Wording.objects.filter(by=user).values("draft")
    return found.exclude(begun_by=user).exclude(submitted_by=user).exclude(pk__in=own)


def without_publisher() -> int:
    """How many were handed in that nobody may publish: their bureau has no other checker."""
    submitted = list(Draft.objects.filter(state=states.SUBMITTED))
    checkers = {
        (one.organisation.code, one.user_id)
        for one in _checkers().filter(organisation__code__in={one.bureau for one in submitted})
    }
    wrote = set(Wording.objects.filter(draft__in=submitted).values_list("draft", "by"))
    return sum(
        all(
            (one.pk, user) in wrote or user in (one.begun_by_id, one.submitted_by_id)
            for bureau, user in checkers
            if bureau == one.bureau
        )
        for one in submitted
    )


def draft(user: User, pk: int) -> Draft | None:
    joined = ("begun_by", "submitted_by", "decided_by")
    return of_user(user).filter(pk=pk).select_related(*joined).first()


def shown(user: User, found: Draft) -> Shown:
    wordings = list(found.wordings.select_related("by"))
    now = in_force.digest_of(found.policy)
    is_open = found.state in states.OPEN and found.state != states.PUBLISHING
    return Shown(
        draft=found,
        newest=wordings[0],
        wordings=wordings,
        published=list(found.publications.select_related("by")),
        state=states.STATES[found.state],
        light=states.LIGHTS[found.state],
        next=states.NEXT[found.state],
        bureau=_bureaus().get(found.bureau, found.bureau),
        may={
            "save": _may(lambda: permissions.check_can_save(user, found)),
            "submit": _may(lambda: permissions.check_can_submit(user, found)),
            "withdraw": _may(lambda: permissions.check_can_withdraw(user, found)),
            "take_back": _may(lambda: permissions.check_can_take_back(user, found)),
            "take_over": _may(lambda: permissions.check_can_take_over(user, found, now)),
            "decide": _may(lambda: permissions.check_can_decide(user, found)),
        },
        changed=is_open and now != found.base,
        is_new=not found.base,
        is_writable=shelf.is_writable(),
        writers=list(dict.fromkeys(one.by.shown for one in reversed(wordings))),
        publishers=_publishers(found),
    )


def sees_names(user: User) -> bool:
    """Whether somebody may see which enterprises a draft is for."""
    return people.scope(user, "policies.candidates").everything


def may_begin(user: User) -> bool:
    return people.allows(user, "policies.draft")


def choices(user: User) -> list[Known]:
    """The policies of the city folder that somebody may revise."""
    scope = people.scope(user, "policies.draft")
    return [one for one in review.known() if scope.everything or one.bureau in scope.units]


def bureaus(user: User) -> list[Organisation]:
    """The bureaus for which somebody may write."""
    scope = people.scope(user, "policies.draft")
    every = Organisation.objects.filter(kind=roles.BUREAU).order_by("title")
    return list(every if scope.everything else every.filter(code__in=scope.units))


def text_of(found: Draft, which: str) -> tuple[Text, str] | None:
    """One side of a comparison: `force`, `base`, or the number of a version; with what it is."""
    if which == "force":
        return Text(zh="现行文件", en="the file in force"), in_force.text(found.policy)
    if which == "base":
        return Text(zh="起草时的文件", en="the file it began from"), found.base_text
    number = int(which) if which.isascii() and which.isdigit() and len(which) < 9 else 0
    wording = found.wordings.filter(number=number).first()
    if wording is None:
        return None
    return Text(zh=f"第 {number} 稿", en=f"version {number}"), wording.text


def kept(user: User, policy: str) -> list[Kept]:
    """The texts of a policy that stood in force, as far as publishing kept them, the newest first;
    each once, of the drafts that somebody may see."""
    done = Publication.objects.filter(policy=policy, state=states.DONE, draft__in=of_user(user))
    journal = list(done.select_related("by", "draft").order_by("-pk"))
    found: dict[str, Kept] = {}
    for one in journal:
        at = one.ended_at or one.at
        new = Kept(one.after, one.text, one.draft.bureau, at, one.by.shown)
        found.setdefault(one.after, new)
    for one in journal:  # what stood there before, written elsewhere than in the portal
        if one.before and one.before not in found:
            found[one.before] = Kept(one.before, one.text_before, one.draft.bureau, one.at, "")
    return sorted(found.values(), key=lambda one: (one.at, bool(one.by)), reverse=True)


def compare(old: str, new: str) -> list[Line] | None:
    """Line by line, with a few lines around; None where the texts are too long to be compared."""
    one, other = old.splitlines(), new.splitlines()
    if max(len(one), len(other)) > _MOST_LINES:
        return None
    found: list[Line] = []
    groups = difflib.SequenceMatcher(None, one, other).get_grouped_opcodes(_AROUND)
    for number, group in enumerate(groups):
        if number:
            found.append(Line("skip", None, None, ""))
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                pairs = zip(range(i1, i2), range(j1, j2), strict=True)
                found += [Line("same", i + 1, j + 1, one[i]) for i, j in pairs]
                continue
            found += [Line("gone", i + 1, None, one[i]) for i in range(i1, i2)]
            found += [Line("new", None, j + 1, other[j]) for j in range(j1, j2)]
    return found


def _bureaus() -> dict[str, str]:
    found = Organisation.objects.filter(kind=roles.BUREAU)
    return dict(found.values_list("code", "title"))


def _publishers(found: Draft) -> list[str]:
    """Whom to ask: the checkers of its bureau who wrote nothing of it."""
    held = _checkers().filter(organisation__code=found.bureau)
    held = held.exclude(user__in=permissions.authors(found))
    return [one.user.shown for one in held[:5]]


def _checkers() -> QuerySet[Membership]:
    """Everybody who publishes policies of a bureau now."""
    today = timezone.localdate()
    held = Membership.objects.filter(
        Q(ends=None) | Q(ends__gte=today),
        starts__lte=today,
        role=roles.CHECKER,
        organisation__kind=roles.BUREAU,
        user__is_active=True,
    )
    return held.select_related("user", "organisation")


def _may(check: Callable[[], None]) -> May:
    try:
        check()
    except (NotNow, NotAllowed) as refused:
        return May(now=False, why=refused.text)
    return May(now=True)
