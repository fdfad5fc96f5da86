"""What officers do with campaigns: one transaction, one check, one event each."""

from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from cityforge.brain.errors import Text
from cityforge.portal.accounts import permissions as people
from cityforge.portal.accounts.actions import said_by
from cityforge.portal.accounts.models import User
from cityforge.portal.accounts.permissions import NotNow
from cityforge.portal.analytics.policies import pushing
from cityforge.portal.analytics.policies.ready import Places
from cityforge.portal.audit import actions as audit
from cityforge.portal.campaigns import permissions, queries, states
from cityforge.portal.campaigns.models import Campaign
from cityforge.portal.campaigns.wanted import Wanted
from cityforge.portal.notices import working as notices

# Work in the background, by name: tasks stand above actions.
_SEND = "cityforge.portal.campaigns.tasks.send"


@transaction.atomic
def send(wanted: Wanted, *, run: str, count: int, by: User) -> Campaign:
    """Push a policy to those who were looked at. Raises NotAllowed, NotNow where the list is
    another one by now."""
    permissions.check_can_send(by, wanted.policy)
    places = permissions.reach(by, "campaigns.send").of(wanted.policy)
    if pushing.run() != run or len(queries.chosen(wanted, places)) != count:
        raise NotNow(
            Text(zh="名单有变化，请重新核对", en="The list changed meanwhile: look at it again.")
        )
    made = Campaign.objects.create(
        policy=wanted.policy,
        term=pushing.call(wanted.policy),
        run=run,
        groups=wanted.groups,
        lacking=wanted.lacking,
        district=wanted.district,
        channels=wanted.channels,
        places=_plain(places),
        expected=count,
        made_by=by,
    )
    _start(made)
    said = {"groups": made.groups, "district": made.district, "channels": made.channels}
    _record("campaigns.sent", made, by, run=run, count=count, lacking=made.lacking, **said)
    return made


@transaction.atomic
def go_on(pk: int, *, by: User) -> None:
    """Go on with one that was cut off; nothing that left is sent twice."""
    campaign = _locked(pk)
    permissions.check_can_move(by, campaign, states.SENDING)
    _start(campaign)
    _record("campaigns.resumed", campaign, by)


@transaction.atomic
def again(pk: int, *, by: User) -> int:
    """Try those who were held back or refused once more: how many."""
    campaign = _locked(pk)
    permissions.check_can_move(by, campaign, states.SENDING)
    count = notices.again(campaign.key)
    if not count:
        raise NotNow(Text(zh="没有可以补发的", en="There is nobody to try again."))
    _start(campaign)
    _record("campaigns.sent_again", campaign, by, count=count)
    return count


@transaction.atomic
def stop(pk: int, *, by: User) -> None:
    """Send nothing more of it."""
    campaign = _locked(pk)
    permissions.check_can_move(by, campaign, states.STOPPED)
    campaign.state, campaign.ended_at = states.STOPPED, timezone.now()
    campaign.job += 1  # work that still hangs on may not write any more
    campaign.save()
    notices.stop(campaign.key)
    _record("campaigns.stopped", campaign, by)


@transaction.atomic
def handed_out(campaign: Campaign, *, by: User) -> None:
    """Leave word that the list of recipients was taken out as a file."""
    people.check(by, "campaigns.names")
    _record("campaigns.recipients_taken", campaign, by)


def _locked(pk: int) -> Campaign:
    return Campaign.objects.select_for_update(of=("self",)).get(pk=pk)


def _start(campaign: Campaign) -> None:
    """Give it to the background; what it was given to before may not write any more."""
    campaign.state, campaign.ended_at, campaign.next_at = states.SENDING, None, None
    campaign.job += 1
    campaign.progress, campaign.news_at = 0, timezone.now()
    campaign.save()
    import_string(_SEND).enqueue(campaign.pk, campaign.job)


def _plain(places: Places) -> dict[str, bool | list[str]]:
    districts, parks = sorted(places.districts), sorted(places.parks)
    return {"everything": places.everything, "districts": districts, "parks": parks}


def _record(action: str, campaign: Campaign, user: User, **detail: object) -> None:
    said = {"policy": campaign.policy, **detail}
    audit.record(action, **said_by(user), kind="campaign", about=str(campaign.pk), **said)
