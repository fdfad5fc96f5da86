"""Reading notices, dispatches and consents."""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError
from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from cityforge.brain.errors import Text
from cityforge.portal.accounts import permissions, roles
from cityforge.portal.accounts.models import Membership, Organisation, User
from cityforge.portal.accounts.permissions import Person
from cityforge.portal.notices import posting, states
from cityforge.portal.notices.models import Consent, Dispatch, Notice, RecordedSms

_log = logging.getLogger(__name__)
Codes = Collection[str] | QuerySet[Any, str]
Moment = datetime | None


@dataclass(frozen=True, slots=True)
class Line:
    """A notice in a list or by itself, in both languages."""

    pk: int
    title: Text
    parts: list[tuple[Text, Text]]
    organisation: str
    link: str
    sent_at: datetime
    read_at: datetime | None
    followed_at: datetime | None
    archived_at: datetime | None


@dataclass(frozen=True, slots=True)
class Road:
    """How an enterprise may be reached on a channel.

    agreed   it agreed and did not withdraw; asked: its address is not proven yet
    """

    channel: str
    title: Text
    is_set_up: bool
    agreed: Consent | None
    asked: Consent | None


def unread(person: Person) -> int:
    """How many wait to be read; 0 where the database does not answer: it stands on every page."""
    if not person.is_authenticated:
        return 0
    try:
        waits = _own(person).filter(read_at=None, archived_at=None)
        return permissions.once(person, "unread", waits.count)
    except DatabaseError:
        _log.exception("notices of %s cannot be counted", person)
        return 0


def inbox(user: User, *, archived: bool) -> QuerySet[Notice]:
    found = _own(user).select_related("organisation")
    return found.exclude(archived_at=None) if archived else found.filter(archived_at=None)


def notice(user: User, pk: int) -> Notice | None:
    """One of one's own."""
    return _own(user).filter(pk=pk).select_related("organisation").first()


def _own(user: User) -> QuerySet[Notice]:
    """What concerns an organisation is for those alone who still act for it."""
    here = [one.organisation_id for one in permissions.memberships(user)]
    return Notice.objects.filter(Q(organisation=None) | Q(organisation__in=here), user=user)


def line(one: Notice) -> Line:
    return Line(
        one.pk,
        Text(zh=one.title_zh, en=one.title_en),
        [(Text(zh=h[0], en=h[1]), Text(zh=w[0], en=w[1])) for h, w in one.parts],
        one.organisation.title if one.organisation else "",
        one.link,
        one.sent_at,
        one.read_at,
        one.followed_at,
        one.archived_at,
    )


def enterprises(user: User, action: str = "notices.channels") -> list[Organisation]:
    """Those somebody acts for."""
    codes = permissions.scope(user, action).enterprises
    found = Organisation.objects.filter(kind=roles.ENTERPRISE, code__in=codes)
    return list(found.order_by("code"))


def roads(organisation: Organisation) -> list[Road]:
    standing = {
        one.channel: one
        for one in Consent.objects.filter(organisation=organisation, ended_at=None).select_related(
            "agreed_by", "asked_by"
        )
    }
    return [
        Road(
            channel,
            states.CHANNELS[channel],
            posting.is_set_up(channel),
            one if one and one.agreed_at else None,
            one if one and not one.agreed_at else None,
        )
        for channel in states.OUTSIDE
        for one in [standing.get(channel)]
    ]


def people(codes: Collection[str]) -> dict[str, list[User]]:
    """By credit code: who acts for an enterprise today."""
    found: dict[str, list[User]] = defaultdict(list)
    held = _held().filter(organisation__code__in=codes).select_related("user", "organisation")
    for one in held.order_by("pk"):
        if one.user not in found[one.organisation.code]:
            found[one.organisation.code].append(one.user)
    return dict(found)


def with_account() -> frozenset[str]:
    """The credit codes of all for whom somebody acts today."""
    return frozenset(_held().values_list("organisation__code", flat=True))


def _held() -> QuerySet[Membership]:
    today = timezone.localdate()
    return Membership.objects.filter(
        Q(ends=None) | Q(ends__gte=today),
        starts__lte=today,
        role__in=permissions.ENTERPRISES,
        organisation__kind=roles.ENTERPRISE,
        user__is_active=True,
    )


def agreed(channel: str) -> set[str]:
    """The credit codes of those who agreed to a channel."""
    found = Consent.objects.filter(channel=channel, ended_at=None).exclude(agreed_at=None)
    return set(found.values_list("organisation__code", flat=True))


def gone(about: str, term: str, channel: str) -> set[str]:
    """The credit codes of those who were told of this already."""
    found = Dispatch.objects.filter(about=about, term=term, channel=channel, state__in=states.GONE)
    return set(found.values_list("code", flat=True))


def counted(key: str, codes: Codes | None = None) -> dict[str, list[tuple[str, str, int]]]:
    """Of what was sent for something: by channel, states and reasons with how many of each."""
    rows = Dispatch.objects.filter(key=key)
    if codes is not None:
        rows = rows.filter(code__in=codes)
    found: dict[str, list[tuple[str, str, int]]] = {}
    grouped = rows.values_list("channel", "state", "reason").annotate(n=Count("pk"))
    for channel, state, reason, n in grouped.order_by("channel", "state", "reason"):
        found.setdefault(channel, []).append((state, reason, n))
    return found


def dispatches(key: str, codes: Collection[str]) -> dict[str, dict[str, Dispatch]]:
    """Of these enterprises: by code, then by channel."""
    found: dict[str, dict[str, Dispatch]] = defaultdict(dict)
    for one in Dispatch.objects.filter(key=key, code__in=codes):
        found[one.code][one.channel] = one
    return dict(found)


def receipts(key: str, about: str, codes: Codes) -> dict[str, tuple[Moment, Moment]]:
    """Of these enterprises: when the first of its people read it, and went on to act."""
    own = Notice.objects.filter(about=about, key__startswith=f"{key}:")
    grouped = own.filter(organisation__code__in=codes).values_list("organisation__code")
    first = grouped.annotate(read=Min("read_at"), followed=Min("followed_at")).order_by()
    return {code: (read, followed) for code, read, followed in first}


def receipt_counts(key: str, about: str, codes: Codes) -> tuple[int, int]:
    """How many of these enterprises read it, and went on to act."""
    own = Notice.objects.filter(
        about=about, key__startswith=f"{key}:", organisation__code__in=codes
    )
    found = own.aggregate(
        read=Count("organisation", distinct=True, filter=Q(read_at__isnull=False)),
        followed=Count("organisation", distinct=True, filter=Q(followed_at__isnull=False)),
    )
    return found["read"], found["followed"]


def readers(key: str, about: str) -> QuerySet[Notice, str]:
    """The credit codes of the enterprises somebody of which read it."""
    own = Notice.objects.filter(about=about, key__startswith=f"{key}:").exclude(read_at=None)
    return own.values_list("organisation__code", flat=True)


def reached(about: str = "") -> Iterator[tuple[str, str, str]]:
    """All that ever arrived: about what, credit code, channel. A row each: for coverage."""
    found = Dispatch.objects.filter(state=states.SENT)
    if about:
        found = found.filter(about=about)
    yield from found.values_list("about", "code", "channel").iterator()


def opened(about: str = "") -> Iterator[tuple[str, str, datetime, Moment, Moment]]:
    """Of all notices: about what, credit code, first sent, first read, first acted on."""
    found = Notice.objects.exclude(organisation=None)
    if about:
        found = found.filter(about=about)
    grouped = found.values_list("about", "organisation__code").order_by()
    told = grouped.annotate(sent=Min("sent_at"), read=Min("read_at"), followed=Min("followed_at"))
    yield from told.iterator()


def next_at(key: str) -> datetime | None:
    """When the first of those that wait is due; None where none waits for a time."""
    waiting = Dispatch.objects.filter(key=key, state=states.WAITING)
    moment: datetime | None = waiting.aggregate(first=Min("next_at"))["first"]
    return moment


def recorded() -> QuerySet[RecordedSms]:
    return RecordedSms.objects.all()


def consent(organisation: Organisation, channel: str) -> Consent | None:
    """The one that stands, agreed or only asked."""
    return Consent.objects.filter(organisation=organisation, channel=channel, ended_at=None).first()
