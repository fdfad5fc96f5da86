"""What the background does with dispatches; a row says what became of each, whatever ends the work.

The inbox is written in the row's own transaction: exactly once. Outside the portal a row is marked
`sending` and committed before anything leaves; where no word follows, it is unsure and never sent
again: at most once. What the other side refused, or never got, may be tried again.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Q, When
from django.utils import timezone

from cityforge.brain.errors import Text
from cityforge.portal.accounts import roles
from cityforge.portal.accounts.models import Organisation
from cityforge.portal.notices import letters, posting, queries, states
from cityforge.portal.notices.models import Dispatch, Notice
from cityforge.portal.notices.posting import Connector, Down, Later, Refused, Unsure

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Words:
    """What stands in an inbox: a title, headings with their words, where to act."""

    title: Text
    parts: tuple[tuple[Text, Text], ...]
    link: str


def queue(
    key: str, about: str, term: str, *, codes: Iterable[str], channels: Collection[str]
) -> None:
    """Write down what is to be sent; what is written already stays as it is."""
    reachable = queries.with_account()
    nobody = {"state": states.HELD, "reason": states.NO_ACCOUNT}
    rows = (
        Dispatch(
            key=key,
            about=about,
            term=term,
            code=code,
            channel=channel,
            **({} if code in reachable else nobody),
        )
        for code in codes
        for channel in channels
    )
    while batch := [row for _, row in zip(range(_BATCH), rows, strict=False)]:
        Dispatch.objects.bulk_create(batch, ignore_conflicts=True)


def lost(key: str, job: int) -> int:
    """What earlier work left in the midst of sending is unsure: how many."""
    found = Dispatch.objects.filter(key=key, state=states.SENDING, job__lt=job)
    return found.update(state=states.UNSURE, reason=states.BROKEN)


def due(key: str, most: int = 200) -> list[Dispatch]:
    """What may go now, the inbox first."""
    now = timezone.now()
    found = Dispatch.objects.filter(Q(next_at=None) | Q(next_at__lte=now), key=key)
    inbox_first = Case(When(channel=states.INBOX, then=0), default=1)
    return list(found.filter(state=states.WAITING).order_by(inbox_first, "channel", "pk")[:most])


@transaction.atomic
def put(pk: int, say: Callable[[Organisation], Words | None]) -> None:
    """Into the inbox of each who acts for the enterprise, in the words made for it; None: there is
    nothing to say."""
    one, organisation = _taken(pk)
    if one is None:
        return
    people = queries.people([one.code]).get(one.code, [])
    reason = _against(one)
    if organisation is None or not people:
        reason = states.NO_ACCOUNT
    words = say(organisation) if organisation and not reason else None
    if words is None:
        _hold(one, reason or states.ABSENT)
        return
    Notice.objects.bulk_create(
        [
            Notice(
                user=user,
                organisation=organisation,
                key=f"{one.key}:{one.code}",
                about=one.about,
                title_zh=words.title.zh[:200],
                title_en=words.title.en[:300],
                parts=[[[h.zh, h.en], [w.zh, w.en]] for h, w in words.parts],
                link=words.link,
            )
            for user in people
        ],
        ignore_conflicts=True,
    )
    one.state, one.reason, one.at = states.SENT, "", timezone.now()
    one.save()


def post(pk: int, job: int, connector: Connector | None) -> None:
    """Outside the portal; None: the channel is not set up. Raises Down: nothing goes there now."""
    consent = None
    with transaction.atomic():
        one, organisation = _taken(pk)
        if one is None:
            return
        consent = queries.consent(organisation, one.channel) if organisation else None
        reason = _against(one)
        if organisation is None or one.code not in queries.people([one.code]):
            reason = states.NO_ACCOUNT
        elif connector is None:
            reason = states.NOT_SET_UP
        elif consent is None or consent.agreed_at is None:
            reason = states.NO_CONSENT
        if reason or consent is None or connector is None:
            _hold(one, reason)
            return
        if (until := quiet_until(timezone.now())) is not None:
            one.reason, one.next_at = states.QUIET, until
            one.save()
            return
        one.state, one.reason, one.job, one.at = states.SENDING, "", job, timezone.now()
        one.save()
    try:
        connector.send(letters.letter(one, consent))
    except Refused as error:
        _ended(one, states.REFUSED, said=str(error))
    except Later as error:
        _later(one, states.LATER, str(error))
    except Unsure as error:
        _ended(one, states.UNSURE, reason=states.BROKEN, said=str(error))
    except Down:
        _ended(one, states.WAITING)
        raise
    else:
        _ended(one, states.SENT)


def postpone(key: str, channel: str, said: str) -> None:
    """A server is not reached: everything of its channel waits, and is given up in the end."""
    now, pauses = timezone.now(), settings.NOTICES_RETRY_SECONDS
    waiting = Dispatch.objects.filter(
        Q(next_at=None) | Q(next_at__lte=now), key=key, channel=channel, state=states.WAITING
    )
    waiting.filter(tries__gte=len(pauses)).update(
        state=states.REFUSED, reason=states.GAVE_UP, said=said[:200], next_at=None
    )
    for tries in reversed(range(len(pauses))):
        moment = now + timedelta(seconds=pauses[tries])
        told = {"reason": states.DOWN, "said": said[:200], "next_at": moment}
        waiting.filter(tries=tries).update(tries=tries + 1, **told)


def stop(key: str) -> None:
    """Hold back all that waits."""
    Dispatch.objects.filter(key=key, state=states.WAITING).update(
        state=states.HELD, reason=states.STOPPED, next_at=None
    )


def again(key: str) -> int:
    """Let what was held back or refused be tried once more: how many. None of it ever left."""
    found = Dispatch.objects.filter(key=key, state__in=(states.HELD, states.REFUSED))
    nobody = found.filter(reason=states.NO_ACCOUNT).exclude(code__in=queries.with_account())
    return found.exclude(pk__in=nobody.values("pk")).update(
        state=states.WAITING, reason="", said="", tries=0, next_at=None
    )


def quiet_until(now: datetime) -> datetime | None:
    """When the quiet hours end that a moment falls into; None outside of them."""
    first, last = settings.NOTICES_QUIET_HOURS
    here = timezone.localtime(now)
    is_quiet = first <= here.hour < last if first <= last else not last <= here.hour < first
    if not is_quiet:
        return None
    end = here.replace(hour=last, minute=0, second=0, microsecond=0)
    return end if end > here else end + timedelta(days=1)


def _taken(pk: int) -> tuple[Dispatch | None, Organisation | None]:
    """A dispatch that still waits, and its enterprise, both locked: what is counted of one
    enterprise is counted by one work at a time."""
    found = Dispatch.objects.select_for_update()
    one = found.filter(pk=pk, state=states.WAITING).first()
    if one is None:
        return None, None
    own = Organisation.objects.select_for_update().filter(kind=roles.ENTERPRISE, code=one.code)
    return one, own.first()


def _against(one: Dispatch) -> str:
    """Why it may not go as things are: a reason, or nothing."""
    gone = Dispatch.objects.filter(
        code=one.code, channel=one.channel, state__in=states.GONE
    ).exclude(pk=one.pk)
    if gone.filter(about=one.about, term=one.term).exists():
        return states.TOLD
    most, days = settings.NOTICES_MOST[one.channel]
    since = timezone.now() - timedelta(days=days)
    return states.CAP if gone.filter(at__gt=since).count() >= most else ""


def _hold(one: Dispatch, reason: str) -> None:
    one.state, one.reason, one.next_at, one.at = states.HELD, reason, None, timezone.now()
    one.save()


def _later(one: Dispatch, reason: str, said: str) -> None:
    pauses = settings.NOTICES_RETRY_SECONDS
    if one.tries >= len(pauses):
        _ended(one, states.REFUSED, reason=states.GAVE_UP, said=said)
        return
    moment = timezone.now() + timedelta(seconds=pauses[one.tries])
    tried = {"tries": one.tries + 1, "next_at": moment}
    _ended(one, states.WAITING, reason=reason, said=said, **tried)


def _ended(one: Dispatch, state: str, *, reason: str = "", said: str = "", **more: object) -> None:
    """What became of it, as far as this work has it: who is sure may mend what was held unsure."""
    own = Dispatch.objects.filter(pk=one.pk, job=one.job, state__in=(states.SENDING, states.UNSURE))
    told = {"reason": reason, "said": said[:200], "next_at": None, "at": timezone.now(), **more}
    own.update(state=state, **told)


def set_up(channel: str) -> Connector | None:
    """The connector of a channel outside; None where the city has none."""
    return posting.connector(channel) if posting.is_set_up(channel) else None
