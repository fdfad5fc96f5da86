"""Who signs on by a provider: remembered when they try; linked and unlinked by the security admin.

Nobody gets an account by signing on, and nobody is known again by their e-mail: an identity is its
issuer and subject, and a person of the security admin's choice stands behind it.
"""

from django.db import transaction
from django.utils import timezone

from cityforge.brain.errors import Text
from cityforge.portal.accounts import actions, backends, permissions
from cityforge.portal.accounts.models import Identity, User
from cityforge.portal.accounts.oidc import Proven
from cityforge.portal.accounts.permissions import NotAllowed
from cityforge.portal.audit import actions as audit

_UNKNOWN = Text(
    zh="您的账号尚未关联，请联系安全管理员",
    en="Your sign-on is not linked to an account yet: ask the security admin.",
)
_SHUT = Text(
    zh="您的账号已停用或暂停登录，请联系安全管理员",
    en="Your account is off or rests for a while: ask the security admin.",
)


def enter(proven: Proven) -> User:
    """Whose account somebody proven may enter. Raises NotAllowed; that they tried is kept."""
    found = _tried(proven)
    if isinstance(found, Text):
        raise NotAllowed(found)
    return found


@transaction.atomic
def _tried(proven: Proven) -> User | Text:
    """Whom to let in, or why nobody is."""
    identity, _ = Identity.objects.update_or_create(
        issuer=proven.issuer,
        subject=proven.subject,
        defaults={"name": proven.name, "email": proven.email, "last_tried": timezone.now()},
    )
    user = identity.user
    if user is None:
        _record("accounts.sign_on_refused", identity, by=None, why="unknown", name=proven.name)
        return _UNKNOWN
    if not user.is_active or backends.rests(user):
        why = "rests" if user.is_active else "off"
        _record("accounts.sign_on_refused", identity, by=None, why=why)
        return _SHUT
    return user


def opens(user: User, issuer: str) -> bool:
    """Whether a person is still let in by a provider."""
    return user.identities.filter(issuer=issuer).exists()


@transaction.atomic
def link(identity: Identity, user: User, *, by: User) -> None:
    """Let an identity open an account from now on. Raises NotAllowed."""
    permissions.check(by, "accounts.manage")
    if user == by:
        raise NotAllowed(
            Text(
                zh="不能关联自己的账号，请另一位安全管理员办理",
                en="Nobody links their own account: another security admin does.",
            )
        )
    if not user.is_active:
        raise NotAllowed(Text(zh="账号已停用", en="The account is off."))
    if opens(user, identity.issuer):
        raise NotAllowed(
            Text(
                zh="这个账号已关联另一个登录身份，须先解除",
                en="The account is linked to another identity: unlink that first.",
            )
        )
    if not Identity.objects.filter(pk=identity.pk, user=None).update(user=user):
        raise NotAllowed(Text(zh="这个登录身份已经关联", en="This identity is linked already."))
    identity.user = user
    _record("accounts.linked", identity, by=by)


@transaction.atomic
def unlink(identity: Identity, *, by: User) -> None:
    """Let an identity open nothing; its person's sessions end. Raises NotAllowed."""
    permissions.check(by, "accounts.manage")
    if identity.user is None:
        return
    ended = actions.close_sittings(identity.user)
    _record("accounts.unlinked", identity, by=by, sessions_ended=ended)
    identity.user = None
    identity.save(update_fields=["user"])


@transaction.atomic
def forget(identity: Identity, *, by: User) -> None:
    """Take somebody who tried off the list; they stand there again if they try again."""
    permissions.check(by, "accounts.manage")
    if identity.user is not None:
        raise NotAllowed(Text(zh="这个登录身份已经关联", en="This identity is linked already."))
    _record("accounts.identity_forgotten", identity, by=by)
    identity.delete()


def _record(action: str, identity: Identity, *, by: User | None, **detail: object) -> None:
    """An event about the person linked, or about the identity where there is none."""
    user = identity.user
    kind, about = ("user", user.username) if user else ("identity", identity.subject[:128])
    audit.record(
        action,
        **actions.said_by(by),
        kind=kind,
        about=about,
        issuer=identity.issuer,
        subject=identity.subject,
        **detail,
    )
