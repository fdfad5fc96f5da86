"""The city and its newest run, the desk, and whose token it is."""

from importlib.metadata import version
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router

from cityforge.portal.accounts import permissions, roles
from cityforge.portal.analytics import city as analytics
from cityforge.portal.analytics.overview import desk as overview
from cityforge.portal.api.route import route
from cityforge.portal.api.shapes.city import CityOut, DeskOut, MeOut, RoleOut

router = Router(tags=["城市 · City"])


@route(
    router, "GET", "/city", "api.city",
    zh="城市与最新一次运行", en="The city and its newest run", out=CityOut,
)  # fmt: skip
def city(request: HttpRequest) -> Any:
    """Open to all: what every page says of its data."""
    newest = analytics.newest()
    if newest is None:
        nothing = dict.fromkeys(("city", "run", "as_of", "year"))
        return {**nothing, "simulated": False, "version": version("cityforge")}
    return {
        "city": newest.city,
        "run": str(newest.snapshot.run["run_id"]),
        "as_of": newest.as_of,
        "year": newest.snapshot.year,
        "simulated": newest.simulated,
        "version": version("cityforge"),
    }


@route(
    router, "GET", "/desk", "desk.view",
    zh="全市或本地区一览", en="The city, or one's districts, at a glance", out=DeskOut,
    of_run=True, refuses=(404,),
)  # fmt: skip
def desk(request: HttpRequest) -> Any:
    """What the first page of leaders and analysts says."""
    scope = permissions.scope(request.user, "desk.view")
    found = overview.desk(None if scope.everything else scope.districts)
    if found is None:
        raise Http404
    return found


@route(
    router, "GET", "/me", "api.me",
    zh="令牌和它的账号", en="The token and its account", out=MeOut,
)  # fmt: skip
def me(request: HttpRequest) -> Any:
    """Whose token it is, and for what."""
    token = request.token  # type: ignore[attr-defined]
    return {
        "username": token.user.username,
        "name": token.user.shown,
        "token": token.name,
        "scopes": token.scopes,
        "expires_on": token.expires_on,
        "roles": [
            RoleOut(
                role=one.role,
                title=roles.ROLES[one.role],
                organisation=one.organisation.title,
                code=one.organisation.code,
                ends=one.ends,
            )
            for one in permissions.memberships(request.user)
            if one.role in roles.ROLES
        ],
    }
