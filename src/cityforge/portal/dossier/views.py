"""The file of one enterprise: its first page, its parts, its PDF. Another's is not there."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from cityforge.portal.accounts import permissions
from cityforge.portal.dossier import actions, queries
from cityforge.portal.dossier.queries import Reader
from cityforge.portal.enterprises import queries as enterprises
from cityforge.portal.shell.guard import needs


def _reader(request: HttpRequest, uscc: str) -> Reader:
    found = queries.reader(request.user, uscc)
    if found is None:
        raise Http404
    return found


def _part(request: HttpRequest, of: Reader, name: str, **told: object) -> HttpResponse:
    """A part by itself where htmx asks for it, else as a page."""
    base = "dossier/part.html" if request.htmx else "dossier/page.html"  # type: ignore[attr-defined]
    return render(request, f"dossier/{name}.html", {"reader": of, "base": base, **told})


@needs("dossier.mine")
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """One's own enterprise, or the choice among several."""
    own = enterprises.mine(request.user)
    if len(own) == 1:
        return redirect("dossier:file", uscc=own[0].uscc)
    return render(request, "dossier/mine.html", {"enterprises": own})


@needs("dossier.view")
@require_GET
def file(request: HttpRequest, uscc: str) -> HttpResponse:
    """Identity, grades, lists, policies; the rest opens below."""
    of = _reader(request, uscc)
    found = queries.file(of)
    if found is None:
        raise Http404
    may_merge = permissions.allows(request.user, "enterprises.merge")
    return render(
        request, "dossier/file.html", {"file": found, "reader": of, "may_merge": may_merge}
    )


@needs("dossier.view")
@require_GET
def facts(request: HttpRequest, uscc: str) -> HttpResponse:
    """Every fact by year, with its source and how to correct it."""
    of = _reader(request, uscc)
    own = permissions.scope(request.user, "corrections.ask").enterprises
    may_correct = of.enterprise.uscc in own
    return _part(request, of, "facts", known=queries.facts(of), may_correct=may_correct)


@needs("dossier.view")
@require_GET
def grades(request: HttpRequest, uscc: str) -> HttpResponse:
    """Why this grade, what would change it, how sure, who is alike."""
    of = _reader(request, uscc)
    return _part(request, of, "grades", grades=queries.grades(of, request.user))


@needs("dossier.view")
@require_GET
def policies(request: HttpRequest, uscc: str) -> HttpResponse:
    """The policy check-up."""
    of = _reader(request, uscc)
    language = request.language  # type: ignore[attr-defined]
    return _part(request, of, "policies", check_up=queries.check_up(of, language))


@needs("dossier.view")
@require_GET
def ladder(request: HttpRequest, uscc: str) -> HttpResponse:
    """Where it stands on the ladder of titles."""
    of = _reader(request, uscc)
    return _part(request, of, "ladder", tables=queries.ladder(of))


@needs("dossier.view")
@require_GET
def check_up_pdf(request: HttpRequest, uscc: str) -> HttpResponse:
    """The check-up on paper."""
    of = _reader(request, uscc)
    made = queries.check_up_pdf(of, request.language)  # type: ignore[attr-defined]
    if made is None:
        raise Http404
    actions.taken(request.user, of.enterprise.uscc)
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="check-up-{of.enterprise.uscc}.pdf"'
    return answer
