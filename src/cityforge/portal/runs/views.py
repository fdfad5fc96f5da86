"""Runs of the city: chosen, looked at beforehand, started, followed, put in force."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from cityforge.portal.accounts import permissions
from cityforge.portal.accounts.permissions import NotNow
from cityforge.portal.runs import actions, queries
from cityforge.portal.runs.forms import ChoiceForm
from cityforge.portal.runs.models import Run
from cityforge.portal.shell.guard import needs


@needs("runs.view")
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What is in force, a run to be chosen, the runs there were."""
    permissions.check_whole_city(request.user, "runs.view")
    return _home(request)


@needs("runs.view")
@require_GET
def preview(request: HttpRequest) -> HttpResponse:
    """Whom a scheme and year would move, before anything is started."""
    permissions.check_whole_city(request.user, "runs.view")
    form = ChoiceForm(request.GET)
    known = {one.id for one in queries.schemes()}
    if not form.is_valid() or form.cleaned_data["scheme"] not in known:
        raise Http404
    return _home(request, queries.before(form.cleaned_data["scheme"], form.cleaned_data["year"]))


@needs("runs.start")
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    form = ChoiceForm(request.POST)
    if not form.is_valid():
        raise Http404
    try:
        made = actions.start(request.user, form.cleaned_data["scheme"], form.cleaned_data["year"])
    except NotNow as refused:
        messages.error(request, refused.text.say(request.language))
        return redirect("runs:home")
    return redirect("runs:run", made.pk)


@needs("runs.view")
@require_GET
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """One run: how far it is, whom it moves, what may be done with it."""
    shown = queries.shown(request.user, _run(request, pk))
    page = {
        "shown": shown,
        "in_force": queries.in_force(),
        "under_way": queries.under_way() if "adopted" in shown.may else [],
    }
    return render(request, "runs/run.html", page)


@needs("runs.view")
@require_GET
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The bar of a run at work; once it ended the page is asked for anew."""
    shown = queries.shown(request.user, _run(request, pk))
    answer = render(request, "runs/progress.html", {"shown": shown})
    if not shown.is_working:
        answer.headers["HX-Refresh"] = "true"
    return answer


@needs("runs.start")
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, lambda: actions.cancel(request.user, pk))


@needs("runs.start")
@require_POST
def adopt(request: HttpRequest, pk: int) -> HttpResponse:
    is_aware = request.POST.get("aware") == "1"
    return _done(request, pk, lambda: actions.adopt(request.user, pk, is_aware=is_aware))


@needs("runs.start")
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, lambda: actions.discard(request.user, pk))


def _home(request: HttpRequest, before: queries.Before | None = None) -> HttpResponse:
    working = queries.working()
    page = {
        "in_force": queries.in_force(),
        "schemes": queries.schemes(),
        "years": queries.years(),
        "before": before,
        "working": queries.shown(request.user, working) if working else None,
        "runs": queries.runs(request.user),
    }
    return render(request, "runs/home.html", page)


def _run(request: HttpRequest, pk: int) -> Run:
    permissions.check_whole_city(request.user, "runs.view")
    found = queries.run(pk)
    if found is None:
        raise Http404
    return found


def _done(request: HttpRequest, pk: int, act: Callable[[], None]) -> HttpResponse:
    """Do it and show the run; what cannot be done now is told there."""
    _run(request, pk)
    try:
        act()
    except NotNow as refused:
        messages.error(request, refused.text.say(request.language))
    return redirect("runs:run", pk)
