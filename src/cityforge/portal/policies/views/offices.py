"""What officers see of policies, of their own places alone: coverage, candidates, cost."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cityforge.portal.accounts import permissions
from cityforge.portal.analytics.policies import catalogue, offices
from cityforge.portal.policies import actions, queries
from cityforge.portal.shell.guard import needs

PAGE = 50
LONGEST = 40  # characters of a term's value
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@needs("policies.coverage")
@require_GET
def coverage(request: HttpRequest) -> HttpResponse:
    """How every policy stands among one's enterprises."""
    standings = offices.coverage(queries.places(request.user, "policies.coverage"))
    if standings is None:
        return render(request, "policies/none.html")
    may_know = permissions.allows(request.user, "campaigns.coverage")
    return render(request, "policies/coverage.html", {"standings": standings, "may_know": may_know})


@needs("policies.candidates")
@require_GET
def candidates(request: HttpRequest, name: str) -> HttpResponse:
    """Whom a policy is for, and who is one clause short."""
    card = _card(name)
    found = offices.candidates(name, queries.places(request.user, "policies.candidates"))
    if found is None:
        raise Http404
    page = Paginator(found.lines, PAGE).get_page(request.GET.get("page"))
    shown = {"card": card, "found": found, "page": page}
    return render(request, "policies/candidates.html", shown)


@needs("policies.candidates")
@require_GET
def workbook(request: HttpRequest, name: str) -> HttpResponse:
    """The same list as Excel; that it was taken out leaves word."""
    _card(name)
    places = queries.places(request.user, "policies.candidates")
    file = offices.workbook(name, places, request.language)
    if file is None:
        raise Http404
    actions.handed_out(name, by=request.user)
    answer = HttpResponse(file, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="candidates-{name}.xlsx"'
    return answer


@needs("policies.simulate")
@require_GET
def simulation(request: HttpRequest, name: str) -> HttpResponse:
    """What a policy costs, with its terms as they are or as asked. Nothing is changed by it."""
    card = _card(name, models=True)
    asked = {key[2:]: value[:LONGEST] for key, value in request.GET.items() if key[:2] == "t-"}
    found = offices.simulate(name, asked, queries.places(request.user, "policies.simulate"))
    if found is None:
        raise Http404
    shown = {"card": card, "found": found}
    template = "policies/_simulated.html" if request.htmx else "policies/simulation.html"
    return render(request, template, shown)


def _card(name: str, *, models: bool = False) -> catalogue.Card:
    whole = catalogue.catalogue()
    cards = whole.cards if whole is not None else ()
    card = next((one for one in cards if one.id == name), None)
    if card is None or (card.model and not models):
        raise Http404
    return card
