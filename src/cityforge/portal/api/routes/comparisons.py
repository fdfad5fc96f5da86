"""Schemes or years side by side, and a scheme at other weights: who moves."""

from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Query, Router

from cityforge.portal.accounts import permissions
from cityforge.portal.analytics import grades
from cityforge.portal.api.route import route
from cityforge.portal.api.routes.evaluations import SchemeId, scheme_full
from cityforge.portal.api.shapes.answers import table, words
from cityforge.portal.api.shapes.evaluations import SchemeFull
from cityforge.portal.api.shapes.proceedings import FieldOut, WhatIfOut

router = Router(tags=["评价 · Evaluation"])
_CHANGE = r"^[a-zA-Z0-9_.\-]{1,80}=[0-9.]{1,20}$"


def _scheme(zh: str, en: str) -> Any:
    return Query(
        ..., max_length=63, pattern=r"^[-a-zA-Z0-9_]+$", description=f"{zh} · {en}",
        examples=["lanhe_2025"],
    )  # fmt: skip


def _year(zh: str, en: str, example: int) -> Any:
    return Query(..., ge=1990, le=2200, description=f"{zh} · {en}", examples=[example])


@route(
    router, "GET", "/evaluations/compare", "evaluations.try",
    zh="两个方案或两个年度比，谁升谁降", en="Two schemes, or two years, side by side",
    out=SchemeFull, of_run=True, refuses=(404,),
)  # fmt: skip
def compare(
    request: HttpRequest,
    first: str = _scheme("前一个方案", "The first scheme"),
    second: str = _scheme("后一个方案", "The second scheme"),
    first_year: int = _year("前一个年度", "Year of the first", 2023),
    second_year: int = _year("后一个年度", "Year of the second", 2024),
) -> Any:
    """Who moves between them, by district, and whom it leans on. Nothing is changed by it."""
    permissions.check_whole_city(request.user, "evaluations.try")
    if not (grades.exists(first) and grades.exists(second)):
        raise Http404
    return scheme_full(grades.compared(first, second, years=(first_year, second_year)))


@route(
    router, "GET", "/evaluations/{scheme}/what-if", "evaluations.try",
    zh="换一组权重或比例，谁升谁降", en="A scheme at other weights and shares: who moves",
    out=WhatIfOut, of_run=True,
)  # fmt: skip
def what_if(
    request: HttpRequest,
    scheme: str = SchemeId,
    change: list[Annotated[str, Query(pattern=_CHANGE)]] = Query(  # noqa: B008
        [], max_length=40, description="试改，如 weight.tax=30，可写多个 · What to try, many times",
        examples=[["weight.tax=30"]],
    ),
) -> Any:  # fmt: skip
    """What may be tried, and what that would do. Nothing is changed by it."""
    permissions.check_whole_city(request.user, "evaluations.try")
    if not grades.exists(scheme):
        raise Http404
    shown = grades.what_if(scheme, change) if change else None
    return WhatIfOut(
        fields=[
            FieldOut(name=one.name, title=words(one.title), value=one.value)
            for one in grades.fields(scheme)
        ],
        says=[words(one) for one in shown.words] if shown else [],
        tables=[table(one) for one in shown.tables] if shown else [],
    )
