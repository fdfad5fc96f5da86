"""The system admin's page; what takes seconds comes in by itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cityforge.portal.analytics import city_folder
from cityforge.portal.shell.guard import needs
from cityforge.portal.system import checks, queries


@needs("system.view")
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Settings, tasks, storage, versions."""
    found = [
        checks.secret(),
        checks.hosts(),
        checks.https(),
        checks.database(),
        checks.migrated(),
        checks.administrator(),
        checks.disk(),
        checks.snapshot(),
    ]
    page = {
        "checks": found,
        "counts": queries.counts(),
        "tasks": queries.tasks(),
        "storage": queries.storage(),
        "versions": queries.versions(),
    }
    return render(request, "system/home.html", page)


@needs("system.view")
@require_GET
def folder(request: HttpRequest) -> HttpResponse:
    """The Problems of the city folder, all of which is read and checked: a part of the page, or
    without a script a page."""
    name = "folder" if request.htmx else "folder_page"  # type: ignore[attr-defined]
    return render(request, f"system/{name}.html", {"state": city_folder.state()})
