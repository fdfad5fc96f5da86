"""Results, what if, proceedings; an enterprise's own result; the public list."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cityforge.brain.errors import CityForgeError, Text
from cityforge.portal.accounts import permissions
from cityforge.portal.analytics import grades
from cityforge.portal.evaluations import actions
from cityforge.portal.evaluations.forms import BeginForm, ObjectionForm, RerunForm, RulingForm
from cityforge.portal.shell.guard import needs

_INCOMPLETE = Text(zh="有内容没有填或填得不对", en="Something is missing or wrong.")


@needs("evaluations.view")
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Every scheme of enterprises."""
    return render(request, "evaluations/home.html", {"schemes": grades.schemes()})


@needs("evaluations.view")
@require_GET
def scheme(request: HttpRequest, scheme: str) -> HttpResponse:
    """A scheme's result: the whole city, or one's own districts."""
    _known(scheme)
    scope = permissions.scope(request.user, "evaluations.view")
    shown = grades.result(scheme, None if scope.everything else scope.districts)
    page = {
        "shown": shown,
        "scheme": scheme,
        "may_try": permissions.allows(request.user, "evaluations.try"),
        "may_conduct": permissions.allows(request.user, "evaluations.conduct"),
    }
    return render(request, "evaluations/scheme.html", page)


@needs("evaluations.try")
@require_GET
def what_if(request: HttpRequest, scheme: str) -> HttpResponse:
    """The weights and bands of a scheme at other values, and who would move."""
    _known(scheme)
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


@needs("evaluations.conduct")
@require_GET
def proceeding(request: HttpRequest, scheme: str) -> HttpResponse:
    """How the proceedings stand, and what may be done next."""
    _known(scheme)
    page = {"scheme": scheme, "standing": grades.standing(scheme)}
    return render(request, "evaluations/proceeding.html", page)


@needs("evaluations.conduct")
@require_POST
def conduct(request: HttpRequest, scheme: str, what: str) -> HttpResponse:
    """One act of those who conduct the evaluation."""
    _known(scheme)
    acts: dict[str, Callable[[], object]] = {
        "begin": lambda: actions.begin(scheme, by=request.user, **_clean(BeginForm(request.POST))),
        "step": lambda: actions.step(scheme, request.POST.get("to", ""), by=request.user),
        "rule": lambda: actions.rule(scheme, by=request.user, **_clean(RulingForm(request.POST))),
        "rerun": lambda: actions.rerun(scheme, by=request.user, **_clean(RerunForm(request.POST))),
        "publish": lambda: actions.publish(
            scheme, request.POST.get("purpose", ""), by=request.user
        ),
    }
    if what not in acts:
        raise Http404
    _do(request, acts[what])
    return redirect("evaluations:proceeding", scheme=scheme)


@needs("evaluations.speak")
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """An enterprise's own results, its data, and what it may say to them."""
    own = sorted(permissions.scope(request.user, "evaluations.speak").enterprises)
    found = []
    for code in own:
        for line in grades.schemes():
            if line.is_model:
                continue
            shown = grades.enterprise(line.id, code)
            standing = grades.standing(line.id)
            facts = grades.facts_of(line.id, code) if standing and standing.may_object else []
            if shown is not None:
                found.append((code, line.id, shown, standing, facts))
    return render(request, "evaluations/mine.html", {"results": found})


@needs("evaluations.speak")
@require_http_methods(["POST"])
def speak(request: HttpRequest, scheme: str, uscc: str, what: str) -> HttpResponse:
    """An enterprise confirms its data, or objects with evidence."""
    _known(scheme)
    if uscc not in permissions.scope(request.user, "evaluations.speak").enterprises:
        raise Http404  # whether there is such an enterprise is nobody else's business
    if what == "confirm":
        _do(request, lambda: actions.confirm(scheme, uscc, by=request.user))
    elif what == "object":

        def act() -> None:
            said = _clean(ObjectionForm(request.POST))
            right = f"{said['fact']}={said['right']}"
            files = request.FILES.getlist("evidence")[:5]
            actions.object_(
                scheme, uscc, right, reason=str(said["reason"]), files=files, by=request.user
            )

        _do(request, act)
    else:
        raise Http404
    return redirect("evaluations:mine")


@needs("evaluations.publicity")
@require_GET
def publicity(request: HttpRequest) -> HttpResponse:
    """The lists that are shown to the public, without signing in."""
    search = request.GET.get("name", "").strip()[:60]
    found = [grades.publicity(line.id, search) for line in grades.schemes()]
    page = {"lists": [one for one in found if one is not None], "search": search}
    return render(request, "evaluations/publicity.html", page)


def _known(scheme: str) -> None:
    if not grades.exists(scheme):
        raise Http404


def _clean(form: "BeginForm | ObjectionForm | RerunForm | RulingForm") -> dict[str, object]:
    if not form.is_valid():
        raise permissions.NotAllowed(_INCOMPLETE)
    return dict(form.cleaned_data)


def _do(request: HttpRequest, act: Callable[[], object]) -> None:
    """An act, with what it refuses told on the page."""
    try:
        act()
    except permissions.NotAllowed as refused:
        messages.error(request, refused.text.say(request.language))
    except CityForgeError as refused:
        messages.error(request, refused.text.say(request.language))
    else:
        done = Text(zh="已记录", en="Recorded.")
        messages.success(request, done.say(request.language))
