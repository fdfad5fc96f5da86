"""Signing in by password: after too many wrong tries the account rests for a while."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from cityforge.portal.accounts.models import User
from cityforge.portal.audit import actions as audit


class PasswordBackend(BaseBackend):
    """The same time and the same answer whether or not there is such an account."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **more: Any,
    ) -> User | None:
        if not username or not password:
            return None
        user = User.objects.filter(username=username).first()
        if user is None:
            User().set_password(password)
            return None
        is_right = user.check_password(password)
        if rests(user) or not user.is_active:
            return None
        if not is_right:
            missed(user)
            return None
        return user

    def get_user(self, user_id: int) -> User | None:
        return User.objects.filter(pk=user_id, is_active=True).first()


def rests(user: User) -> bool:
    """Whether an account rests after too many misses."""
    return user.locked_until is not None and user.locked_until > timezone.now()


def missed(user: User) -> None:
    """Count a wrong password or code; too many in a row, and the account rests."""
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(tries=F("tries") + 1)
        user.refresh_from_db(fields=["tries"])
        if user.tries >= settings.SIGN_IN_TRIES:
            until = timezone.now() + timedelta(seconds=settings.SIGN_IN_PAUSE_SECONDS)
            User.objects.filter(pk=user.pk).update(tries=0, locked_until=until)
            audit.record("accounts.locked", kind="user", about=user.username)
