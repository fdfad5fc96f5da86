"""What everybody reads: the catalogue, one policy, the calendar; and favourites."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from cityforge.portal.accounts import permissions
from cityforge.portal.analytics import city
from cityforge.portal.analytics.policies import catalogue as known
from cityforge.portal.policies import actions, ics, queries
from cityforge.portal.policies.forms import CatalogueForm
from cityforge.portal.policies.queries import Wanted
from cityforge.portal.shell.guard import needs

PAGE = 30
STATES = ("open", "coming", "closed", "unannounced")


@needs("policies.catalogue")
@require_GET
def catalogue(request: HttpRequest) -> HttpResponse:
    """The policies in plain words, searched and narrowed."""
    whole = known.catalogue()
    if whole is None:
        return render(request, "policies/none.html")
    form = CatalogueForm(request.GET)
    form.is_valid()
    chosen = form.cleaned_data
    wanted = Wanted(
        words=chosen.get("q", ""),
        **{name: chosen.get(name, "") for name in ("level", "district", "delivery", "when")},
        mine=chosen.get("mine", False),
        models=chosen.get("models", False),
    )
    kept = queries.favourites(request.user)
    hits = queries.found(whole, wanted, kept)
    page = Paginator(hits, PAGE).get_page(request.GET.get("page"))
    shown = {"whole": whole, "wanted": wanted, "page": page, "kept": kept, "states": STATES}
    template = "policies/_hits.html" if request.htmx else "policies/catalogue.html"
    return render(request, template, shown | _may(request))


@needs("policies.catalogue")
@require_GET
def policy(request: HttpRequest, name: str) -> HttpResponse:
    """One policy in plain words; to an enterprise, as its checklist."""
    found = known.policy(name)
    if found is None:
        raise Http404
    own = queries.enterprises(request.user)
    # Who acts for several is told of one of them: a link names it.
    asked = [one for one in own if one.code == request.GET.get("of")]
    enterprise = next(iter(asked or own), None)
    # A checklist by the version before would contradict the page.
    wanted = enterprise is not None and not found.newer
    one = queries.checklist(enterprise, name, request.language) if wanted else None
    shown = {"policy": found, "one": one, "enterprise": enterprise}
    shown["kept"] = name in queries.favourites(request.user)
    return render(request, "policies/policy.html", shown | _may(request))


@needs("policies.catalogue")
@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """When calls open and close, month by month."""
    whole = known.catalogue()
    if whole is None:
        return render(request, "policies/none.html")
    kept = queries.favourites(request.user)
    mine = bool(request.GET.get("mine"))
    windows = [one for one in whole.windows if not mine or one.policy in kept]
    months = queries.months(windows, since=whole.as_of)
    page = {"months": months, "mine": mine, "kept": kept, "day": whole.as_of}
    return render(request, "policies/calendar.html", page | _may(request))


@needs("policies.catalogue")
@require_GET
def calendar_file(request: HttpRequest) -> HttpResponse:
    """The same for a calendar on one's own machine; of one policy with ?policy=."""
    whole, newest = known.catalogue(), city.newest()
    if whole is None or newest is None:
        return render(request, "policies/none.html")
    wanted = request.GET.get("policy", "")
    windows = [one for one in whole.windows if wanted in ("", one.policy)]
    file = ics.ics(
        windows, as_of=whole.as_of, simulated=newest.simulated, language=request.language
    )
    answer = HttpResponse(file, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="policies.ics"'
    return answer


@needs("policies.favourite")
@require_POST
def keep(request: HttpRequest, name: str) -> HttpResponse:
    """Into one's favourites, or out of them."""
    if known.policy(name) is None:
        raise Http404
    kept = actions.keep(name, by=request.user)
    if request.htmx:
        return render(request, "policies/_keep.html", {"id": name, "is_kept": kept})
    return redirect("policies:policy", name)


def _may(request: HttpRequest) -> dict[str, bool]:
    """What the page offers beyond reading; each is checked again behind its own door."""
    offered = {
        name: permissions.allows(request.user, f"policies.{name}")
        for name in ("favourite", "check_up", "coverage", "candidates", "simulate")
    }
    return offered | {
        "may_write": permissions.allows(request.user, "policies.draft"),
        "may_see_drafts": permissions.allows(request.user, "policies.drafts"),
    }
