"""Tags of answers (ETag): the same tag, the same bytes, for readers who may see the same.

A tag is made of the run, of who may see what, and of what was asked; where an answer rests on more
than the run, of its bytes too. No tag of one reader fits the answer to another with another scope.
"""

import hashlib
from functools import lru_cache
from importlib.metadata import version

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from cityforge.portal.accounts import permissions
from cityforge.portal.analytics import dossiers


def of_run(request: HttpRequest) -> str:
    """The tag of an answer that rests on the newest run alone."""
    return _tag(request, dossiers.run().encode())


def of_bytes(request: HttpRequest, content: bytes) -> str:
    return _tag(request, content)


def fits(request: HttpRequest, tag: str) -> bool:
    """Whether the reader holds that answer already."""
    held = request.headers.get("If-None-Match", "")
    return tag in [one.strip().removeprefix("W/") for one in held.split(",")]


def not_modified(tag: str) -> HttpResponse:
    return HttpResponse(status=304, headers={"ETag": tag})


def leave(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Tag a whole JSON answer by its bytes, unless it has a tag; 304 where its reader has it."""
    if request.method != "GET" or response.status_code != 200 or response.streaming:
        return response
    if not isinstance(response, HttpResponse) or "Content-Disposition" in response:
        return response
    tag = getattr(request, "run_tag", None) or of_bytes(request, response.content)
    if fits(request, tag):
        return not_modified(tag)
    response["ETag"] = tag
    return response


def _tag(request: HttpRequest, more: bytes) -> str:
    held = sorted(
        f"{one.role} {one.organisation.kind} {one.organisation.code}"
        for one in permissions.memberships(request.user)
    )
    token = getattr(request, "token", None)
    uses = sorted(token.scopes) if token else []
    asked = request.get_full_path()
    made = hashlib.sha256()
    for part in (_version(), asked, request.headers.get("Accept", ""), *held, "·", *uses):
        made.update(part.encode() + b"\0")
    made.update(more)
    return f'"{made.hexdigest()[:32]}"'


@lru_cache(maxsize=1)
def _version() -> str:
    return version("cityforge")
