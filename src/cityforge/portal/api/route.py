"""How a route of the API is written: its action, its words, its answers, in one place."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from cityforge.brain.errors import Text
from cityforge.portal.accounts import permissions
from cityforge.portal.api import tags
from cityforge.portal.api.shapes.answers import Problem

ROOT = "/api/v1/"
View = Callable[..., Any]
JSON = "application/json"
CSV = "text/csv"
PARQUET = "application/vnd.apache.parquet"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ANY_FILE = "application/octet-stream"
KINDS = {"json": JSON, "csv": CSV, "parquet": PARQUET, "xlsx": XLSX}
"""The formats of a list by the name that ?format= takes."""


@dataclass(frozen=True, slots=True)
class Route:
    """What the document, the door and the reference page know of a route.

    kinds  content types that it answers with beside JSON
    """

    action: str
    says: Text
    kinds: tuple[str, ...]


ROUTES: dict[str, Route] = {}
"""By the name of the address, which is that of the function."""


def route(
    router: Router,
    method: str,
    path: str,
    action: str,
    *,
    zh: str,
    en: str,
    out: Any,
    status: int = 200,
    of_run: bool = False,
    kinds: tuple[str, ...] = (),
    refuses: tuple[int, ...] = (),
) -> Callable[[View], View]:
    """Make a function a route.

    of_run   its JSON rests on the newest run alone: who holds it already is told so unread
    kinds    content types beside JSON, or instead of it where `out` is None
    refuses  statuses beside those that any route may give
    """

    def made(view: View) -> View:
        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if not of_run or kwargs.get("format") not in (None, "json"):
                return view(request, *args, **kwargs)
            tag = tags.of_run(request)
            if tags.fits(request, tag):
                return tags.not_modified(tag)
            found = view(request, *args, **kwargs)
            if isinstance(found, HttpResponse):
                return found
            request.run_tag = tag  # type: ignore[attr-defined]
            return found

        is_public = permissions.ACTIONS[action] == permissions.PUBLIC
        refused = {422, 429, 401, *refuses} | (set() if is_public else {403})
        if "{" in path:
            refused.add(404)
        router.api_operation(
            [method],
            path,
            response={status: out, **dict.fromkeys(sorted(refused), Problem)},
            summary=f"{zh} · {en}",
            url_name=view.__name__,
            operation_id=view.__name__,
            openapi_extra={"security": [{"token": []}] if not is_public else [{}, {"token": []}]},
        )(answered)
        ROUTES[view.__name__] = Route(action, Text(zh=zh, en=en), kinds)
        return view

    return made
