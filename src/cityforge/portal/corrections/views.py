"""Facts put right: the enterprise asks with evidence, the bureau that owns the fact rules."""

from collections.abc import Callable

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cityforge.brain.errors import Text
from cityforge.portal import evidence as kept
from cityforge.portal.accounts.models import Organisation
from cityforge.portal.accounts.permissions import NotAllowed, NotNow
from cityforge.portal.corrections import actions, queries
from cityforge.portal.corrections.forms import AskForm, RulingForm
from cityforge.portal.shell.guard import needs

_INCOMPLETE = Text(zh="有内容没有填或填得不对", en="Something is missing or wrong.")


@needs("corrections.view")
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What waits for a ruling and what was ruled: one's enterprise's, or one's bureau's."""
    page = {
        "waiting": queries.corrections(request.user, waiting=True),
        "past": queries.corrections(request.user, waiting=False),
        "enterprises": queries.enterprises_of(request.user),
    }
    return render(request, "corrections/home.html", page)


@needs("corrections.ask")
@require_GET
def choose(request: HttpRequest, uscc: str) -> HttpResponse:
    """Which fact of one's enterprise."""
    enterprise = _enterprise(request, uscc)
    page = {"enterprise": enterprise, "facts": queries.facts(enterprise, request.user)}
    return render(request, "corrections/choose.html", page)


@needs("corrections.ask")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, uscc: str, fact: str) -> HttpResponse:
    """The form: year, value as it should be, why, evidence."""
    enterprise = _enterprise(request, uscc)
    asking = queries.asking(enterprise, request.user, fact)
    if asking is None or not asking.years:
        raise Http404
    wrong = None
    if request.method == "POST":
        form = AskForm(request.POST)
        try:
            if not form.is_valid():
                raise NotNow(_INCOMPLETE)
            files = request.FILES.getlist("evidence")
            made = actions.ask(request.user, enterprise, fact, files=files, **form.cleaned_data)
            return redirect("corrections:one", made.pk)
        except (NotNow, NotAllowed) as refused:
            wrong = refused.text
    page = {
        "asking": asking,
        "wrong": wrong,
        "given": request.POST,
        "year": request.POST.get("year") or request.GET.get("year", ""),
        "accepted": kept.ACCEPTED,
    }
    return render(request, "corrections/new.html", page, status=422 if wrong else 200)


@needs("corrections.view")
@require_GET
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One correction: what was said, on what evidence, what was found."""
    return render(request, "corrections/one.html", {"shown": _shown(request, pk)})


@needs("corrections.rule")
@require_POST
def rule(request: HttpRequest, pk: int) -> HttpResponse:
    form = RulingForm(request.POST)

    def act() -> None:
        if not form.is_valid():
            raise NotNow(_INCOMPLETE)
        said = form.cleaned_data
        actions.rule(request.user, pk, said["outcome"], grounds=said["grounds"])

    return _done(request, pk, act)


@needs("corrections.ask")
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, lambda: actions.withdraw(request.user, pk))


@needs("corrections.view")
@require_GET
def evidence(request: HttpRequest, pk: int, name: str) -> FileResponse:
    """A file of evidence, always to be saved and never shown in place."""
    shown = _shown(request, pk)
    found = kept.find(name) if name in shown.one.evidence else None
    if found is None:
        raise Http404
    actions.taken(request.user, shown.one, name)
    stream = found.open("rb")
    kind = "application/octet-stream"
    told = f"{shown.one.pk}-{shown.one.evidence.index(name) + 1}{found.suffix}"
    return FileResponse(stream, as_attachment=True, filename=told, content_type=kind)


def _shown(request: HttpRequest, pk: int) -> queries.Shown:
    found = queries.shown(request.user, pk)
    if found is None:
        raise Http404
    return found


def _enterprise(request: HttpRequest, uscc: str) -> Organisation:
    """404 for another's as for none: which enterprises there are is nobody else's business."""
    for found in queries.enterprises_of(request.user):
        if found.code == uscc:
            return found
    raise Http404


def _done(request: HttpRequest, pk: int, act: Callable[[], None]) -> HttpResponse:
    """Do it and show the correction; what cannot be done now is told there."""
    _shown(request, pk)
    try:
        act()
    except NotNow as refused:
        messages.error(request, refused.text.say(request.language))
    return redirect("corrections:one", pk)
