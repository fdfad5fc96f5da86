"""Publishing a draft: decided in the database, written into the city folder, ended in the database.

The journal (`Publication`) is begun before the file is touched and ended after it stands. What a
stop left between the two, the next look finishes, or gives back with the reason.
"""

from django.db import IntegrityError, transaction
from django.utils import timezone

from cityforge.brain.errors import Text
from cityforge.portal.accounts.actions import said_by
from cityforge.portal.accounts.models import User
from cityforge.portal.accounts.permissions import NotNow
from cityforge.portal.analytics.policies import in_force, shelf
from cityforge.portal.analytics.policies.shelf import NotPut
from cityforge.portal.audit import actions as audit
from cityforge.portal.policies import drafting, permissions, states
from cityforge.portal.policies.models import Draft, Publication


def publish(user: User, pk: int, *, digest: str) -> None:
    """Let the newest version of a draft be the policy in force.

    digest   of the version that the person saw and decided about
    Raises NotAllowed, NotNow; the public then sees what it saw before.
    """
    with shelf.locked(wait=True):
        _mend()
        draft = Draft.objects.get(pk=pk)
        permissions.check_can_decide(user, draft)
        drafting.check_sound(draft)
        content = drafting.newest(draft).text
        try:
            shelf.verify(draft.policy, content)
        except NotPut as refused:
            raise NotNow(refused.text) from refused
        try:
            journal = _decide(user, pk, digest)
        except IntegrityError as error:  # by a server that holds another lock than ours
            words = Text(zh="这项政策正在写入，稍候再看", en="This policy is being written now.")
            raise NotNow(words) from error
        _write(journal)


def repair() -> None:
    """Finish what a stop left between decision and end; nothing where somebody publishes now."""
    if not Publication.objects.filter(state=states.BEGUN).exists():
        return
    with shelf.locked(wait=False) as is_ours:
        if is_ours:
            _mend()


@transaction.atomic
def _decide(user: User, pk: int, digest: str) -> Publication:
    """The one place where it is decided: who comes second finds the draft in another state."""
    draft = Draft.objects.select_for_update(of=("self",)).get(pk=pk)
    permissions.check_can_decide(user, draft)
    newest = drafting.newest(draft)
    if newest.digest != digest:
        raise NotNow(
            Text(
                zh="文本刚被改过：看过新的再发布",
                en="The text was just altered: look at the new one, then publish.",
            )
        )
    if in_force.digest_of(draft.policy) != draft.base:
        raise NotNow(shelf.CHANGED)
    draft.state, draft.reason = states.PUBLISHING, ""
    draft.decided_by, draft.decided_at = user, timezone.now()
    draft.save()
    journal = Publication.objects.create(
        draft=draft,
        policy=draft.policy,
        before=draft.base,
        after=newest.digest,
        text_before=in_force.text(draft.policy),
        text=newest.text,
        by=user,
    )
    _record("policies.publishing", journal, user, version=newest.number)
    return journal


def _mend() -> None:
    """Finish every publication that was begun: by whoever holds the lock."""
    for journal in Publication.objects.filter(state=states.BEGUN).select_related("by"):
        now = in_force.digest_of(journal.policy)
        if now == journal.after:
            _end(journal)
        elif now == journal.before:
            try:
                shelf.verify(journal.policy, journal.text)
                _write(journal)
            except NotPut as refused:
                _give_back(journal, refused.text)
            except NotNow:
                continue  # given back already, with its reason
        else:
            _give_back(journal, shelf.CHANGED)


def _write(journal: Publication) -> None:
    """Raises NotNow where the file could not be put; the draft then waits as before."""
    try:
        shelf.put(journal.policy, journal.text, before=journal.before)
    except NotPut as refused:
        _give_back(journal, refused.text)
        raise NotNow(refused.text) from refused
    _end(journal)


@transaction.atomic
def _end(journal: Publication) -> None:
    if not _close(journal, states.DONE):
        return
    Draft.objects.filter(pk=journal.draft_id).update(state=states.PUBLISHED)
    _record("policies.published", journal, journal.by)


@transaction.atomic
def _give_back(journal: Publication, why: Text) -> None:
    """To the checker again, with the reason."""
    if not _close(journal, states.FAILED):
        return
    shelf.clear(journal.policy)
    Draft.objects.filter(pk=journal.draft_id).update(
        state=states.SUBMITTED,
        decided_by=None,
        decided_at=None,
        reason=f"{why.zh} · {why.en}"[:500],
    )
    _record("policies.not_published", journal, journal.by, reason=why.zh)


def _close(journal: Publication, state: str) -> bool:
    """Whether it was still begun: it is ended once."""
    begun = Publication.objects.filter(pk=journal.pk, state=states.BEGUN)
    return bool(begun.update(state=state, ended_at=timezone.now()))


def _record(action: str, journal: Publication, user: User, **detail: object) -> None:
    said = {"draft": journal.draft_id, "before": journal.before, "after": journal.after, **detail}
    audit.record(action, **said_by(user), kind="policy", about=journal.policy, **said)
