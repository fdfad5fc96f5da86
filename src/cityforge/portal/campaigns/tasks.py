"""A campaign sent in the background, enterprise by enterprise.

Whatever ends the work, every row says what became of it; begun anew, it goes on with what waits.
After a kill that lets nothing be written, silence tells: `permissions.is_stalled`.
"""

import time
from contextlib import ExitStack
from functools import partial

from django.db import transaction
from django_tasks import task

from cityforge.portal.accounts.models import Organisation
from cityforge.portal.analytics.policies import pushing, telling
from cityforge.portal.analytics.policies.ready import Places
from cityforge.portal.campaigns import queries, working
from cityforge.portal.campaigns.models import Campaign
from cityforge.portal.notices import queries as notices
from cityforge.portal.notices import states
from cityforge.portal.notices import working as sending
from cityforge.portal.notices.models import Dispatch
from cityforge.portal.notices.posting import Connector, Down
from cityforge.portal.policies import queries as policies

_BEAT = 0.5  # seconds between two words of progress


@task()
def send(pk: int, job: int) -> None:
    """List the recipients where they are not yet, then send all that is due."""
    campaign = working.given(pk, job)
    if campaign is None:
        return
    try:
        sending.lost(campaign.key, job)
        if not (campaign.is_listed or _listed(campaign)) or not _sent(campaign):
            return
        moment = notices.next_at(campaign.key)
        with transaction.atomic():  # what waits is never without the work that goes on with it
            if working.ended(campaign, moment) and moment is not None:
                send.using(run_after=moment).enqueue(pk, job)
    except BaseException:
        working.interrupted(campaign)
        raise


def _listed(campaign: Campaign) -> bool:
    """Write down whom it is for; False where the list is not that which was looked at."""
    own = campaign.places
    places = Places(own["everything"], frozenset(own["districts"]), frozenset(own["parks"]))
    chosen = queries.chosen(campaign.wanted, places)
    if pushing.run() != campaign.run or len(chosen) != campaign.expected:
        working.outdated(campaign)
        return False
    working.add(campaign, chosen)
    codes = [one.uscc for one in chosen]
    about, term = campaign.policy, campaign.term
    sending.queue(campaign.key, about, term, codes=codes, channels=campaign.channels)
    working.listed(campaign)
    return True


def _sent(campaign: Campaign) -> bool:
    """Send what is due; False where the campaign was stopped or given on meanwhile."""
    whole = max(queries.whole(campaign), 1)
    last = 0.0
    with ExitStack() as open_:
        connectors: dict[str, Connector | None] = {}
        while rows := sending.due(campaign.key):
            for one in rows:
                if time.monotonic() - last > _BEAT:
                    last = time.monotonic()
                    if not working.tell(campaign, 1 - queries.left(campaign) / whole):
                        return False
                if one.channel == states.INBOX:
                    sending.put(one.pk, partial(_words, campaign))
                elif not _posted(campaign, one, connectors, open_):
                    break  # what waits of this channel is not due any more
    return working.tell(campaign, 1.0)


def _posted(
    campaign: Campaign, one: Dispatch, connectors: dict[str, Connector | None], open_: ExitStack
) -> bool:
    """False where the channel's server is not reached: all of it waits."""
    if one.channel not in connectors:
        made = sending.set_up(one.channel)
        connectors[one.channel] = open_.enter_context(made) if made else None
    try:
        sending.post(one.pk, campaign.job, connectors[one.channel])
    except Down as error:
        sending.postpone(campaign.key, one.channel, str(error))
        return False
    return True


def _words(campaign: Campaign, enterprise: Organisation) -> sending.Words | None:
    """What the enterprise reads: its own result, with what it declared."""
    declared = policies.pairs(policies.declarations(enterprise))
    said = telling.message(enterprise.code, campaign.policy, declared)
    if said is None:
        return None
    return sending.Words(said.title, said.parts, queries.link(campaign.policy, enterprise.code))
