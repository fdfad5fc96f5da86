"""Signing on by a provider (OpenID Connect): there, and back with a proof.

A proof opens the account that the security admin linked it to, and nothing else. It stands for the
password: a code of the phone is asked after it, where the person set one up; an account that is off
or rests stays shut.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from cityforge.brain.errors import Text
from cityforge.portal.accounts import identities, oidc
from cityforge.portal.accounts.permissions import NotAllowed
from cityforge.portal.accounts.views import signing
from cityforge.portal.shell.guard import needs

# Why nobody came in -> the page's status and words.
_WORDS: dict[str, tuple[int, Text]] = {
    oidc.CANCELLED: (401, Text(zh="您取消了登录", en="You cancelled the sign-on.")),
    oidc.UNREACHABLE: (
        503,
        Text(
            zh="暂时连不上登录系统，请稍后再试，或用用户名和密码登录",
            en="The sign-on does not answer: try again later, or use your password.",
        ),
    ),
    oidc.WRONG: (
        401,
        Text(
            zh="登录系统返回的结果没有通过核对，请重新登录",
            en="What the sign-on sent back did not prove who you are: please start again.",
        ),
    ),
}
_ANSWERS = {"state", "code", "error"}  # one of them at least stands in what a provider sends


@needs("accounts.sign_on")
@never_cache
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """To the provider, by a page between: a form of ours leads to this server alone."""
    if request.method == "GET":
        return redirect("accounts:sign-in")
    provider = _provider()
    try:
        address = oidc.start(request, signing.inside(request, request.POST.get("next", "")))
    except oidc.Refused as refused:
        return _refused(request, *_WORDS[refused.why])
    answer = render(request, "accounts/onward.html", {"address": address, "provider": provider})
    answer["Refresh"] = f"0; url={address}"
    return answer


@needs("accounts.sign_on")
@never_cache
@require_GET
def done(request: HttpRequest) -> HttpResponse:
    """Back from the provider: in, or why not."""
    if not request.GET.keys() & _ANSWERS:
        return redirect("accounts:sign-in")
    _provider()
    try:
        proven = oidc.finish(request)
    except oidc.Refused as refused:
        return _refused(request, *_WORDS[refused.why])
    try:
        user = identities.enter(proven)
    except NotAllowed as refused:
        return _refused(request, 403, refused.text, proven)
    return signing.proceed(request, user, way="oidc", to=proven.to, issuer=proven.issuer)


def _provider() -> Text:
    provider = oidc.title()
    if provider is None:
        raise Http404
    return provider


def _refused(
    request: HttpRequest, status: int, words: Text, proven: oidc.Proven | None = None
) -> HttpResponse:
    page = {"words": words, "proven": proven}
    return render(request, "accounts/not_signed_on.html", page, status=status)
