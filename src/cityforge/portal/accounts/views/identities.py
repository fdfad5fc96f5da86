"""Whom providers proved and nobody knows yet: the security admin links them to accounts."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from cityforge.brain.errors import Text
from cityforge.portal.accounts import identities, queries
from cityforge.portal.accounts.models import Identity, User
from cityforge.portal.accounts.permissions import NotAllowed
from cityforge.portal.shell.guard import needs


@needs("accounts.manage")
@require_GET
def waiting(request: HttpRequest, pk: int) -> HttpResponse:
    """One who waits, and the accounts of the name that is asked for."""
    return _waiting(request, _found(pk))


@needs("accounts.manage")
@require_POST
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """Link one who waits to an account."""
    identity = _found(pk)
    chosen = request.POST.get("user", "")
    user = User.objects.filter(pk=chosen).first() if chosen.isdecimal() else None
    if user is None:
        return _waiting(request, identity, Text(zh="请选择账号", en="Choose an account."))
    try:
        identities.link(identity, user, by=request.user)
    except NotAllowed as refused:
        return _waiting(request, identity, refused.text)
    _say(request, Text(zh="已关联", en="Linked."))
    return redirect("accounts:person", user.pk)


@needs("accounts.manage")
@require_POST
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one who waits off the list."""
    identities.forget(_found(pk), by=request.user)
    _say(request, Text(zh="已移除", en="Taken off the list."))
    return redirect("accounts:people")


@needs("accounts.manage")
@require_POST
def unlink(request: HttpRequest, pk: int, identity: int) -> HttpResponse:
    """Unlink an identity from its account; the person's sessions end."""
    found = Identity.objects.filter(pk=identity, user=pk).select_related("user").first()
    if found is None:
        raise Http404
    identities.unlink(found, by=request.user)
    _say(request, Text(zh="已解除关联，会话全部结束", en="Unlinked; their sessions have ended."))
    return redirect("accounts:person", pk)


def _found(pk: int) -> Identity:
    found = queries.waiting().filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _waiting(request: HttpRequest, identity: Identity, wrong: Text | None = None) -> HttpResponse:
    q = (request.POST.get("q") or request.GET.get("q", "")).strip()[:64]
    page = {"one": identity, "q": q, "rows": queries.accounts_named(q), "wrong": wrong}
    return render(request, "accounts/waiting.html", page, status=422 if wrong else 200)


def _say(request: HttpRequest, words: Text) -> None:
    messages.success(request, words.say(request.language))
