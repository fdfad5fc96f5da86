"""The auditor's page."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cityforge.portal.audit import queries
from cityforge.portal.shell.guard import needs

PAGE = 50


@needs("audit.view")
@require_GET
def trail(request: HttpRequest) -> HttpResponse:
    """The trail, newest first, and whether its chain holds where that is asked."""
    asked = {name: request.GET.get(name, "").strip()[:128] for name in ("action", "actor", "about")}
    pages = Paginator(queries.trail(**asked), PAGE)
    breaks = queries.breaks() if request.GET.get("verify") else None
    page = {"events": pages.get_page(request.GET.get("page")), "asked": asked, "breaks": breaks}
    return render(request, "audit/trail.html", page)
