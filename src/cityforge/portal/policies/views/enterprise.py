"""The check-up of one's own enterprise, and the questions answered in it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from cityforge.portal.accounts.models import Organisation
from cityforge.portal.analytics.policies.checking import Checked, Refused, Sum, entry
from cityforge.portal.policies import actions, queries
from cityforge.portal.policies.forms import AnswerForm
from cityforge.portal.shell.guard import needs


@needs("policies.check_up")
@require_GET
def check_up(request: HttpRequest) -> HttpResponse:
    """What one's enterprise may have, what is near, what to tell first."""
    enterprise = _own(request)
    if enterprise is None:
        return render(request, "policies/no_check_up.html")
    found = queries.check_up(enterprise, queries.declarations(enterprise), request.language)
    if found is None:
        return render(request, "policies/no_check_up.html", {"enterprise": enterprise})
    shown = _shown(request, enterprise, found, fact=request.GET.get("fact", ""))
    shown["enterprises"] = queries.enterprises(request.user)
    return render(request, "policies/check_up.html", shown)


@needs("policies.check_up")
@require_GET
def question(request: HttpRequest) -> HttpResponse:
    """The form of another fact that is lacking."""
    enterprise, found = _asked(request)
    asked = queries.question(found[0], request.GET.get("fact", ""))
    if asked is None:
        raise Http404
    form = AnswerForm(asked, language=request.language)
    page = {"enterprise": enterprise, "question": asked, "form": form, "focus": True}
    return render(request, "policies/_question.html", page | {"page": found[0].page})


@needs("policies.check_up")
@require_GET
def inside(request: HttpRequest) -> HttpResponse:
    """The working, the conditions and the papers of one policy of the check-up, as it is opened."""
    _, (checked, _) = _asked(request)
    told = entry(checked, request.GET.get("policy", ""))
    if told is None:
        raise Http404
    return render(request, "policies/_inside.html", {"entry": told})


@needs("policies.declare")
@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    """Take an answer and show the check-up as it is now."""
    enterprise, found = _asked(request)
    checked = found[0]
    asked = queries.question(checked, request.POST.get("fact", "") or "-")
    if asked is None:
        raise Http404
    form = AnswerForm(asked, language=request.language, data=request.POST)
    if form.is_valid():
        try:
            literal = form.cleaned_data["value"]
            actions.declare(enterprise, asked.column, literal, year=checked.year, by=request.user)
        except Refused as refused:
            form.add_error("value", refused.text.say(request.language))
        else:
            return _anew(request, enterprise, checked.sum, "told", asked.title)
    shown = _shown(request, enterprise, found) | {"question": asked, "form": form}
    template = "policies/_check_up.html" if request.htmx else "policies/check_up.html"
    return render(request, template, shown)


@needs("policies.declare")
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take an answer back and show the check-up as it is now."""
    enterprise, (checked, lines) = _asked(request)
    number = request.POST.get("number", "")
    line = next((one for one in lines if str(one.number) == number), None)
    if line is None:
        raise Http404
    told = next(one for one in queries.declarations(enterprise) if one.pk == line.number)
    actions.undo(told, by=request.user)
    return _anew(request, enterprise, checked.sum, "undone", line.told.title)


Found = tuple[Checked, list[queries.Declared]]


def _own(request: HttpRequest) -> Organisation | None:
    """The enterprise asked for among one's own; the first one without. 404 for any other."""
    own = queries.enterprises(request.user)
    wanted = request.POST.get("of", "") or request.GET.get("of", "")
    if wanted:
        chosen = next((one for one in own if one.code == wanted), None)
        if chosen is None:
            raise Http404
        return chosen
    return own[0] if own else None


def _asked(request: HttpRequest) -> tuple[Organisation, Found]:
    enterprise = _own(request)
    if enterprise is None:
        raise Http404
    found = queries.check_up(enterprise, queries.declarations(enterprise), request.language)
    if found is None:
        raise Http404
    return enterprise, found


def _anew(
    request: HttpRequest, enterprise: Organisation, before: Sum, what: str, title: object
) -> HttpResponse:
    """The check-up after a change, with what the change did."""
    if not request.htmx:
        return redirect("policies:check-up")
    found = queries.check_up(enterprise, queries.declarations(enterprise), request.language)
    assert found is not None
    changed = {"what": what, "title": title, "before": before, "after": found[0].sum}
    return render(
        request, "policies/_check_up.html", _shown(request, enterprise, found) | {"change": changed}
    )


def _shown(
    request: HttpRequest, enterprise: Organisation, found: Found, *, fact: str = ""
) -> dict[str, object]:
    """What the page shows; it asks for one fact, where that is lacking, or for the best one."""
    checked, lines = found
    asked = queries.question(checked, fact) or queries.question(checked)
    return {
        "enterprise": enterprise,
        "page": checked.page,
        "checked": checked,
        "declared": lines,
        "question": asked,
        "form": AnswerForm(asked, language=request.language) if asked else None,
    }
