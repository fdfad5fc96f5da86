"""The door of the API: whose token it is, how often it asks, and what leaves.

A session counts for nothing here: a request without a token is nobody's, whatever cookies it
carries, so no other site can have a browser act through the API.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from cityforge.brain.errors import Text
from cityforge.portal.accounts import permissions
from cityforge.portal.accounts.permissions import NotAllowed
from cityforge.portal.analytics import city
from cityforge.portal.api import limits, problems, queries, scopes, tags
from cityforge.portal.api.route import ROOT

_BEARER = {"WWW-Authenticate": 'Bearer realm="CityForge"'}


class Door:
    """Stands before the guard, and asks the same table; what leaves is a problem, never a page."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(ROOT):
            return self.answer(request)
        return _left(request, _entered(request) or self.answer(request))

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: object, kwargs: object
    ) -> HttpResponse | None:
        """What the guard behind would refuse with a page is refused with a problem."""
        if not request.path_info.startswith(ROOT):
            return None
        if getattr(request.user, "must_change", False):
            return problems.answer(request, 403, Text(
                zh="账号还是初始密码，请先登录网页修改", en="Set a password of your own first."
            ))  # fmt: skip
        action = getattr(view, "action", "")
        if permissions.ACTIONS.get(action) == permissions.PUBLIC:
            return None
        if not request.user.is_authenticated:
            return problems.answer(request, 401, headers=_BEARER)
        permissions.read_once(request.user)
        try:
            scopes.check(request.user, action)
        except NotAllowed as refused:
            return problems.answer(request, 403, refused.text)
        return None


def _entered(request: HttpRequest) -> HttpResponse | None:
    """Tell who asks; a problem where the token is not good or asks too often."""
    request.user, request.token = AnonymousUser(), None  # type: ignore[attr-defined]
    told = request.headers.get("Authorization", "")
    kind, _, secret = told.partition(" ")
    token = queries.in_force(secret.strip()) if kind.lower() == "bearer" else None
    if token is None:
        refused = _too_often(request, f"address {_address(request)}", "address")
        # A token that is not good is never taken for none.
        return refused or (problems.answer(request, 401, headers=_BEARER) if told else None)
    refused = _too_often(request, f"token {token.pk}", "token")
    if refused is None:
        permissions.narrow(token.user, scopes.actions(token.scopes), token=token.start)
        request.user, request.token = token.user, token  # type: ignore[attr-defined]
        queries.used(token)
    return refused


def _too_often(request: HttpRequest, who: str, kind: str) -> HttpResponse | None:
    seconds = limits.wait(who, most=settings.API_PER_MINUTE[kind])
    if seconds is None:
        return None
    return problems.answer(request, 429, headers={"Retry-After": str(seconds)})


def _address(request: HttpRequest) -> str:
    """Where the request came from; behind a proxy that sets it, what the proxy saw."""
    told = request.headers.get("X-Forwarded-For", "") if settings.IS_SECURE else ""
    return told.rsplit(",", 1)[-1].strip() or request.META.get("REMOTE_ADDR", "")


def _left(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    status = response.status_code
    if status >= 400 and response.get("Content-Type", "") != problems.TYPE:
        allowed = {"Allow": response["Allow"]} if "Allow" in response else {}
        response = problems.answer(request, status, headers=allowed)
    response = tags.leave(request, response)
    response.cookies.clear()
    response["Cache-Control"] = "private, no-cache" if status < 400 else "no-store"
    response["Vary"] = "Authorization, Accept"
    response["X-Content-Type-Options"] = "nosniff"
    newest = city.newest()
    if newest is not None:
        response["CityForge-Run"] = str(newest.snapshot.run["run_id"])
        response["CityForge-As-Of"] = newest.as_of
        response["CityForge-Simulated"] = "true" if newest.simulated else "false"
    return response
