"""The pages of the security admin: people, their roles, their accounts."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cityforge.brain.errors import Text
from cityforge.portal.accounts import actions, codes, credentials, permissions, queries
from cityforge.portal.accounts.forms import GrantForm, PersonForm
from cityforge.portal.accounts.models import Membership, Organisation, User
from cityforge.portal.accounts.permissions import NotAllowed
from cityforge.portal.shell.guard import needs

_PAGE = 50
_WAITING = 20


@needs("accounts.view")
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Everybody, with their roles; found by name, narrowed by role or state."""
    asked = {name: request.GET.get(name, "").strip()[:64] for name in ("q", "role", "state")}
    page = Paginator(queries.people(**asked), _PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": [queries.row(user) for user in page],
        "page": page,
        "asked": asked,
        "choices": queries.role_choices(),
        "may": permissions.allows(request.user, "accounts.manage"),
        "waiting": queries.waiting()[:_WAITING],
        "waiting_count": queries.waiting().count(),
    }
    return render(request, "accounts/people.html", context)


@needs("accounts.manage")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Make an account; its password is shown this once."""
    form = PersonForm(request.POST or None)
    wrong = None
    if request.method == "POST":
        if form.is_valid():
            password = codes.once()
            try:
                made = actions.make_user(**form.cleaned_data, password=password, by=request.user)
            except NotAllowed as refused:
                wrong = refused.text
            else:
                return _person(request, made, password=password)
        else:
            wrong = Text(
                zh="请填写用户名和姓名；邮箱须是邮箱地址",
                en="Give a user name and a name; an e-mail address must be one.",
            )
    given = {name: request.POST.get(name, "") for name in ("username", "name", "email")}
    page = {"wrong": wrong, "given": given}
    return render(request, "accounts/new.html", page, status=422 if wrong else 200)


@needs("accounts.view")
@require_GET
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: account, roles, and what may be done about them."""
    return _person(request, _found(pk))


@needs("accounts.manage")
@require_POST
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a role in an organisation."""
    user, form = _found(pk), GrantForm(request.POST)
    if not form.is_valid():
        return _person(
            request,
            user,
            wrong=Text(
                zh="请选择角色和机构；日期写作年-月-日", en="Choose a role and an organisation."
            ),
        )
    given = form.cleaned_data
    try:
        where = _organisation(request, given["organisation"], given["code"])
        actions.grant(user, where, given["role"], by=request.user, ends=given["ends"])
    except NotAllowed as refused:
        return _person(request, user, wrong=refused.text)
    return _done(request, user, Text(zh="已授权", en="The role is granted."))


def _organisation(request: HttpRequest, chosen: Organisation | None, code: str) -> Organisation:
    if code.strip():
        return actions.enterprise(code.strip().upper(), by=request.user)
    if chosen is None:
        raise NotAllowed(
            Text(
                zh="请选择机构，或填写企业的信用代码",
                en="Choose an organisation, or give an enterprise's credit code.",
            )
        )
    return chosen


@needs("accounts.manage")
@require_POST
def end(request: HttpRequest, pk: int, membership: int) -> HttpResponse:
    """End a role at once."""
    user = _found(pk)
    held = Membership.objects.filter(pk=membership, user=user).first()
    if held is None:
        raise Http404
    return _try(
        request,
        user,
        Text(zh="角色已结束", en="The role has ended."),
        lambda: actions.end(held, by=request.user),
    )


@needs("accounts.manage")
@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch an account off or on."""
    user, on = _found(pk), request.POST.get("on") == "1"
    words = (
        Text(zh="账号已启用", en="The account is on.")
        if on
        else Text(zh="账号已停用，会话全部结束", en="The account is off; its sessions have ended.")
    )
    return _try(request, user, words, lambda: actions.switch(user, on=on, by=request.user))


@needs("accounts.manage")
@require_POST
def unlock(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a resting account sign in again."""
    user = _found(pk)
    words = Text(zh="已解除暂停", en="The account may sign in again.")
    return _try(request, user, words, lambda: actions.unlock(user, by=request.user))


@needs("accounts.manage")
@require_POST
def no_second(request: HttpRequest, pk: int) -> HttpResponse:
    """Of somebody who lost their phone: ask for no code until they set it up anew."""
    user = _found(pk)
    words = Text(zh="不再要求动态码", en="No code is asked any more.")
    return _try(request, user, words, lambda: credentials.ask_no_codes(user, by=request.user))


@needs("accounts.manage")
@require_POST
def password(request: HttpRequest, pk: int) -> HttpResponse:
    """A password to be used once, shown once."""
    user = _found(pk)
    try:
        given = credentials.give_password(user, by=request.user)
    except NotAllowed as refused:
        return _person(request, user, wrong=refused.text)
    return _person(request, user, password=given)


@needs("accounts.manage")
@require_POST
def organisations(request: HttpRequest) -> HttpResponse:
    """Bring districts, parks and bureaus up to date with the city folder."""
    made = actions.take_in_organisations(by=request.user)
    words = Text(
        zh=f"机构已与城市文件夹一致，新增 {made} 个",
        en=f"Organisations are as in the city folder; {made} are new.",
    )
    messages.success(request, words.say(request.language))
    return redirect("accounts:people")


def _found(pk: int) -> User:
    user = User.objects.filter(pk=pk).first()
    if user is None:
        raise Http404
    return user


def _try(request: HttpRequest, user: User, words: Text, act: Callable[[], None]) -> HttpResponse:
    try:
        act()
    except NotAllowed as refused:
        return _person(request, user, wrong=refused.text)
    return _done(request, user, words)


def _person(
    request: HttpRequest, user: User, *, password: str = "", wrong: Text | None = None
) -> HttpResponse:
    page = {
        "person": queries.person(user),
        "may": permissions.allows(request.user, "accounts.manage") and user != request.user,
        "identities": queries.identities(user),
        "organisations": queries.organisation_choices(),
        "choices": queries.role_choices(),
        "password": password,
        "wrong": wrong,
    }
    return render(request, "accounts/person.html", page, status=422 if wrong else 200)


def _done(request: HttpRequest, user: User, words: Text) -> HttpResponse:
    messages.success(request, words.say(request.language))
    return redirect("accounts:person", user.pk)
