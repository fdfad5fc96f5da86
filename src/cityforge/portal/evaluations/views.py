"""Results, what if, comparisons, proceedings and papers; one's own result; the public list."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cityforge.brain.errors import CityForgeError, Text
from cityforge.portal import evidence as kept
from cityforge.portal.accounts import permissions
from cityforge.portal.analytics import grade_files, grades, proceedings
from cityforge.portal.evaluations import actions
from cityforge.portal.evaluations.forms import (
    BeginForm,
    CompareForm,
    ObjectionForm,
    RerunForm,
    RulingForm,
)
from cityforge.portal.shell.guard import needs

_BINARY = "application/octet-stream"
_ON_A_PAGE = 50
_INCOMPLETE = Text(zh="有内容没有填或填得不对", en="Something is missing or wrong.")


@needs("evaluations.view")
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Every scheme of enterprises."""
    may_try = permissions.scope(request.user, "evaluations.try").everything
    page = {"schemes": grades.schemes(), "may_try": may_try}
    return render(request, "evaluations/home.html", page)


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
        "may_try": permissions.scope(request.user, "evaluations.try").everything,
        "may_conduct": permissions.scope(request.user, "evaluations.conduct").everything,
    }
    return render(request, "evaluations/scheme.html", page)


@needs("evaluations.try")
@require_GET
def what_if(request: HttpRequest, scheme: str) -> HttpResponse:
    """The weights and bands of a scheme at other values, and who would move."""
    permissions.check_whole_city(request.user, "evaluations.try")
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
    permissions.check_whole_city(request.user, "evaluations.conduct")
    _known(scheme)
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
    """An enterprise's own results, its data figure by figure, and what it may say to them."""
    codes = sorted(permissions.scope(request.user, "evaluations.speak").enterprises)
    found = []
    for code in codes:
        for line in grades.schemes():
            shown = None if line.is_model else grades.enterprise(line.id, code)
            if shown is None:
                continue
            standing = grades.standing(line.id)
            found.append(
                {
                    "code": code,
                    "scheme": line.id,
                    "shown": shown,
                    "standing": standing,
                    "own": proceedings.own(line.id, code),
                    "facts": grades.facts_of(line.id, code) if standing else [],
                }
            )
    page = {"results": found, "accepted": kept.ACCEPTED}
    return render(request, "evaluations/mine.html", page)


@needs("evaluations.speak")
@require_http_methods(["POST"])
def speak(request: HttpRequest, scheme: str, uscc: str, what: str) -> HttpResponse:
    """An enterprise confirms its data, or objects with evidence."""
    _known(scheme)
    _own(request, uscc)
    if what == "confirm":
        _do(request, lambda: actions.confirm(scheme, uscc, by=request.user))
    elif what == "object":

        def act() -> None:
            said = _clean(ObjectionForm(request.POST))
            right = f"{said['fact']}={said['right']}"
            files = request.FILES.getlist("evidence")[: kept.MOST_FILES]
            actions.object_(
                scheme, uscc, right, reason=str(said["reason"]), files=files, by=request.user
            )

        _do(request, act)
    else:
        raise Http404
    return redirect("evaluations:mine")


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


@needs("evaluations.conduct")
@require_GET
def answers(request: HttpRequest, scheme: str) -> HttpResponse:
    """Which enterprises confirmed their data, objected, kept silent: the list."""
    permissions.check_whole_city(request.user, "evaluations.conduct")
    _known(scheme)
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


@needs("evaluations.files")
@require_GET
def files(request: HttpRequest, scheme: str) -> HttpResponse:
    """What is handed out: letters, the workbook, the files for grid and water companies."""
    permissions.check_whole_city(request.user, "evaluations.files")
    _known(scheme)
    districts, in_order = grade_files.choices(scheme)
    page = {
        "scheme": scheme,
        "standing": grades.standing(scheme),
        "kinds": grade_files.kinds(scheme),
        "districts": districts,
        "grades": in_order,
        "most": grade_files.MOST_LETTERS,
    }
    return render(request, "evaluations/files.html", page)


@needs("evaluations.files")
@require_GET
def file(request: HttpRequest, scheme: str, kind: str) -> HttpResponse:
    permissions.check_whole_city(request.user, "evaluations.files")
    _known(scheme)
    made = grade_files.write(scheme, kind, request.language)
    if made is None:
        raise Http404
    actions.taken(scheme, kind, by=request.user)
    return _download(HttpResponse(made[1], content_type=_BINARY), made[0])


@needs("evaluations.files")
@require_GET
def letters(request: HttpRequest, scheme: str) -> HttpResponse:
    """The letters of a district or a grade, or of all, in one file."""
    permissions.check_whole_city(request.user, "evaluations.files")
    _known(scheme)
    narrowed = {name: request.GET.get(name, "")[:63] for name in ("district", "grade")}
    to = grade_files.addressees(scheme, **narrowed)
    if not 0 < len(to) <= grade_files.MOST_LETTERS:
        words = Text(
            zh=f"有 {len(to):,} 家，一次至多 {grade_files.MOST_LETTERS:,} 家：请缩小范围",
            en=f"{len(to):,} enterprises, at most {grade_files.MOST_LETTERS:,}: narrow it.",
        )
        messages.error(request, words.say(request.language))
        return redirect("evaluations:files", scheme=scheme)
    actions.taken(scheme, "letters", by=request.user, letters=len(to), **narrowed)
    made = grade_files.letters(scheme, to, request.language)
    answer = StreamingHttpResponse(made, content_type="application/zip")
    return _download(answer, f"{scheme}-letters.zip")


@needs("evaluations.papers")
@require_GET
def letter(request: HttpRequest, scheme: str, uscc: str) -> HttpResponse:
    """The letter to one enterprise: its own once the list was shown, any for those who conduct."""
    _known(scheme)
    conducts = permissions.scope(request.user, "evaluations.files").everything
    if not conducts:
        _own(request, uscc)
        own = proceedings.own(scheme, uscc)
        if own is None or not own.is_shown:
            raise Http404
    made = grade_files.letter(scheme, uscc, request.language)
    if made is None:
        raise Http404
    actions.taken(scheme, "letter", by=request.user, about=uscc)
    return _download(HttpResponse(made, content_type="application/pdf"), f"{uscc}.pdf")


@needs("evaluations.papers")
@require_GET
def evidence(request: HttpRequest, scheme: str, name: str) -> HttpResponse:
    """A file that was shown in an objection: to those who rule, and to whose it is."""
    _known(scheme)
    if permissions.scope(request.user, "evaluations.conduct").everything:
        allowed = proceedings.evidence(scheme)
    else:
        codes = permissions.scope(request.user, "evaluations.speak").enterprises
        allowed = {each for code in codes for each in proceedings.evidence(scheme, code)}
    found = kept.find(name) if name in allowed else None
    if found is None:
        raise Http404
    actions.taken(scheme, "evidence", by=request.user, name=name)
    return _download(HttpResponse(found.read_bytes(), content_type=_BINARY), name)


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


def _own(request: HttpRequest, uscc: str) -> None:
    if uscc not in permissions.scope(request.user, "evaluations.speak").enterprises:
        raise Http404  # whether there is such an enterprise is nobody else's business


def _states(found: proceedings.Answers | None) -> list[tuple[str, Text, str, int]]:
    """Every state of an answer with how many are in it."""
    counts = found.counts if found else {}
    return [(*one, counts.get(one[0], 0)) for one in proceedings.states()]


def _by_default(known: list[grades.Line], years: list[int]) -> dict[str, object]:
    """The first scheme, this year against the one before."""
    first = known[0].id if known else ""
    newest = years[0] if years else 0
    before = years[1] if len(years) > 1 else newest
    return {"first": first, "second": first, "first_year": before, "second_year": newest}


def _download(answer: HttpResponse | StreamingHttpResponse, name: str) -> HttpResponse:
    disposition = content_disposition_header(as_attachment=True, filename=name)
    answer.headers["Content-Disposition"] = disposition or "attachment"
    return answer


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
