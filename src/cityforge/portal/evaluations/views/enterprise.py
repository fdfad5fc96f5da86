"""An enterprise's own result, and what it says to it; the public list."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from cityforge.portal import evidence as kept
from cityforge.portal.accounts import permissions
from cityforge.portal.analytics import grades, numbers, proceedings
from cityforge.portal.evaluations import actions
from cityforge.portal.evaluations.forms import (
    ObjectionForm,
)
from cityforge.portal.evaluations.views import asking
from cityforge.portal.shell.guard import needs

_ON_A_PAGE = 100  # of a list that is shown to the public


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
    asking.known(scheme)
    asking.own(request, uscc)
    if what == "confirm":
        asking.do(request, lambda: actions.confirm(scheme, uscc, by=request.user))
    elif what == "object":

        def act() -> None:
            said = asking.clean(ObjectionForm(request.POST))
            right = f"{said['fact']}={said['right']}"
            files = request.FILES.getlist("evidence")[: kept.MOST_FILES]
            actions.object_(
                scheme, uscc, right, reason=str(said["reason"]), files=files, by=request.user
            )

        asking.do(request, act)
    else:
        raise Http404
    return redirect("evaluations:mine")


@needs("evaluations.publicity")
@require_GET
def publicity(request: HttpRequest) -> HttpResponse:
    """The lists that are shown to the public, without signing in."""
    search = request.GET.get("name", "").strip()[:60]
    asked = request.GET.get("page", "1")
    first = _ON_A_PAGE * (int(asked[:6]) - 1) if asked.isascii() and asked.isdigit() else 0
    found = [
        grades.publicity(line.id, search, first=max(first, 0), most=_ON_A_PAGE)
        for line in grades.schemes()
    ]
    lists = [
        (
            one,
            numbers.addresses(one.scheme, str(one.version)),
            Paginator(range(one.total), _ON_A_PAGE).get_page(asked),
        )
        for one in found
        if one is not None
    ]
    page = {"lists": lists, "search": search}
    return render(request, "evaluations/publicity.html", page)
