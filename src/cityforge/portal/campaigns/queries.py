"""Reading campaigns: never more of them than somebody's reach."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from cityforge.brain.errors import Text
from cityforge.portal.accounts.models import User
from cityforge.portal.accounts.permissions import NotAllowed, NotNow
from cityforge.portal.analytics.policies import catalogue, pushing, telling
from cityforge.portal.analytics.policies.catalogue import Card
from cityforge.portal.analytics.policies.pushing import GROUPS, Target
from cityforge.portal.analytics.policies.ready import Places
from cityforge.portal.analytics.policies.telling import Message
from cityforge.portal.campaigns import permissions, states
from cityforge.portal.campaigns.models import Campaign, Recipient
from cityforge.portal.campaigns.wanted import Wanted
from cityforge.portal.notices import posting
from cityforge.portal.notices import queries as notices
from cityforge.portal.notices import states as channels
from cityforge.portal.notices.models import Dispatch

Counted = tuple[str, str, int]  # state, reason, how many
_NOT_GONE = (channels.HELD, channels.REFUSED)


@dataclass(frozen=True, slots=True)
class Preview:
    """Whom a push would reach, and what one of them would read.

    lines     by district: title, enterprises, of them with an account
    held      by reason, how many of those would not be told
    """

    run: str
    count: int
    reachable: int
    groups: list[tuple[Text, int]]
    lines: list[tuple[Text, int, int]]
    held: list[tuple[Text, Text, int]]
    example: Target | None
    message: Message | None


@dataclass(frozen=True, slots=True)
class Row:
    """A campaign in a list."""

    campaign: Campaign
    title: Text
    state: Text
    light: str
    count: int


@dataclass(frozen=True, slots=True)
class Channel:
    """How a campaign stands on one channel: how many it arrived at."""

    title: Text
    sent: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A campaign with what may be done about it.

    rest   of those it did not arrive at: light, channel, state, reason, how many
    """

    campaign: Campaign
    title: Text
    state: Text
    light: str
    next: Text
    is_stalled: bool
    is_working: bool
    whom: list[Text]
    district: Text | None
    count: int
    channels: list[Channel]
    rest: list[tuple[str, Text, Text, Text | None, int]]
    read: int
    followed: int
    may: dict[str, bool]


def chosen(wanted: Wanted, places: Places) -> list[Target]:
    """Whom a push is for, by the newest run; nobody where there is none."""
    return wanted.of(pushing.targets(wanted.policy, places, wanted.groups) or ())


def preview(user: User, wanted: Wanted) -> Preview | None:
    """None where there is no run, or the policy is not one to push."""
    places = permissions.reach(user, "campaigns.send").of(wanted.policy)
    targets, run = pushing.targets(wanted.policy, places, wanted.groups), pushing.run()
    if targets is None or run is None:
        return None
    found = wanted.of(targets)
    accounts = notices.with_account()
    reachable = [one for one in found if one.uscc in accounts]
    by_district, with_account = (Counter(one.district for one in s) for s in (found, reachable))
    example = next(iter(reachable), next(iter(found), None))
    return Preview(
        run,
        len(found),
        len(reachable),
        [(GROUPS[group], sum(one.group == group for one in found)) for group in wanted.groups],
        [(districts(d), n, with_account[d]) for d, n in sorted(by_district.items())],
        list(_held(wanted, found, {one.uscc for one in reachable})),
        example,
        # Without what it declared: that is the enterprise's to show.
        telling.message(example.uscc, wanted.policy, ()) if example else None,
    )


def _held(
    wanted: Wanted, found: list[Target], reachable: set[str]
) -> Iterator[tuple[Text, Text, int]]:
    """Who would not be told on a channel, and why, as far as it can be said before."""
    term = pushing.call(wanted.policy)
    for channel in wanted.channels:
        title = channels.CHANNELS[channel]
        told = notices.gone(wanted.policy, term, channel) & reachable
        rest = reachable - told
        refuses = rest - notices.agreed(channel) if channel in channels.OUTSIDE else set()
        is_dead = channel in channels.OUTSIDE and not posting.is_set_up(channel)
        counts = {
            channels.NO_ACCOUNT: len(found) - len(reachable),
            channels.TOLD: len(told),
            channels.NOT_SET_UP: len(rest) if is_dead else 0,
            channels.NO_CONSENT: 0 if is_dead else len(refuses),
        }
        yield from ((title, channels.REASONS[why], n) for why, n in counts.items() if n)


def campaigns(user: User) -> QuerySet[Campaign]:
    """Those with a recipient in reach, and one's own."""
    reach = permissions.reach(user, "campaigns.view")
    found = Campaign.objects.select_related("made_by")
    if reach.places.everything:
        return found
    seen = Recipient.objects.filter(reach.recipients, campaign=OuterRef("pk"))
    return found.filter(Q(made_by=user) | Q(Exists(seen)))


def rows(user: User, found: list[Campaign]) -> list[Row]:
    reach = permissions.reach(user, "campaigns.view")
    own = Recipient.objects.filter(reach.recipients, campaign__in=found)
    counts = dict(own.values_list("campaign").annotate(n=Count("pk")).order_by())
    return [
        Row(
            one,
            title(one.policy),
            states.STATES[one.state],
            states.LIGHTS[one.state],
            counts.get(one.pk, 0),
        )
        for one in found
    ]


def campaign(user: User, pk: int) -> Campaign | None:
    return campaigns(user).filter(pk=pk).first()


def recipients(user: User, one: Campaign, *, show: str = "") -> QuerySet[Recipient]:
    """Those in reach; `show`: missed (not in the inbox), unread."""
    reach = permissions.reach(user, "campaigns.view")
    found = Recipient.objects.filter(reach.recipients, campaign=one)
    arrived = Dispatch.objects.filter(
        key=one.key, channel=channels.INBOX, state=channels.SENT, code=OuterRef("uscc")
    )
    if show == "missed":
        found = found.filter(~Exists(arrived))
    if show == "unread":
        found = found.filter(Exists(arrived)).exclude(uscc__in=notices.readers(one.key, one.policy))
    return found


def shown(user: User, one: Campaign) -> Shown:
    own = recipients(user, one)
    codes = own.values_list("uscc", flat=True)
    counted = notices.counted(one.key, codes)
    read, followed = notices.receipt_counts(one.key, one.policy, codes)
    is_stalled = permissions.is_stalled(one)
    return Shown(
        campaign=one,
        title=title(one.policy),
        state=states.STATES[one.state],
        light=states.LIGHTS[one.state],
        next=states.NEXT[one.state],
        is_stalled=is_stalled,
        is_working=one.state == states.SENDING and not is_stalled,
        whom=[_whom(one, group) for group in one.groups],
        district=districts(one.district) if one.district else None,
        count=own.count(),
        channels=[_channel(name, counted.get(name, [])) for name in one.channels],
        rest=[line for name in one.channels for line in _rest(name, counted.get(name, []))],
        read=read,
        followed=followed,
        may=_may(user, one, counted),
    )


def whole(one: Campaign) -> int:
    """How much there is to send."""
    return Dispatch.objects.filter(key=one.key).count()


def left(one: Campaign) -> int:
    """How much of it is not done with."""
    waiting = (channels.WAITING, channels.SENDING)
    return Dispatch.objects.filter(key=one.key, state__in=waiting).count()


def choices(user: User) -> list[Card]:
    """The policies somebody may push."""
    reach = permissions.reach(user, "campaigns.send")
    return [card for card in permissions.cards() if reach.of(card.id) != Places()]


def places(user: User, policy: str) -> list[tuple[str, Text]]:
    """The districts to choose from."""
    own = permissions.reach(user, "campaigns.send").of(policy)
    known = catalogue.catalogue()
    every = known.districts if known else ()
    return [(name, text) for name, text in every if own.everything or name in own.districts]


def title(policy: str) -> Text:
    """A policy's, or its id where it is gone from the newest run."""
    page = catalogue.policy(policy)
    return page.title if page else Text(zh=policy, en=policy)


def districts(name: str) -> Text:
    """A district's title."""
    known = catalogue.catalogue()
    found = dict(known.districts) if known else {}
    return found.get(name, Text(zh=name or "—", en=name or "—"))


def link(policy: str, code: str) -> str:
    """Where an enterprise sees its own answer of a policy."""
    return f"{reverse('policies:policy', args=[policy])}?of={code}"


def _whom(one: Campaign, group: str) -> Text:
    words = GROUPS[group]
    if group != pushing.UNKNOWN:
        return words
    return Text(zh=f"{words.zh}不超过 {one.lacking} 项", en=f"{words.en}, {one.lacking} at most")


def _channel(name: str, counted: list[Counted]) -> Channel:
    sent = sum(n for state, _, n in counted if state == channels.SENT)
    return Channel(channels.CHANNELS[name], sent)


def _rest(name: str, counted: list[Counted]) -> Iterator[tuple[str, Text, Text, Text | None, int]]:
    for state, reason, n in counted:
        if state != channels.SENT:
            why, light = channels.REASONS.get(reason), channels.LIGHTS[state]
            yield light, channels.CHANNELS[name], channels.STATES[state], why, n


def _may(user: User, one: Campaign, counted: dict[str, list[Counted]]) -> dict[str, bool]:
    held = any(s in _NOT_GONE for found in counted.values() for s, _, _ in found)
    done = one.state in (states.SENT, states.STOPPED)
    return {
        "go_on": not done and _can(user, one, states.SENDING),
        "stop": _can(user, one, states.STOPPED),
        "again": done and held and _can(user, one, states.SENDING),
    }


def _can(user: User, one: Campaign, state: str) -> bool:
    try:
        permissions.check_can_move(user, one, state)
    except (NotAllowed, NotNow):
        return False
    return True
