"""What the background writes of a campaign; only its newest job may, whatever else still runs."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cityforge.portal.analytics.policies.pushing import Target
from cityforge.portal.audit import actions as audit
from cityforge.portal.campaigns import states
from cityforge.portal.campaigns.models import Campaign, Recipient

_BATCH = 500


def given(pk: int, job: int) -> Campaign | None:
    """The campaign that a job was given; one that waited is at work again. None where it was
    given on, or stopped."""
    own = Campaign.objects.filter(pk=pk, job=job, state__in=(states.SENDING, states.WAITING))
    if not own.update(state=states.SENDING, next_at=None, news_at=timezone.now()):
        return None
    return Campaign.objects.get(pk=pk)


def tell(campaign: Campaign, share: float) -> bool:
    """How far it is, and that it is alive; whether this job still has it."""
    return bool(_own(campaign).update(progress=round(100 * share), news_at=timezone.now()))


def add(campaign: Campaign, targets: Sequence[Target]) -> None:
    """Write down the recipients; who is there already stays."""
    for at in range(0, len(targets), _BATCH):
        Recipient.objects.bulk_create(
            [
                Recipient(
                    campaign=campaign,
                    uscc=one.uscc,
                    name=one.name[:200],
                    district=one.district,
                    group=one.group,
                    lacking=one.lacking,
                )
                for one in targets[at : at + _BATCH]
            ],
            ignore_conflicts=True,
        )


def listed(campaign: Campaign) -> None:
    """All recipients and all that is to be sent to them stand."""
    _own(campaign).update(is_listed=True, news_at=timezone.now())


def outdated(campaign: Campaign) -> None:
    _end(campaign, states.OUTDATED, "campaigns.outdated")


def interrupted(campaign: Campaign) -> None:
    _end(campaign, states.INTERRUPTED, "campaigns.interrupted")


def ended(campaign: Campaign, next_at: datetime | None) -> bool:
    """All is sent, or the rest waits until a moment; whether this job still had it."""
    if next_at is None:
        return _end(campaign, states.SENT, "campaigns.ended", ended_at=timezone.now())
    return bool(_own(campaign).update(state=states.WAITING, next_at=next_at))


@transaction.atomic
def _end(campaign: Campaign, state: str, action: str, /, **fields: object) -> bool:
    if not _own(campaign).update(state=state, news_at=timezone.now(), **fields):
        return False
    about = str(campaign.pk)
    audit.record(action, actor="system", kind="campaign", about=about, policy=campaign.policy)
    return True


def _own(campaign: Campaign):  # type: ignore[no-untyped-def]
    return Campaign.objects.filter(pk=campaign.pk, job=campaign.job, state=states.SENDING)
