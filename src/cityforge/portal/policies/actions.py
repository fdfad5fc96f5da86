"""Changes at policies: one transaction, one check, one event each."""

from django.db import transaction
from django.utils import timezone

from cityforge.brain.errors import Text
from cityforge.portal.accounts import permissions
from cityforge.portal.accounts.actions import said_by
from cityforge.portal.accounts.models import Organisation, User
from cityforge.portal.accounts.permissions import NotAllowed
from cityforge.portal.analytics.policies import checking
from cityforge.portal.audit import actions as audit
from cityforge.portal.policies.models import Declaration, Favourite


@transaction.atomic
def declare(enterprise: Organisation, fact: str, value: str, *, year: int, by: User) -> Declaration:
    """Tell a fact of one's enterprise; what it told before of the same fact is undone.

    Raises NotAllowed, and checking.Refused where the value cannot be taken.
    """
    _check(enterprise, by)
    checking.takes(fact, value)
    before = Declaration.objects.select_for_update().filter(
        organisation=enterprise, fact=fact, year=year, undone_at=None
    )
    instead_of = next((one.value for one in before), "")
    before.update(undone_at=timezone.now(), undone_by=by)
    made = Declaration.objects.create(
        organisation=enterprise, fact=fact, value=value, year=year, by=by
    )
    audit.record(
        "policies.declared",
        **said_by(by),
        kind="enterprise",
        about=enterprise.code,
        fact=fact,
        value=value,
        year=year,
        instead_of=instead_of,
    )
    return made


@transaction.atomic
def undo(declaration: Declaration, *, by: User) -> None:
    """Take back what one's enterprise told; to do it twice changes nothing. Raises NotAllowed."""
    _check(declaration.organisation, by)
    own = Declaration.objects.select_for_update().get(pk=declaration.pk)
    if own.undone_at is not None:
        return
    own.undone_at, own.undone_by = timezone.now(), by
    own.save(update_fields=["undone_at", "undone_by"])
    audit.record(
        "policies.undeclared",
        **said_by(by),
        kind="enterprise",
        about=own.organisation.code,
        fact=own.fact,
        value=own.value,
        year=own.year,
    )


@transaction.atomic
def keep(policy: str, *, by: User) -> bool:
    """Put a policy among one's favourites, or take it out; whether it is one now."""
    permissions.check(by, "policies.favourite")
    gone, _ = Favourite.objects.filter(user=by, policy=policy).delete()
    if not gone:
        Favourite.objects.create(user=by, policy=policy)
    action = "policies.let_go" if gone else "policies.kept"
    audit.record(action, **said_by(by), kind="policy", about=policy)
    return not gone


@transaction.atomic
def handed_out(policy: str, *, by: User) -> None:
    """Leave word that a list of candidates was taken out as a file."""
    permissions.check(by, "policies.candidates")
    audit.record("policies.candidates_taken", **said_by(by), kind="policy", about=policy)


def _check(enterprise: Organisation, by: User) -> None:
    permissions.check(by, "policies.declare")
    if enterprise.code not in permissions.scope(by, "policies.declare").enterprises:
        raise NotAllowed(
            Text(
                zh="只能为自己所属的企业申报事实",
                en="Facts are declared for one's own enterprise alone.",
            )
        )
