"""What is handed out: letters, tables, evidence. Each download leaves word."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from cityforge.brain.errors import Text
from cityforge.portal.accounts import permissions
from cityforge.portal.analytics import grade_files, grades, proceedings
from cityforge.portal.evaluations import actions
from cityforge.portal.evaluations.views import asking
from cityforge.portal.shell.guard import needs

_BINARY = "application/octet-stream"


@needs("evaluations.files")
@require_GET
def files(request: HttpRequest, scheme: str) -> HttpResponse:
    """What is handed out: letters, the workbook, the files for grid and water companies."""
    permissions.check_whole_city(request.user, "evaluations.files")
    asking.known(scheme)
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
    asking.known(scheme)
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
    asking.known(scheme)
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
    asking.known(scheme)
    conducts = permissions.scope(request.user, "evaluations.files").everything
    if not conducts:
        asking.own(request, uscc)
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
    asking.known(scheme)
    found = actions.take_evidence(scheme, name, by=request.user)
    if found is None:
        raise Http404
    return _download(HttpResponse(found.read_bytes(), content_type=_BINARY), name)


def _download(answer: HttpResponse | StreamingHttpResponse, name: str) -> HttpResponse:
    disposition = content_disposition_header(as_attachment=True, filename=name)
    answer.headers["Content-Disposition"] = disposition or "attachment"
    return answer
