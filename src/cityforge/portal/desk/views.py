"""The first page of each reader."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from cityforge.portal.accounts import permissions
from cityforge.portal.analytics import city
from cityforge.portal.shell.guard import needs


@needs("desk.home")
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The desk of those who have one; one's own page for the others."""
    if not permissions.allows(request.user, "desk.view"):
        return redirect("accounts:me")
    scope = permissions.scope(request.user, "desk.view")
    chosen = None if scope.everything else scope.districts
    return render(request, "desk/home.html", {"desk": city.desk(chosen)})
