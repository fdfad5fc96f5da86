"""One's own page: roles and who acts in one's place, password, one-time codes, sessions."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cityforge.brain.errors import Text
from cityforge.portal.accounts import actions, codes, credentials, permissions, queries
from cityforge.portal.accounts.forms import CodeForm, DelegateForm, PasswordForm
from cityforge.portal.accounts.permissions import NotAllowed
from cityforge.portal.shell.guard import needs

_SECRET = "new_secret"  # shown, not confirmed yet
_ISSUER = "CityForge"


@needs("accounts.me")
@require_GET
def me(request: HttpRequest) -> HttpResponse:
    """Who one is here, and as what."""
    return _me(request)


def _me(request: HttpRequest, wrong: Text | None = None) -> HttpResponse:
    held = queries.shown(permissions.memberships(request.user))
    page = {
        "roles": held,
        "hands_on": [one for one in held if one.may_hand_on],
        "delegations": queries.delegations(request.user),
        "identities": queries.identities(request.user),
        "sittings": queries.sittings(request.user, request.session.session_key or ""),
        "wrong": wrong,
    }
    return render(request, "accounts/me.html", page, status=422 if wrong else 200)


@needs("accounts.me")
@require_POST
def delegate(request: HttpRequest) -> HttpResponse:
    """Let somebody act in one's place until a day."""
    form = DelegateForm(request.POST)
    if not form.is_valid():
        return _me(request, Text(zh="请填写受托人和截止日期", en="Say who, and until when."))
    given = form.cleaned_data
    own = queries.own_membership(request.user, given["membership"])
    to = queries.active_person(given["username"])
    if own is None or to is None:
        return _me(request, Text(zh="没有可以受托的人", en="There is nobody to delegate to."))
    try:
        actions.delegate(own, to, by=request.user, ends=given["ends"])
    except NotAllowed as refused:
        return _me(request, refused.text)
    return _done(request, Text(zh="已委托", en="Delegated."))


@needs("accounts.me")
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """End a delegation of one's own."""
    found = queries.delegation(request.user, pk)
    if found is None:
        raise Http404
    actions.end(found, by=request.user)
    return _done(request, Text(zh="委托已收回", en="The delegation has ended."))


@needs("accounts.password")
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; one to be used once brings everybody here."""
    wrong: list[Text] = []
    if request.method == "POST":
        form = PasswordForm(request.POST)
        if form.is_valid():
            given = form.cleaned_data
            wrong = credentials.check_password(request.user, **given)
            if not wrong:
                return _changed(request, given["new"])
        else:
            wrong = [Text(zh="三项都要填写", en="Fill in all three.")]
    return render(request, "accounts/password.html", {"wrong": wrong}, status=422 if wrong else 200)


def _changed(request: HttpRequest, new: str) -> HttpResponse:
    before = request.session.session_key or ""
    credentials.change_password(request.user, new, session_key=before)
    update_session_auth_hash(request, request.user)
    credentials.moved(request.user, before=before, after=request.session.session_key or "")
    return _done(request, Text(zh="密码已修改", en="The password is changed."))


@needs("accounts.me")
@require_http_methods(["GET", "POST"])
def second(request: HttpRequest) -> HttpResponse:
    """Have a code of one's phone asked for at sign-in: its picture, then a first code."""
    if request.user.secret:
        return redirect("accounts:me")
    secret = request.session.setdefault(_SECRET, codes.new_secret())
    wrong = False
    if request.method == "POST":
        form = CodeForm(request.POST)
        if form.is_valid() and credentials.ask_for_codes(
            request.user, secret, form.cleaned_data["code"]
        ):
            request.session.pop(_SECRET, None)
            return _done(request, Text(zh="登录时将要求动态码", en="Codes are asked from now on."))
        wrong = True
    page = {
        "picture": codes.picture(secret, username=request.user.username, issuer=_ISSUER),
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "wrong": wrong,
    }
    return render(request, "accounts/second.html", page, status=422 if wrong else 200)


@needs("accounts.me")
@sensitive_post_parameters()
@require_POST
def no_second(request: HttpRequest) -> HttpResponse:
    """Ask for no code any more; the password proves who asks."""
    if not request.user.check_password(request.POST.get("password", "")):
        return _me(request, Text(zh="密码不对", en="The password is wrong."))
    credentials.ask_no_codes(request.user, by=request.user)
    return _done(request, Text(zh="不再要求动态码", en="No code is asked any more."))


@needs("accounts.me")
@require_POST
def end_sitting(request: HttpRequest, pk: int) -> HttpResponse:
    """End one session of one's own."""
    if not credentials.end_sitting(request.user, pk):
        raise Http404
    return _done(request, Text(zh="已结束该会话", en="The session has ended."))


@needs("accounts.me")
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """End all sessions but this one."""
    credentials.end_other_sittings(request.user, session_key=request.session.session_key or "")
    return _done(request, Text(zh="其他会话都已结束", en="All other sessions have ended."))


def _done(request: HttpRequest, words: Text) -> HttpResponse:
    messages.success(request, words.say(request.language))
    return redirect("accounts:me")
