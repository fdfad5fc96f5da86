"""What people do with notices and consents: one transaction, one check, one event each."""

from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from cityforge.brain.errors import Text
from cityforge.portal.accounts.actions import said_by
from cityforge.portal.accounts.models import Organisation, User
from cityforge.portal.accounts.permissions import NotNow
from cityforge.portal.audit import actions as audit
from cityforge.portal.notices import letters, permissions, posting, queries
from cityforge.portal.notices.models import Consent, Notice

# Work in the background, by name: tasks stand above actions.
_POST = "cityforge.portal.notices.tasks.post_code"


@transaction.atomic
def read(notice: Notice, *, by: User) -> None:
    """The receipt: the first time somebody opened it."""
    if _mark(notice, "read_at", by):
        audit.record("notices.read", **said_by(by), kind="notice", about=str(notice.pk))


@transaction.atomic
def follow(notice: Notice, *, by: User) -> None:
    """Somebody went on to where they can act."""
    if _mark(notice, "followed_at", by):
        audit.record("notices.followed", **said_by(by), kind="notice", about=str(notice.pk))


@transaction.atomic
def archive(notice: Notice, *, by: User) -> bool:
    """Put a notice away, or back; whether it is away now."""
    own = Notice.objects.select_for_update(of=("self",)).get(pk=notice.pk, user=by)
    own.archived_at = None if own.archived_at else timezone.now()
    own.save(update_fields=["archived_at"])
    action = "notices.archived" if own.archived_at else "notices.unarchived"
    audit.record(action, **said_by(by), kind="notice", about=str(own.pk))
    return own.archived_at is not None


@transaction.atomic
def ask(organisation: Organisation, channel: str, address: str, *, by: User) -> Consent:
    """Agree to a channel with an address; it counts once the code sent there is told.

    What stood before ends. Raises NotAllowed, NotNow.
    """
    permissions.check_speaks_for(by, organisation)
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    if not posting.is_set_up(channel):
        raise NotNow(Text(zh="本市还没有开通这个通道", en="The city has not set this up yet."))
    permissions.check_may_ask(organisation, channel)
    before = queries.consent(organisation, channel)
    if before is not None:
        _end(before, by=by)
    made = Consent.objects.create(
        organisation=organisation, channel=channel, address=address, asked_by=by
    )
    _record("notices.consent_asked", made, by)
    import_string(_POST).enqueue(made.pk)
    return made


def agree(consent: Consent, code: str, *, by: User) -> bool:
    """Tell the code; whether it was right, and the consent counts. Raises NotAllowed, NotNow."""
    with transaction.atomic():
        permissions.check_speaks_for(by, consent.organisation)
        own = _locked(consent)
        if own.ended_at or own.agreed_at:
            raise NotNow(Text(zh="已经处理过了", en="Done with already."))
        permissions.check_may_try(own)
        if not letters.is_code(own, code):
            own.tries += 1
            own.save(update_fields=["tries"])
            _record("notices.consent_wrong_code", own, by)
            return False
        own.agreed_at, own.agreed_by = timezone.now(), by
        own.save(update_fields=["agreed_at", "agreed_by"])
        _record("notices.consent_agreed", own, by)
        return True


@transaction.atomic
def withdraw(consent: Consent, *, by: User | None) -> None:
    """End a consent; doing it twice changes nothing. `by` None: the link in a message."""
    if by is not None:
        permissions.check_speaks_for(by, consent.organisation)
    own = _locked(consent)
    if own.ended_at is None:
        _end(own, by=by)


def _end(consent: Consent, *, by: User | None) -> None:
    consent.ended_at, consent.ended_by = timezone.now(), by
    consent.save(update_fields=["ended_at", "ended_by"])
    _record("notices.consent_ended", consent, by)


def _locked(consent: Consent) -> Consent:
    found = Consent.objects.select_for_update(of=("self",)).select_related("organisation")
    return found.get(pk=consent.pk)


def _record(action: str, consent: Consent, by: User | None) -> None:
    about = consent.organisation.code
    who = said_by(by) if by else {"actor": "", "actor_name": "link"}
    audit.record(action, **who, kind="enterprise", about=about, channel=consent.channel)


def _mark(notice: Notice, field: str, by: User) -> bool:
    fresh = Notice.objects.filter(pk=notice.pk, user=by, **{field: None})
    return bool(fresh.update(**{field: timezone.now()}))
