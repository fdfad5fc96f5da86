"""The proceedings as those who conduct them see them, and what they do."""

from collections.abc import Callable

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from cityforge.brain.errors import Text
from cityforge.portal.accounts import permissions
from cityforge.portal.analytics import earlier, grades, proceedings
from cityforge.portal.evaluations import actions
from cityforge.portal.evaluations.forms import (
    BeginForm,
    RerunForm,
    RulingForm,
    WithdrawForm,
)
from cityforge.portal.evaluations.views import asking
from cityforge.portal.shell.guard import needs

_ON_A_PAGE = 50


@needs("evaluations.conduct")
@require_GET
def proceeding(request: HttpRequest, scheme: str) -> HttpResponse:
    """How the proceedings stand, and what may be done next."""
    permissions.check_whole_city(request.user, "evaluations.conduct")
    asking.known(scheme)
    found, made = proceedings.answers(scheme), proceedings.objections(scheme)
    page = {
        "scheme": scheme,
        "standing": grades.standing(scheme),
        "waiting": [one for one in made if one.waits],
        "ruled": [one for one in made if not one.waits],
        "answers": found,
        "states": _states(found),
    }
    return render(request, "evaluations/proceeding.html", page)


@needs("evaluations.conduct")
@require_GET
def answers(request: HttpRequest, scheme: str) -> HttpResponse:
    """Which enterprises confirmed their data, objected, kept silent: the list."""
    permissions.check_whole_city(request.user, "evaluations.conduct")
    asking.known(scheme)
    found = proceedings.answers(scheme)
    if found is None:
        raise Http404
    district, state = request.GET.get("district", ""), request.GET.get("state", "")
    rows = [
        (one, *proceedings.STATES[one.state])
        for one in found.rows
        if (not district or one.district == district) and (not state or one.state == state)
    ]
    page = {
        "scheme": scheme,
        "answers": found,
        "states": _states(found),
        "district": district,
        "state": state,
        "page": Paginator(rows, _ON_A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "evaluations/answers.html", page)


@needs("evaluations.conduct")
@require_GET
def earlier_(request: HttpRequest, run: str, scheme: str, year: int) -> HttpResponse:
    """Proceedings on a run that is in force no more: to be read, not gone on with."""
    permissions.check_whole_city(request.user, "evaluations.conduct")
    found = earlier.opened(run, scheme, year)
    if found is None:
        raise Http404
    return render(request, "evaluations/earlier.html", {"found": found})


@needs("evaluations.conduct")
@require_POST
def conduct(request: HttpRequest, scheme: str, what: str) -> HttpResponse:
    """One act of those who conduct the evaluation."""
    asking.known(scheme)

    def said(form: type[BeginForm | RulingForm | WithdrawForm | RerunForm]) -> dict[str, object]:
        return asking.clean(form(request.POST))

    acts: dict[str, Callable[[], object]] = {
        "begin": lambda: actions.begin(scheme, by=request.user, **said(BeginForm)),
        "step": lambda: actions.step(scheme, request.POST.get("to", ""), by=request.user),
        "rule": lambda: actions.rule(scheme, by=request.user, **said(RulingForm)),
        "withdraw": lambda: actions.withdraw_ruling(scheme, by=request.user, **said(WithdrawForm)),
        "rerun": lambda: actions.rerun(scheme, by=request.user, **said(RerunForm)),
        "publish": lambda: actions.publish(
            scheme, request.POST.get("purpose", ""), by=request.user
        ),
    }
    if what not in acts:
        raise Http404
    asking.do(request, acts[what])
    return redirect("evaluations:proceeding", scheme=scheme)


def _states(found: proceedings.Answers | None) -> list[tuple[str, Text, str, int]]:
    """Every state of an answer with how many are in it."""
    counts = found.counts if found else {}
    return [(*one, counts.get(one[0], 0)) for one in proceedings.states()]
