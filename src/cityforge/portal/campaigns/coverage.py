"""Who should know of a policy, and does: counted among those entitled by the newest run."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from cityforge.brain.errors import Text
from cityforge.portal.accounts.models import User
from cityforge.portal.analytics.policies import offices, pushing
from cityforge.portal.analytics.policies.catalogue import Card
from cityforge.portal.analytics.policies.ready import Places
from cityforge.portal.campaigns import permissions
from cityforge.portal.notices import queries as notices
from cityforge.portal.notices import states
from cityforge.portal.policies.models import Declaration


@dataclass(slots=True)
class Known:
    """By credit code, of one policy: when first told, read, looked at, answered."""

    channels: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    sent: dict[str, datetime] = field(default_factory=dict)
    read: set[str] = field(default_factory=set)
    looked: set[str] = field(default_factory=set)
    answered: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Steps:
    """From those entitled to those who answered; `by`: reached on each channel."""

    entitled: int
    accounts: int
    reached: int
    by: tuple[tuple[Text, int], ...]
    read: int
    looked: int
    answered: int


_NOT_REACHED = Text(zh="没有触达", en="not reached")
_NOT_READ = Text(zh="未读", en="not read")


def overview(user: User) -> list[tuple[Card, Steps]] | None:
    """Every policy in reach, the most entitled first. None where there is no run.

    A bureau's checker looks everywhere, at the policies of the bureau alone.
    """
    reach = permissions.reach(user, "campaigns.coverage")
    places = Places(everything=True) if reach.policies else reach.places
    standings = offices.coverage(places)
    if standings is None:
        return None
    known, entitled = _known(), pushing.entitled(notices.with_account(), places)
    return [
        (one.card, _steps(one.eligible, set(entitled.get(one.card.id, {})), known[one.card.id]))
        for one in standings
        if not reach.policies or one.card.id in reach.policies
    ]


def districts(user: User, policy: str) -> list[tuple[Text, Steps]]:
    """One policy by district."""
    places = permissions.reach(user, "campaigns.coverage").of(policy)
    known, own = _known(policy)[policy], _own(policy, places)
    return [
        (title, _steps(count, {code for code, at in own.items() if name in ("", at)}, known))
        for name, title, count in pushing.by_district(policy, places)
    ]


def missed(user: User, policy: str) -> list[tuple[str, str, Text]]:
    """Those with an account who were not reached or have not read: code, district, how."""
    places = permissions.reach(user, "campaigns.names").of(policy)
    known = _known(policy)[policy]
    return [
        (code, district, _NOT_READ if code in known.sent else _NOT_REACHED)
        for code, district in sorted(_own(policy, places).items())
        if code not in known.read
    ]


def _own(policy: str, places: Places) -> dict[str, str]:
    return pushing.entitled(notices.with_account(), places).get(policy, {})


def _known(policy: str = "") -> dict[str, Known]:
    """A row for all that was ever told of policies, or of one."""
    found: dict[str, Known] = defaultdict(Known)
    for about, code, channel in notices.reached(policy):
        found[about].channels[channel].add(code)
    answers = dict(_answers())
    for about, code, sent, read, followed in notices.opened(policy):
        one = found[about]
        one.sent[code] = sent
        if read:
            one.read.add(code)
        if followed:
            one.looked.add(code)
        if code in answers and answers[code] >= sent:
            one.answered.add(code)
    return found


def _answers() -> Iterator[tuple[str, datetime]]:
    """By credit code, when an enterprise last answered in its check-up."""
    yield from Declaration.objects.order_by("at").values_list("organisation__code", "at")


def _steps(entitled: int, accounts: set[str], known: Known) -> Steps:
    reached = set().union(*known.channels.values())
    return Steps(
        entitled,
        len(accounts),
        len(accounts & reached),
        tuple((text, len(accounts & known.channels[c])) for c, text in states.CHANNELS.items()),
        len(accounts & known.read),
        len(accounts & known.looked),
        len(accounts & known.answered),
    )
