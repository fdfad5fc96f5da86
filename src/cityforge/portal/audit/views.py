"""The auditor's page."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cityforge.portal.audit import queries, words
from cityforge.portal.shell.guard import needs

PAGE = 50


@needs("audit.view")
@require_GET
def trail(request: HttpRequest) -> HttpResponse:
    """The trail, newest first, and whether its chain holds where that is asked."""
    asked = {name: request.GET.get(name, "").strip()[:128] for name in ("action", "actor", "about")}
    pages = Paginator(queries.trail(**asked), PAGE)
    breaks = queries.breaks() if request.GET.get("verify") else None
    page = pages.get_page(request.GET.get("page"))
    told = {
        "page": page,
        "rows": [
            (one, words.action(one.action), words.kind(one.kind), words.details(one.detail))
            for one in page
        ],
        "actions": sorted(words.ACTIONS.items(), key=lambda pair: pair[0]),
        "asked": asked,
        "breaks": breaks,
        "last": queries.last() if breaks == [] else None,
    }
    return render(request, "audit/trail.html", told)
