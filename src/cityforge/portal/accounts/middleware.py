"""The guard at the door of every view."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from cityforge.brain.errors import Text
from cityforge.portal.accounts import oidc, permissions
from cityforge.portal.accounts.permissions import NotAllowed

_BEFORE_A_PASSWORD = (
    "accounts.password",
    "accounts.sign_in",
    "accounts.sign_on",
    "accounts.sign_out",
    "shell.static",
)


class Guard:
    """Refuses what a view's action does not allow; a view without an action is refused to all."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: object, kwargs: object
    ) -> HttpResponse | None:
        action = getattr(view, "action", None)
        permissions.read_once(request.user)
        if action is not None and permissions.allows(request.user, action):
            return self._first_a_password(request, action)
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        try:
            permissions.check(request.user, action or "")
        except NotAllowed as refused:
            raise _Denied(refused.text) from refused
        raise _Denied(Text(zh="没有权限", en="Not allowed"))

    def _first_a_password(self, request: HttpRequest, action: str) -> HttpResponse | None:
        """Who came in by a password to be used once sets one of their own before anything else.

        Who signed on by a provider used none, and may not even know it.
        """
        if not getattr(request.user, "must_change", False) or action in _BEFORE_A_PASSWORD:
            return None
        if request.session.get(oidc.SIGNED_ON):
            return None
        return redirect("accounts:password")

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """What an action refuses inside a view is told the same way."""
        if isinstance(exception, NotAllowed):
            raise _Denied(exception.text) from exception


class _Denied(PermissionDenied):
    def __init__(self, text: Text) -> None:
        super().__init__(text.zh)
        self.text = text
