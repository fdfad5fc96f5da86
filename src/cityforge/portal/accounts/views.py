"""Signing in and out, one's own page, people."""

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cityforge.portal.accounts import actions, demo, permissions, queries
from cityforge.portal.accounts.forms import SignInForm
from cityforge.portal.shell.guard import needs


@needs("accounts.sign_in")
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Password in, desk out. One sentence whatever was wrong."""
    form = SignInForm(request.POST or None)
    wrong = False
    if request.method == "POST" and form.is_valid():
        user = authenticate(request, **form.cleaned_data)
        if user is not None:
            login(request, user)
            actions.signed_in(user, way="password")
            return redirect(_next(request))
        wrong = True
    page = {"form": form, "wrong": wrong, "next": request.GET.get("next", "")}
    page["accounts"] = demo.ACCOUNTS if settings.DEMO else ()
    page["password"] = demo.PASSWORD if settings.DEMO else ""
    return render(request, "accounts/sign_in.html", page, status=401 if wrong else 200)


def _next(request: HttpRequest) -> str:
    """Where to go on: an address of this server, or the desk."""
    asked = request.POST.get("next", "")
    here = {request.get_host()}
    if url_has_allowed_host_and_scheme(asked, here, require_https=request.is_secure()):
        return asked
    return settings.LOGIN_REDIRECT_URL


@needs("accounts.sign_out")
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("accounts:sign-in")


@needs("accounts.me")
@require_GET
def me(request: HttpRequest) -> HttpResponse:
    """Who one is here, and as what."""
    held = queries.shown(permissions.memberships(request.user))
    return render(request, "accounts/me.html", {"roles": held})


@needs("accounts.view")
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Everybody, with their roles."""
    pages = Paginator(queries.people(), 50)
    page = pages.get_page(request.GET.get("page"))
    rows = [(user, queries.shown(list(user.memberships.all()))) for user in page]
    return render(request, "accounts/people.html", {"rows": rows, "page": page})
