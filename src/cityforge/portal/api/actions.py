"""Tokens made and revoked: one transaction, one check, one event each."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from cityforge.brain.errors import Text
from cityforge.portal.accounts import permissions
from cityforge.portal.accounts.actions import said_by
from cityforge.portal.accounts.models import User
from cityforge.portal.accounts.permissions import NotAllowed
from cityforge.portal.api import scopes
from cityforge.portal.api.models import Token
from cityforge.portal.audit import actions as audit

PREFIX = "cf_"  # what scanners for lost secrets look for
LONGEST = timedelta(days=365)
MOST = 20  # in force at a time, of one account
_START = 8


def digest(secret: str) -> str:
    """What is kept of a secret. It is random, so one round of SHA-256 is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def make(user: User, name: str, chosen: Iterable[str], *, expires: date) -> tuple[Token, str]:
    """A token of one's own and its secret, which is told this once. Raises NotAllowed."""
    permissions.check(user, "api.tokens")
    wanted = sorted(set(chosen))
    today = timezone.localdate()
    if not name.strip() or not wanted or set(wanted) - set(scopes.SCOPES):
        raise NotAllowed(
            Text(zh="请写明用途，并至少选一项权限", en="Say what it is for, and choose a use.")
        )
    if not today <= expires <= today + LONGEST:
        raise NotAllowed(
            Text(zh="有效期最长一年，从今天起算", en="It lasts a year at most, from today.")
        )
    in_force = Token.objects.filter(user=user, revoked_at=None, expires_on__gte=today)
    if in_force.count() >= MOST:
        raise NotAllowed(
            Text(
                zh=f"最多同时有 {MOST} 个令牌，请先撤销不用的",
                en=f"At most {MOST} tokens at a time: revoke those that are not used.",
            )
        )
    secret = PREFIX + secrets.token_urlsafe(32)
    made = Token.objects.create(
        user=user,
        name=name.strip(),
        scopes=wanted,
        start=secret[:_START],
        digest=digest(secret),
        expires_on=expires,
    )
    _record("api.token_made", made, user, scopes=wanted, expires=expires.isoformat())
    return made, secret


@transaction.atomic
def revoke(token: Token, *, by: User) -> None:
    """End a token at once: one's own, or as the security admin. Raises NotAllowed."""
    if token.user_id != by.pk:
        permissions.check(by, "api.oversee")
    own = Token.objects.select_for_update().get(pk=token.pk)
    if own.revoked_at is not None:
        return
    own.revoked_at, own.revoked_by = timezone.now(), by
    own.save(update_fields=["revoked_at", "revoked_by"])
    _record("api.token_revoked", own, by, owner=token.user.username)


@transaction.atomic
def exported(by: User, what: str, *, form: str, rows: int, **asked: object) -> None:
    """Leave word of a list that was taken out. Raises NotAllowed."""
    permissions.check(by, "enterprises.download")
    audit.record("api.exported", **said_by(by), kind="list", about=what, form=form, rows=rows,
                 **{name: value for name, value in asked.items() if value})  # fmt: skip


def _record(name: str, token: Token, by: User, **detail: object) -> None:
    said = {"name": token.name, "start": token.start, **detail}
    audit.record(name, **said_by(by), kind="token", about=str(token.pk), **said)
