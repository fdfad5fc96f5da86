"""Runs of the whole city: looked at beforehand, started, followed. A person puts one in force."""

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Path, Query, Router, Status

from cityforge.brain.errors import Text
from cityforge.portal.accounts import permissions
from cityforge.portal.analytics.runs import Effect
from cityforge.portal.api import lists
from cityforge.portal.api.lists import Limit, Offset
from cityforge.portal.api.route import route
from cityforge.portal.api.shapes.answers import Fault, Page, table, words
from cityforge.portal.api.shapes.runs import BeforeOut, EffectOut, RunFull, RunOut, StartIn
from cityforge.portal.runs import actions, queries
from cityforge.portal.runs.queries import Shown

router = Router(tags=["评价计算 · Runs"])
RunId = Path(..., ge=1, le=2**31, description="计算的编号 · Number of the run", examples=[1])


@route(
    router, "GET", "/runs", "runs.view",
    zh="评价计算，新的在前", en="Runs, the newest first", out=Page[RunOut],
)  # fmt: skip
def runs(request: HttpRequest, limit: Limit = 50, offset: Offset = 0) -> Any:
    """Those started on the web, with what became of each."""
    permissions.check_whole_city(request.user, "runs.view")
    return lists.page(
        request,
        queries.count(),
        lambda start, stop: queries.runs(request.user, start=start, stop=stop),
        lambda one: RunOut(**_told(one)),
        limit=limit,
        offset=offset,
    )


@route(
    router, "GET", "/runs/preview", "runs.view",
    zh="开始之前看谁会动", en="Whom a run would move, before it is started", out=BeforeOut,
    refuses=(404,),
)  # fmt: skip
def preview_run(
    request: HttpRequest,
    scheme: str = Query(..., max_length=63, pattern=r"^[-a-zA-Z0-9_]+$",
                        description="方案代码 · Id of the scheme", examples=["lanhe_2025"]),
    year: int = Query(..., ge=1990, le=2200, description="评价年度 · The year", examples=[2024]),
) -> Any:  # fmt: skip
    """By the data in force; what was supplied since is told, not computed."""
    permissions.check_whole_city(request.user, "runs.view")
    if scheme not in {one.id for one in queries.schemes()}:
        raise Http404
    found = queries.before(scheme, year)
    return BeforeOut(
        scheme=found.scheme,
        year=found.year,
        changed=[words(one) for one in found.changed],
        in_force=found.is_in_force,
        effect=_effect(found.effect),
        ruled=found.ruled,
        declared=found.declared,
        problems=[_fault(what, hint) for what, hint in found.wrong],
    )


@route(
    router, "POST", "/runs/start", "runs.start", status=201,
    zh="开始计算", en="Start a run", out=RunFull, refuses=(400, 409),
)  # fmt: skip
def start_run(request: HttpRequest, given: StartIn) -> Any:
    """One at a time. Ask for it until `working` is false; a person puts it in force on the page."""
    made = actions.start(request.user, given.scheme, given.year)
    return Status(201, _full(request, made.pk))


@route(
    router, "GET", "/runs/{number}", "runs.view",
    zh="一次计算：进度、谁升谁降", en="A run: how far it is, whom it moves", out=RunFull,
)  # fmt: skip
def run(request: HttpRequest, number: int = RunId) -> Any:
    """Where it was refused, why and what to do."""
    return _full(request, number)


@route(
    router, "POST", "/runs/{number}/cancel", "runs.start",
    zh="取消计算", en="Cancel a run", out=RunFull, refuses=(409,),
)  # fmt: skip
def cancel_run(request: HttpRequest, number: int = RunId) -> Any:
    """While it is at work; what is in force stays."""
    _full(request, number)
    actions.cancel(request.user, number)
    return _full(request, number)


def _full(request: HttpRequest, number: int) -> RunFull:
    permissions.check_whole_city(request.user, "runs.view")
    found = queries.run(number)
    if found is None:
        raise Http404
    shown = queries.shown(request.user, found)
    return RunFull(
        **_told(shown),
        effect=_effect(shown.effect),
        notes=[words(one) for one in shown.notes],
        problems=[_fault(what, hint) for what, hint in shown.problems],
        may=sorted(shown.may),
    )


def _told(shown: Shown) -> dict[str, Any]:
    one = shown.run
    plain = ("scheme", "year", "as_of", "state", "progress", "before", "started_at", "ended_at")
    return {
        "id": one.pk,
        **{name: getattr(one, name) for name in plain},
        "state_title": words(shown.state),
        "next": words(shown.next),
        "working": shown.is_working,
        "stalled": shown.is_stalled,
        "doing": words(shown.doing),
        "in_force": shown.is_current,
        "snapshot": one.run,
        "started_by": one.started_by.shown,
    }


def _effect(found: Effect | None) -> EffectOut | None:
    if found is None:
        return None
    return EffectOut(
        up=found.up,
        down=found.down,
        says=[words(one) for one in found.words],
        tables=[table(one) for one in found.tables],
    )


def _fault(what: Text, hint: Text | None) -> Fault:
    zh, en = (f"；{hint.zh}", f"; {hint.en}") if hint else ("", "")
    return Fault(
        where="", what=f"{what.zh}{zh}".rstrip("；"), what_en=f"{what.en}{en}".rstrip("; ")
    )
