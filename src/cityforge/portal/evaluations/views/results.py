"""Results by scheme, what if, and two schemes or years side by side."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cityforge.brain.errors import CityForgeError
from cityforge.portal.accounts import permissions
from cityforge.portal.analytics import earlier, grades
from cityforge.portal.evaluations.forms import (
    CompareForm,
)
from cityforge.portal.evaluations.views import asking
from cityforge.portal.shell.guard import needs


@needs("evaluations.view")
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Every scheme of enterprises."""
    may_try = permissions.scope(request.user, "evaluations.try").everything
    may_conduct = permissions.scope(request.user, "evaluations.conduct").everything
    page = {
        "schemes": grades.schemes(),
        "may_try": may_try,
        "earlier": earlier.evaluations() if may_conduct else [],
    }
    return render(request, "evaluations/home.html", page)


@needs("evaluations.view")
@require_GET
def scheme(request: HttpRequest, scheme: str) -> HttpResponse:
    """A scheme's result: the whole city, or one's own districts."""
    asking.known(scheme)
    scope = permissions.scope(request.user, "evaluations.view")
    shown = grades.result(scheme, None if scope.everything else scope.districts)
    page = {
        "shown": shown,
        "scheme": scheme,
        "may_try": permissions.scope(request.user, "evaluations.try").everything,
        "may_conduct": permissions.scope(request.user, "evaluations.conduct").everything,
    }
    return render(request, "evaluations/scheme.html", page)


@needs("evaluations.try")
@require_GET
def what_if(request: HttpRequest, scheme: str) -> HttpResponse:
    """The weights and bands of a scheme at other values, and who would move."""
    permissions.check_whole_city(request.user, "evaluations.try")
    asking.known(scheme)
    fields = grades.fields(scheme)
    asked = [(one, request.GET.get(one.name, one.value).strip()[:20]) for one in fields]
    changes = [f"{one.name}={value}" for one, value in asked if value != one.value]
    shown, refused = None, None
    if changes:
        try:
            shown = grades.what_if(scheme, changes)
        except CityForgeError as error:
            refused = error.text
    page = {"scheme": scheme, "fields": asked, "shown": shown, "refused": refused}
    return render(request, "evaluations/what_if.html", page)


@needs("evaluations.try")
@require_GET
def compare(request: HttpRequest) -> HttpResponse:
    """Two schemes, or two years, side by side: who moves."""
    permissions.check_whole_city(request.user, "evaluations.try")
    known, years = grades.schemes(), grades.years()
    form = CompareForm(request.GET)
    chosen = dict(form.cleaned_data) if form.is_valid() else None
    shown, refused = None, None
    if chosen is not None and {chosen["first"], chosen["second"]} <= {one.id for one in known}:
        pair = (chosen["first_year"], chosen["second_year"])
        try:
            shown = grades.compared(chosen["first"], chosen["second"], years=pair)
        except CityForgeError as error:
            refused = error.text
    page = {
        "schemes": known,
        "years": years,
        "chosen": chosen or _by_default(known, years),
        "shown": shown,
        "refused": refused,
    }
    return render(request, "evaluations/compare.html", page)


def _by_default(known: list[grades.Line], years: list[int]) -> dict[str, object]:
    """The first scheme, this year against the one before."""
    first = known[0].id if known else ""
    newest = years[0] if years else 0
    before = years[1] if len(years) > 1 else newest
    return {"first": first, "second": first, "first_year": before, "second_year": newest}
