"""Signing in, by password and where asked a code of one's phone, and out.

Who comes by a provider's sign-on (`views.sign_on`) has passed the first step; a code of the phone
is asked of them too, where they set one up.
"""

import time

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from cityforge.portal.accounts import backends, credentials, demo, identities, oidc
from cityforge.portal.accounts.forms import CodeForm, SignInForm
from cityforge.portal.accounts.models import User
from cityforge.portal.shell.guard import needs

_HALF = "half_signed_in"  # who passed the first step, when, how, and by which provider
_HALF_SECONDS = 300
_BACKEND = "cityforge.portal.accounts.backends.PasswordBackend"


@needs("accounts.sign_in")
@never_cache
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Password in, desk out; a code between where one is asked. One sentence whatever was wrong."""
    if request.method == "POST" and "code" in request.POST:
        return _code(request)
    form = SignInForm(request.POST or None)
    wrong = False
    if request.method == "POST" and form.is_valid():
        user = authenticate(request, **form.cleaned_data)
        if isinstance(user, User):
            return proceed(request, user, way="password", to=request.POST.get("next", ""))
        wrong = True
    return _ask_password(request, wrong=wrong)


def proceed(
    request: HttpRequest, user: User, *, way: str, to: str, issuer: str = ""
) -> HttpResponse:
    """After the first step: in, or first a code of the phone. `issuer`: of the provider, if any.

    Between the steps a browser is nobody's: a session it had would else live on under another key,
    out of the list by which sessions are ended.
    """
    if not user.secret:
        return _in(request, user, way=way, to=to, issuer=issuer)
    logout(request)
    request.session[_HALF] = [user.pk, time.time(), way, issuer]
    return _ask_code(request, to)


def _code(request: HttpRequest) -> HttpResponse:
    """The second step; misses count like wrong passwords."""
    pk, since, way, issuer = request.session.get(_HALF, (0, 0.0, "", ""))
    to = request.POST.get("next", "")
    user = User.objects.filter(pk=pk, is_active=True).exclude(secret="").first()
    is_late = time.time() - since > _HALF_SECONDS
    if (
        user is None
        or is_late
        or backends.rests(user)
        or (issuer and not identities.opens(user, issuer))
    ):
        request.session.pop(_HALF, None)
        return _ask_password(request, wrong=True)
    form = CodeForm(request.POST)
    if not form.is_valid() or not credentials.accept_code(user, form.cleaned_data["code"]):
        backends.missed(user)
        return _ask_code(request, to, wrong=True)
    request.session.pop(_HALF, None)
    return _in(request, user, way=f"{way} and code", to=to, issuer=issuer)


def _in(request: HttpRequest, user: User, *, way: str, to: str, issuer: str) -> HttpResponse:
    login(request, user, backend=_BACKEND)
    request.session[oidc.SIGNED_ON] = issuer
    User.objects.filter(pk=user.pk).update(tries=0, locked_until=None)
    credentials.signed_in(
        user,
        way=way,
        session_key=request.session.session_key or "",
        agent=request.headers.get("User-Agent", ""),
        address=_address(request),
        issuer=issuer,
    )
    return redirect(inside(request, to))


def _address(request: HttpRequest) -> str | None:
    """Where the request came from; behind a proxy that sets it, what the proxy saw."""
    told = request.headers.get("X-Forwarded-For", "") if settings.IS_SECURE else ""
    return told.rsplit(",", 1)[-1].strip() or request.META.get("REMOTE_ADDR") or None


def _ask_password(request: HttpRequest, *, wrong: bool) -> HttpResponse:
    page = {
        "wrong": wrong,
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "provider": oidc.title(),
        "accounts": demo.ACCOUNTS if settings.DEMO else (),
        "password": demo.PASSWORD if settings.DEMO else "",
    }
    return render(request, "accounts/sign_in.html", page, status=401 if wrong else 200)


def _ask_code(request: HttpRequest, to: str, *, wrong: bool = False) -> HttpResponse:
    page = {"wrong": wrong, "next": to}
    return render(request, "accounts/code.html", page, status=401 if wrong else 200)


def inside(request: HttpRequest, asked: str) -> str:
    """Where to go on: an address of this server, or the desk."""
    here = {request.get_host()}
    if url_has_allowed_host_and_scheme(asked, here, require_https=request.is_secure()):
        return asked
    return settings.LOGIN_REDIRECT_URL


@needs("accounts.sign_out")
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Out; the session is gone from the list too."""
    credentials.signed_out(request.user, session_key=request.session.session_key or "")
    logout(request)
    return redirect("accounts:sign-in")
