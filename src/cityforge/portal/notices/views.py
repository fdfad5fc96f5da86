"""One's inbox; how an enterprise is reached outside the portal, and the link that stops it."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cityforge.brain.errors import Text
from cityforge.portal.accounts import permissions
from cityforge.portal.accounts.models import Organisation
from cityforge.portal.accounts.permissions import NotNow
from cityforge.portal.notices import actions, letters, queries, states
from cityforge.portal.notices.forms import AddressForm, CodeForm
from cityforge.portal.notices.models import Consent, Notice
from cityforge.portal.shell.guard import needs

PAGE = 20
_RECORDING = "cityforge.portal.notices.sms.Recorded"


@needs("notices.inbox")
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """What one was told, the newest first; what is put away with ?archived=1."""
    archived = request.GET.get("archived") == "1"
    found = queries.inbox(request.user, archived=archived)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    shown = {
        "page": page,
        "lines": [queries.line(one) for one in page],
        "archived": archived,
        "may_set": permissions.allows(request.user, "notices.channels"),
    }
    return render(request, "notices/inbox.html", shown)


@needs("notices.inbox")
@require_GET
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice; opening it is its receipt."""
    found = _own(request, pk)
    actions.read(found, by=request.user)
    return render(request, "notices/notice.html", {"line": queries.line(found)})


@needs("notices.inbox")
@require_POST
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """On to where one can act."""
    found = _own(request, pk)
    if not found.link:
        raise Http404
    actions.follow(found, by=request.user)
    return redirect(found.link)


@needs("notices.inbox")
@require_POST
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    is_away = actions.archive(_own(request, pk), by=request.user)
    words = (
        Text(zh="已归档", en="Put away.") if is_away else Text(zh="已移回收件箱", en="Put back.")
    )
    messages.success(request, words.say(request.language))
    return redirect("notices:inbox")


@needs("notices.channels")
@require_GET
def channels(request: HttpRequest) -> HttpResponse:
    """How one's enterprises are reached; who may, changes it here."""
    own = queries.enterprises(request.user)
    page = {
        "enterprises": [(one, queries.roads(one)) for one in own],
        "may": permissions.scope(request.user, "notices.consent").enterprises,
        "caps": [(states.CHANNELS[name], *settings.NOTICES_MOST[name]) for name in states.CHANNELS],
        "quiet": settings.NOTICES_QUIET_HOURS,
    }
    return render(request, "notices/channels.html", page)


@needs("notices.consent")
@require_POST
def ask(request: HttpRequest, channel: str) -> HttpResponse:
    """Agree to a channel: a code goes to the address."""
    enterprise = _enterprise(request, channel)
    form = AddressForm(channel, request.POST)
    if not form.is_valid():
        wrong = Text(zh="地址填得不对", en="This is no such address.")
        messages.error(request, wrong.say(request.language))
        return redirect("notices:channels")
    address = form.cleaned_data["address"]
    done = Text(zh="验证码已发往这个地址", en="A code is on its way.")
    return _do(request, lambda: actions.ask(enterprise, channel, address, by=request.user), done)


@needs("notices.consent")
@require_POST
def agree(request: HttpRequest, channel: str) -> HttpResponse:
    """Tell the code."""
    consent = _consent(request, channel)
    form = CodeForm(request.POST)
    code = form.cleaned_data["code"] if form.is_valid() else ""

    def act() -> None:
        if not actions.agree(consent, code, by=request.user):
            raise NotNow(Text(zh="验证码不对，或已过期", en="The code is wrong, or has run out."))

    return _do(request, act, Text(zh="已开通", en="It counts from now on."))


@needs("notices.consent")
@require_POST
def withdraw(request: HttpRequest, channel: str) -> HttpResponse:
    consent = _consent(request, channel)
    done = Text(zh="已停止接收", en="Stopped.")
    return _do(request, lambda: actions.withdraw(consent, by=request.user), done)


@csrf_exempt  # the signed token allows it; mail programs send it without a page before
@needs("notices.stop")
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Unsubscribe without signing in: GET asks, POST does (RFC 8058)."""
    pk = letters.stopped_by(token)
    consent = Consent.objects.select_related("organisation").filter(pk=pk).first()
    if consent is None:
        raise Http404
    if request.method == "POST":
        actions.withdraw(consent, by=None)
        consent.refresh_from_db()
    page = {"channel": states.CHANNELS[consent.channel], "is_over": consent.ended_at is not None}
    return render(request, "notices/stop.html", page)


@needs("notices.recorded")
@require_GET
def recorded(request: HttpRequest) -> HttpResponse:
    """What the recording connector of SMS was given instead of a telephone network."""
    page = Paginator(queries.recorded(), PAGE).get_page(request.GET.get("page"))
    is_recording = settings.CONNECTORS.get(states.SMS) == _RECORDING
    shown = {"page": page, "is_recording": is_recording}
    return render(request, "notices/recorded.html", shown)


def _own(request: HttpRequest, pk: int) -> Notice:
    found = queries.notice(request.user, pk)
    if found is None:
        raise Http404
    return found


def _enterprise(request: HttpRequest, channel: str) -> Organisation:
    """The one that is asked for among one's own; 404 for any other, and for no such channel."""
    own = queries.enterprises(request.user, "notices.consent")
    wanted = request.POST.get("of", "")
    found = next((one for one in own if one.code == wanted), None)
    if found is None or channel not in states.OUTSIDE:
        raise Http404
    return found


def _consent(request: HttpRequest, channel: str) -> Consent:
    found = queries.consent(_enterprise(request, channel), channel)
    if found is None:
        raise Http404
    return found


def _do(request: HttpRequest, act: Callable[[], object], done: Text) -> HttpResponse:
    """Do it and show the channels; what cannot be done now is told there."""
    try:
        act()
    except NotNow as refused:
        messages.error(request, refused.text.say(request.language))
    else:
        messages.success(request, done.say(request.language))
    return redirect("notices:channels")
