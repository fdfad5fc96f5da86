"""Pushing a policy: whom, a preview, the way it goes, receipts; who should know and does."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from cityforge.brain.errors import Text
from cityforge.portal.accounts import permissions as people
from cityforge.portal.accounts.permissions import NotNow
from cityforge.portal.analytics import organisations
from cityforge.portal.analytics.policies.pushing import GROUPS, MOST_LACKING
from cityforge.portal.analytics.policies.ready import Places
from cityforge.portal.campaigns import actions, permissions, queries, receipts
from cityforge.portal.campaigns import coverage as covered
from cityforge.portal.campaigns.forms import PushForm, SendForm
from cityforge.portal.campaigns.models import Campaign
from cityforge.portal.enterprises import sheets
from cityforge.portal.notices import posting, states
from cityforge.portal.shell.guard import needs

PAGE = 50
SHOWS = ("", "missed", "unread")
_SHEET = Text(zh="推送名单", en="Recipients")
_NOTE = Text(zh="仅限内部使用，按名单工作，不得外传。", en="For use within the office alone.")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@needs("campaigns.view")
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Every push in reach, the newest first."""
    page = Paginator(queries.campaigns(request.user), PAGE).get_page(request.GET.get("page"))
    shown = {"page": page, "rows": queries.rows(request.user, list(page)), **_may(request)}
    return render(request, "campaigns/home.html", shown)


@needs("campaigns.send")
@require_GET
def new(request: HttpRequest) -> HttpResponse:
    """Choose a policy and whom; see how many, and what one of them would read."""
    cards = queries.choices(request.user)
    asked = request.GET.copy()
    if "policy" in asked and "asked" not in asked:
        asked.setlistdefault("who", ["eligible"])
    form, first = PushForm(asked), cards[0].id if cards else ""
    page: dict[str, object] = {"cards": cards, "groups": GROUPS, "most": range(1, MOST_LACKING + 1)}
    page["districts"] = queries.places(request.user, asked.get("policy") or first)
    page["roads"] = [(c, states.CHANNELS[c], posting.is_set_up(c)) for c in states.OUTSIDE]
    if form.is_valid() and any(card.id == form.cleaned_data["policy"] for card in cards):
        wanted = form.wanted()
        page["wanted"] = wanted
        page["found"] = queries.preview(request.user, wanted)
    template = "campaigns/_preview.html" if request.htmx else "campaigns/new.html"
    return render(request, template, page)


@needs("campaigns.send")
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Send what was looked at; back to look again where the list changed."""
    form = SendForm(request.POST)
    if not form.is_valid():
        raise Http404
    seen = {name: form.cleaned_data[name] for name in ("run", "count")}
    try:
        made = actions.send(form.wanted(), by=request.user, **seen)
    except NotNow as refused:
        messages.error(request, refused.text.say(request.language))
        return redirect("campaigns:new")
    return redirect("campaigns:campaign", made.pk)


@needs("campaigns.view")
@require_GET
def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    """One push: how far, who was reached and read; with names for those who may see them."""
    found = _campaign(request, pk)
    page: dict[str, object] = {"shown": queries.shown(request.user, found), **_may(request)}
    if page["may_name"]:
        asked = request.GET.get("show", "")
        show = asked if asked in SHOWS else ""
        own = queries.recipients(request.user, found, show=show)
        part = Paginator(own, PAGE).get_page(request.GET.get("page"))
        page |= {"page": part, "lines": receipts.lines(found, list(part)), "show": show}
    page["titles"] = [states.CHANNELS[name] for name in found.channels]
    return render(request, "campaigns/campaign.html", page)


@needs("campaigns.view")
@require_GET
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The bar of a push at work; once it ended the page is asked for anew."""
    shown = queries.shown(request.user, _campaign(request, pk))
    answer = render(request, "campaigns/_progress.html", {"shown": shown})
    if not shown.is_working:
        answer.headers["HX-Refresh"] = "true"
    return answer


@needs("campaigns.names")
@require_GET
def workbook(request: HttpRequest, pk: int) -> HttpResponse:
    """The recipients in reach as Excel; that it was taken out leaves word."""
    found = _campaign(request, pk)
    own = list(queries.recipients(request.user, found))
    heads, cells = receipts.table(found, receipts.lines(found, own), request.language)
    title, note = _SHEET.say(request.language), _NOTE.say(request.language)
    file = sheets.workbook(title, note, heads, cells, ("22", "32", "12", "18", *["18"] * 5))
    actions.handed_out(found, by=request.user)
    answer = HttpResponse(file, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="push-{found.pk}.xlsx"'
    return answer


@needs("campaigns.send")
@require_POST
def go_on(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, lambda: actions.go_on(pk, by=request.user))


@needs("campaigns.send")
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, lambda: actions.again(pk, by=request.user))


@needs("campaigns.send")
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, lambda: actions.stop(pk, by=request.user))


@needs("campaigns.coverage")
@require_GET
def coverage(request: HttpRequest) -> HttpResponse:
    """Of every policy: who should know, and does."""
    found = covered.overview(request.user)
    return render(request, "campaigns/coverage.html", {"found": found, **_may(request)})


@needs("campaigns.coverage")
@require_GET
def coverage_of(request: HttpRequest, policy: str) -> HttpResponse:
    """One policy by district; with the names of those not reached for those who may see them."""
    card = next((one for one in permissions.cards() if one.id == policy), None)
    reach = permissions.reach(request.user, "campaigns.coverage")
    if card is None or reach.of(policy) == Places():
        raise Http404
    page: dict[str, object] = {"card": card, "lines": covered.districts(request.user, policy)}
    page |= _may(request)
    if page["may_name"]:
        missed = covered.missed(request.user, policy)
        part = Paginator(missed, PAGE).get_page(request.GET.get("page"))
        names = [
            (code, organisations.enterprise_named(code) or "—", queries.districts(at), how)
            for code, at, how in part
        ]
        page |= {"page": part, "missed": names}
    return render(request, "campaigns/coverage_of.html", page)


def _campaign(request: HttpRequest, pk: int) -> Campaign:
    found = queries.campaign(request.user, pk)
    if found is None:
        raise Http404
    return found


def _done(request: HttpRequest, pk: int, act: Callable[[], object]) -> HttpResponse:
    """Do it and show the campaign; what cannot be done now is told there."""
    _campaign(request, pk)
    try:
        act()
    except NotNow as refused:
        messages.error(request, refused.text.say(request.language))
    return redirect("campaigns:campaign", pk)


def _may(request: HttpRequest) -> dict[str, bool]:
    return {
        "may_send": people.allows(request.user, "campaigns.send"),
        "may_name": people.allows(request.user, "campaigns.names"),
        "may_cover": people.allows(request.user, "campaigns.coverage"),
    }
