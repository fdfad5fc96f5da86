"""Who may push what to whom, and when; each refusal with the reason that the page shows."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from cityforge.brain.errors import Text
from cityforge.portal.accounts import permissions, roles
from cityforge.portal.accounts.models import User
from cityforge.portal.accounts.permissions import NotAllowed, NotNow, Person
from cityforge.portal.analytics.policies import catalogue
from cityforge.portal.analytics.policies.catalogue import Card
from cityforge.portal.analytics.policies.ready import Places
from cityforge.portal.campaigns import states
from cityforge.portal.campaigns.models import Campaign


@dataclass(frozen=True, slots=True)
class Reach:
    """What somebody may see in an action: places, and policies of their own bureau everywhere."""

    places: Places = field(default_factory=Places)
    policies: frozenset[str] = field(default_factory=frozenset)

    @property
    def recipients(self) -> Q:
        """The recipients they may see."""
        if self.places.everything:
            return Q()
        return Q(district__in=self.places.districts) | Q(campaign__policy__in=self.policies)

    def of(self, policy: str) -> Places:
        """Where they may look for a policy; nowhere by default."""
        return Places(everything=True) if policy in self.policies else self.places


def reach(person: Person, action: str) -> Reach:
    """The places of the memberships that allow the action; a bureau's checker has the policies
    whose office is the bureau, by its title."""
    scope = permissions.scope(person, action)
    places = Places(scope.everything, scope.districts, scope.parks)
    if not scope.units:
        return Reach(places)
    titles = {
        one.organisation.title
        for one in permissions.memberships(person)
        if one.organisation.kind == roles.BUREAU and one.organisation.code in scope.units
    }
    own = (card.id for card in cards() if any(t and t in card.office for t in titles))
    return Reach(places, frozenset(own))


def cards() -> list[Card]:
    """The policies that count for somebody here."""
    whole = catalogue.catalogue()
    return [card for card in whole.cards if not card.model] if whole else []


def check_can_send(user: User, policy: str) -> None:
    permissions.check(user, "campaigns.send")
    if reach(user, "campaigns.send").of(policy) == Places():
        raise NotAllowed(
            Text(zh="只能推送本部门的政策", en="Only policies of one's own bureau are pushed.")
        )


def check_can_move(user: User, campaign: Campaign, state: str) -> None:
    """To go on, stop or try again: who may send that policy in all places it goes to."""
    check_can_send(user, campaign.policy)
    own = reach(user, "campaigns.send").of(campaign.policy)
    sent = campaign.places
    inside = not sent["everything"] and set(sent["districts"]) <= own.districts
    if not own.everything and not inside:
        raise NotAllowed(Text(zh="这次推送超出您的管辖范围", en="It goes beyond your places."))
    if campaign.state == states.SENDING and state == states.SENDING:
        if not is_stalled(campaign):
            raise NotNow(Text(zh="正在发送", en="It is being sent."))
    elif state not in states.FOLLOWS[campaign.state]:
        now = states.STATES[campaign.state]
        raise NotNow(Text(zh=f"现在的状态是“{now.zh}”，不能这样做", en=f"It is {now.en}: not now."))


def is_stalled(campaign: Campaign) -> bool:
    """Whether nothing was heard of its work for too long."""
    since = max(campaign.news_at, campaign.next_at or campaign.news_at)
    is_at_work = campaign.state in (states.SENDING, states.WAITING)
    return is_at_work and timezone.now() - since > timedelta(seconds=settings.STALLED_SECONDS)
