"""The trail for the auditor, the state of the system for its administrator."""

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Query, Router

from cityforge.portal.analytics import city_folder as folder
from cityforge.portal.api import lists
from cityforge.portal.api.lists import Limit, Offset
from cityforge.portal.api.route import route
from cityforge.portal.api.shapes.answers import Page, words
from cityforge.portal.api.shapes.oversight import ChainOut, EventOut, FolderOut, SystemOut
from cityforge.portal.audit import queries as trail
from cityforge.portal.system import queries as system

router = Router(tags=["审计与系统 · Oversight"])


def _said(zh: str, en: str, example: str) -> Any:
    return Query("", max_length=128, description=f"{zh} · {en}", examples=[example])


@route(
    router, "GET", "/audit", "audit.view",
    zh="审计轨迹，新的在前", en="The audit trail, the newest first", out=Page[EventOut],
)  # fmt: skip
def audit(
    request: HttpRequest,
    action: str = _said("动作", "What was done", "enterprises.downloaded"),
    actor: str = _said("用户名", "User name", "analyst"),
    about: str = _said("对象", "To what", ""),
    limit: Limit = 50,
    offset: Offset = 0,
) -> Any:
    """Every change; each event with its digest and that of the one before."""
    found = trail.trail(action=action.strip(), actor=actor.strip(), about=about.strip())
    return lists.page(
        request,
        found.count(),
        lambda start, stop: found[start:stop],
        EventOut.model_validate,
        limit=limit,
        offset=offset,
    )


@route(
    router, "GET", "/audit/chain", "audit.view",
    zh="校验审计链条", en="Verify the chain of the trail", out=ChainOut,
)  # fmt: skip
def chain(request: HttpRequest) -> Any:
    """Reads the whole trail: seconds where it is long."""
    breaks = trail.breaks()
    return {"whole": not breaks, "breaks": breaks}


@route(
    router, "GET", "/system", "system.view",
    zh="后台任务与版本", en="Background tasks and versions", out=SystemOut,
)  # fmt: skip
def state(request: HttpRequest) -> Any:
    """What the page of the system admin shows of them."""
    return {
        "counts": [{"state": words(title), "count": count} for title, _, count in system.counts()],
        "tasks": system.tasks(),
        "versions": [{"title": words(title), "version": said} for title, said in system.versions()],
    }


@route(
    router, "GET", "/system/city-folder", "system.view",
    zh="城市文件夹的问题", en="Problems of the city folder", out=FolderOut, refuses=(404,),
)  # fmt: skip
def city_folder(request: HttpRequest) -> Any:
    """All of it read and checked, with its examples: seconds where it changed."""
    found = folder.state()
    if found is None:
        raise Http404
    return found
