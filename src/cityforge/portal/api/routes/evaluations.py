"""Evaluations: schemes, results by year, proceedings, one's own; the public list, open to all."""

from typing import Any

import pyarrow as pa
from django.http import Http404, HttpRequest
from ninja import Path, Query, Router

from cityforge.brain.errors import Text
from cityforge.portal.accounts import permissions
from cityforge.portal.analytics import grades, results
from cityforge.portal.analytics.grades import Shown
from cityforge.portal.analytics.results import Line
from cityforge.portal.api import actions, lists, scopes
from cityforge.portal.api.lists import Columns, Format, Language, Limit, Listing, Offset
from cityforge.portal.api.route import CSV, PARQUET, XLSX, route
from cityforge.portal.api.shapes.answers import Page, table, words
from cityforge.portal.api.shapes.evaluations import (
    OwnResult,
    PublicList,
    PublicRow,
    ResultRow,
    SchemeFull,
    SchemeOut,
    StandingOut,
)

router = Router(tags=["评价 · Evaluation"])
_TABLES = (CSV, PARQUET, XLSX)
_RESULTS = Columns(
    ("uscc", "name", "district", "part", "status", "grade", "total", "rank", "ranked", "reason"),
    (
        Text(zh="统一社会信用代码", en="credit code"),
        Text(zh="企业名称", en="name"),
        Text(zh="区县代码", en="district"),
        Text(zh="组别", en="part"),
        Text(zh="参评状态", en="status"),
        Text(zh="等次", en="grade"),
        Text(zh="总分", en="total"),
        Text(zh="组内名次", en="rank"),
        Text(zh="组内家数", en="ranked"),
        Text(zh="未定级原因", en="reason"),
    ),
    lambda one: _line(one),
    {"total": pa.float64(), "rank": pa.int64(), "ranked": pa.int64()},
)
_PUBLIC = Columns(
    ("name", "part", "status", "grade", "reason"),
    (
        Text(zh="企业名称", en="name"),
        Text(zh="组别", en="part"),
        Text(zh="参评状态", en="status"),
        Text(zh="等次", en="grade"),
        Text(zh="未定级原因", en="reason"),
    ),
    lambda one: _public_line(one),
)
SchemeId = Path(..., max_length=63, pattern=r"^[-a-zA-Z0-9_]+$",
                description="方案代码 · Id of the scheme", examples=["lanhe_2025"])  # fmt: skip
Year = Path(..., ge=2000, le=2100, description="评价年度 · The year evaluated", examples=[2024])


@route(
    router, "GET", "/evaluations", "evaluations.view",
    zh="评价方案", en="Schemes", out=list[SchemeOut], of_run=True,
)  # fmt: skip
def evaluations(request: HttpRequest) -> Any:
    """Those that ran first, then the models of other places."""
    return [
        SchemeOut(
            id=one.id,
            title=words(one.title),
            year=one.year,
            is_model=one.is_model,
            evidence=one.evidence,
            years=results.years(one.id),
        )
        for one in grades.schemes()
    ]


@route(
    router, "GET", "/evaluations/mine", "evaluations.speak",
    zh="本企业的评价结果", en="Results of one's own enterprise", out=list[OwnResult],
)  # fmt: skip
def own_results(request: HttpRequest) -> Any:
    """With its own points; nothing of others. Confidential: the token needs that use."""
    scopes.check(request.user, "facts.confidential")
    own = sorted(permissions.scope(request.user, "evaluations.speak").enterprises)
    found = []
    for code in own:
        for line in grades.schemes():
            shown = None if line.is_model else grades.enterprise(line.id, code)
            if shown is not None:
                told = scheme_full(shown).model_dump()
                found.append(OwnResult(uscc=code, scheme=line.id, **told))
    return found


@route(
    router, "GET", "/evaluations/{scheme}", "evaluations.view",
    zh="一个方案的结果和影响", en="The result of a scheme and its effects", out=SchemeFull,
    of_run=True,
)  # fmt: skip
def evaluation(request: HttpRequest, scheme: str = SchemeId) -> Any:
    """Of the whole city; of one's districts the counts alone."""
    _known(scheme)
    return scheme_full(grades.result(scheme, _districts(request)))


@route(
    router, "GET", "/evaluations/{scheme}/years/{year}", "evaluations.view",
    zh="一个年度逐家的结果", en="The results of a year, enterprise by enterprise",
    out=Page[ResultRow], kinds=_TABLES, refuses=(406, 413), of_run=True,
)  # fmt: skip
def year_results(
    request: HttpRequest,
    scheme: str = SchemeId,
    year: int = Year,
    grade: str = Query("", max_length=8, description="只看一个等次 · Of one grade",
                       examples=["A"]),
    format: Format = None,
    limit: Limit = 50,
    offset: Offset = 0,
    lang: Language = "zh",
) -> Any:  # fmt: skip
    """By credit code, of one's own districts alone."""
    found = results.results(scheme, year, _districts(request), grade=grade)
    if found is None:
        raise Http404
    listing = Listing(
        name=f"{scheme}-{year}",
        title=Text(zh="评价结果", en="Results"),
        total=found.total,
        stretch=found.stretch,
        columns=_RESULTS,
        shape=ResultRow.model_validate,
        taken=lambda form, count: actions.exported(
            request.user, f"{scheme}-{year}", form=form, rows=count, grade=grade
        ),
    )
    return lists.answer(request, listing, limit=limit, offset=offset, form=format, language=lang)


@route(
    router, "GET", "/evaluations/{scheme}/proceeding", "evaluations.conduct",
    zh="评价程序走到哪一步", en="How the proceedings stand", out=StandingOut,
)  # fmt: skip
def proceeding(request: HttpRequest, scheme: str = SchemeId) -> Any:
    """For those who conduct the evaluation."""
    _known(scheme)
    found = grades.standing(scheme)
    if found is None:
        raise Http404
    return StandingOut(
        stage=found.stage,
        title=words(found.title),
        says=[words(one) for one in found.words],
        tables=[table(one) for one in found.tables],
        versions=found.versions,
        may_object=found.may_object,
    )


@route(
    router, "GET", "/publicity", "evaluations.publicity",
    zh="公示中的名单", en="Lists shown to the public", out=list[PublicList],
)  # fmt: skip
def publicity(request: HttpRequest) -> Any:
    """Open to all."""
    found = [grades.publicity(line.id) for line in grades.schemes()]
    return [
        PublicList(**{name: getattr(one, name) for name in PublicList.model_fields})
        for one in found
        if one is not None
    ]


@route(
    router, "GET", "/publicity/{scheme}", "evaluations.publicity",
    zh="公示名单的内容", en="What a public list says", out=Page[PublicRow],
    kinds=_TABLES, refuses=(406, 413),
)  # fmt: skip
def public_list(
    request: HttpRequest,
    scheme: str = SchemeId,
    name: str = Query("", max_length=60, description="名称中的字 · Words of the name",
                      examples=["机械"]),
    format: Format = None,
    limit: Limit = 50,
    offset: Offset = 0,
    lang: Language = "zh",
) -> Any:  # fmt: skip
    """Names and grades, no business figures; open to all."""
    known = grades.exists(scheme)
    found = grades.publicity(scheme, name.strip(), most=lists.MOST) if known else None
    if found is None:
        raise Http404
    listing = Listing(
        name=f"public-{scheme}",
        title=Text(zh="公示名单", en="Public list"),
        total=len(found.rows),
        is_more=found.total > len(found.rows),
        stretch=lambda start, stop: found.rows[start:stop],
        columns=_PUBLIC,
        shape=_public,
    )
    return lists.answer(request, listing, limit=limit, offset=offset, form=format, language=lang)


def _known(scheme: str) -> None:
    if not grades.exists(scheme):
        raise Http404


def _districts(request: HttpRequest) -> frozenset[str] | None:
    scope = permissions.scope(request.user, "evaluations.view")
    return None if scope.everything else scope.districts


def scheme_full(found: Shown) -> SchemeFull:
    """Sentences and tables of a result, as the page shows them."""
    return SchemeFull(
        title=words(found.title),
        year=found.year,
        says=[words(one) for one in found.words],
        tables=[table(one) for one in found.tables],
    )


def _line(one: Line) -> tuple[str, ...]:
    plain = (one.uscc, one.name, one.district, one.part, one.status, one.grade)
    figures = ("" if value is None else str(value) for value in (one.total, one.rank, one.ranked))
    return (*plain, *figures, one.reason.zh if one.reason else "")


def _public(row: dict[str, Any]) -> PublicRow:
    why = row["reason"]
    return PublicRow(
        name=row["name"] or "",
        part=words(row["part"]) if row["part"] else None,
        status=row["status"],
        grade=row["grade"],
        reason=words(Text(zh=why, en=row["reason_en"] or why)) if why else None,
    )


def _public_line(row: dict[str, Any]) -> tuple[str, ...]:
    told = _public(row)
    return (
        told.name,
        told.part.zh if told.part else "",
        told.status,
        told.grade or "",
        told.reason.zh if told.reason else "",
    )
