"""Proceedings for those who conduct them: who answered, objections; and the files handed out."""

from typing import Any, Literal

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from ninja import Path, Query, Router

from cityforge.brain.errors import Text
from cityforge.portal.accounts import permissions
from cityforge.portal.analytics import grade_files, grades, proceedings
from cityforge.portal.api import actions, lists, scopes
from cityforge.portal.api.lists import Columns, Format, Language, Limit, Listing, Offset
from cityforge.portal.api.route import ANY_FILE, CSV, PARQUET, ROOT, XLSX, route
from cityforge.portal.api.routes.enterprises import Uscc
from cityforge.portal.api.routes.evaluations import SchemeId
from cityforge.portal.api.shapes.answers import Page, words
from cityforge.portal.api.shapes.proceedings import (
    AnswerOut,
    FileKind,
    KnockOnOut,
    ObjectionOut,
    OwnPart,
    PlaceOut,
)
from cityforge.portal.evaluations import actions as evaluations

router = Router(tags=["评价 · Evaluation"])
_PDF = "application/pdf"
_ANSWERS = Columns(
    ("uscc", "name", "district", "state"),
    (
        Text(zh="统一社会信用代码", en="credit code"),
        Text(zh="企业名称", en="name"),
        Text(zh="区县代码", en="district"),
        Text(zh="回应", en="state"),
    ),
    lambda one: (one.uscc, one.name, one.district, one.state),
)


@route(
    router, "GET", "/evaluations/{scheme}/proceeding/answers", "evaluations.conduct",
    zh="哪些企业确认、异议、未回应", en="Who confirmed, objected, kept silent",
    out=Page[AnswerOut], kinds=(CSV, PARQUET, XLSX), refuses=(406, 413),
)  # fmt: skip
def answers(
    request: HttpRequest,
    scheme: str = SchemeId,
    district: str = Query("", max_length=64, description="区县代码 · Id of a district",
                          examples=["qingyu"]),
    state: Literal["", "confirmed", "objected", "silent"] = Query(
        "", description="只看一种回应 · Of one state", examples=["silent"]
    ),
    format: Format = None,
    limit: Limit = 50,
    offset: Offset = 0,
    lang: Language = "zh",
) -> Any:  # fmt: skip
    """Of everybody that the scheme looks at."""
    _conducts(request, scheme)
    found = proceedings.answers(scheme)
    if found is None:
        raise Http404
    rows = [
        one for one in found.rows
        if district in ("", one.district) and state in ("", one.state)
    ]  # fmt: skip
    listing = Listing(
        f"{scheme}-answers",
        Text(zh="企业回应", en="Answers"),
        len(rows),
        lambda start, stop: rows[start:stop],
        _ANSWERS,
        AnswerOut.model_validate,
        taken=lambda form, count: actions.exported(
            request.user, f"{scheme}-answers", form=form, rows=count, district=district, state=state
        ),
    )
    return lists.answer(request, listing, limit=limit, offset=offset, form=format, language=lang)


@route(
    router, "GET", "/evaluations/{scheme}/proceeding/objections", "evaluations.conduct",
    zh="异议，待认定的在前", en="Objections, those that wait first", out=list[ObjectionOut],
)  # fmt: skip
def objections(request: HttpRequest, scheme: str = SchemeId) -> Any:
    """With figures of enterprises: the token needs `confidential`. A person rules on the page."""
    _conducts(request, scheme)
    scopes.check(request.user, "facts.confidential")
    return proceedings.objections(scheme)


@route(
    router, "GET", "/evaluations/{scheme}/proceeding/own", "evaluations.speak",
    zh="本企业在评价程序中", en="One's own enterprise in the proceedings", out=list[OwnPart],
)  # fmt: skip
def own_part(request: HttpRequest, scheme: str = SchemeId) -> Any:
    """What it said, what was ruled, who moved. The token needs `confidential`."""
    _known(scheme)
    scopes.check(request.user, "facts.confidential")
    standing = grades.standing(scheme)
    codes = permissions.scope(request.user, "evaluations.speak").enterprises
    found = [(code, proceedings.own(scheme, code)) for code in sorted(codes)] if standing else []
    return [
        OwnPart(
            uscc=code,
            stage=standing.stage,
            state=own.state,
            may_confirm=own.may_confirm,
            may_object=standing.may_object,
            objections=[ObjectionOut.model_validate(one) for one in own.objections],
            place=PlaceOut.model_validate(own.place) if own.place else None,
            moved=KnockOnOut.model_validate(own.moved) if own.moved else None,
            shown=own.is_shown,
        )
        for code, own in found
        if standing is not None and own is not None
    ]


@route(
    router, "GET", "/evaluations/{scheme}/evidence/{name}", "evaluations.papers",
    zh="异议的一份佐证", en="A file of evidence of an objection", out=None, kinds=(ANY_FILE,),
)  # fmt: skip
def objection_evidence(
    request: HttpRequest,
    scheme: str = SchemeId,
    name: str = Path(
        ..., max_length=80, description="佐证文件名 · Name of the file",
        examples=["9f86d081884c7d65.pdf"],
    ),
) -> HttpResponse:  # fmt: skip
    """To those who rule, and to whose it is; it leaves word in the trail."""
    _known(scheme)
    found = evaluations.take_evidence(scheme, name, by=request.user)
    if found is None:
        raise Http404
    return _file(found.read_bytes(), name, ANY_FILE)


@route(
    router, "GET", "/evaluations/{scheme}/files", "evaluations.files",
    zh="可以取的文件：结果表、跟踪表、供电供水等次文件",
    en="Files that are handed out: results, follow-up, grades for grid and water works",
    out=list[FileKind],
)  # fmt: skip
def evaluation_files(request: HttpRequest, scheme: str = SchemeId) -> Any:
    """Those that the scheme has."""
    _hands_out(request, scheme)
    return [
        FileKind(kind=kind, title=words(title), address=f"{ROOT}evaluations/{scheme}/files/{kind}")
        for kind, title in grade_files.kinds(scheme)
    ]


@route(
    router, "GET", "/evaluations/{scheme}/files/{kind}", "evaluations.files",
    zh="一份结果文件", en="One of those files", out=None, kinds=(ANY_FILE,),
)  # fmt: skip
def evaluation_file(
    request: HttpRequest,
    scheme: str = SchemeId,
    kind: str = Path(..., max_length=40, pattern=r"^[-a-z]+$",
                     description="哪一种 · Which one", examples=["electricity"]),
    lang: Language = "zh",
) -> HttpResponse:  # fmt: skip
    """Each time leaves word in the trail. Files with points need `confidential`."""
    _hands_out(request, scheme)
    if kind not in grade_files.RESOURCES:
        scopes.check(request.user, "facts.confidential")
    made = grade_files.write(scheme, kind, lang)
    if made is None:
        raise Http404
    evaluations.taken(scheme, kind, by=request.user)
    return _file(made[1], made[0], ANY_FILE)


@route(
    router, "GET", "/evaluations/{scheme}/letters/{uscc}", "evaluations.papers",
    zh="给一家企业的告知书（PDF）", en="The letter to an enterprise", out=None, kinds=(_PDF,),
)  # fmt: skip
def letter(
    request: HttpRequest, scheme: str = SchemeId, uscc: str = Uscc, lang: Language = "zh"
) -> HttpResponse:
    """One's own once the list was shown; any for those who conduct. It leaves word in the trail."""
    _known(scheme)
    if not permissions.scope(request.user, "evaluations.files").everything:
        own = permissions.scope(request.user, "evaluations.speak").enterprises
        found = proceedings.own(scheme, uscc) if uscc in own else None
        if found is None or not found.is_shown:
            raise Http404
    made = grade_files.letter(scheme, uscc, lang)
    if made is None:
        raise Http404
    evaluations.taken(scheme, "letter", by=request.user, about=uscc)
    return _file(made, f"{uscc}.pdf", _PDF)


def _conducts(request: HttpRequest, scheme: str) -> None:
    permissions.check_whole_city(request.user, "evaluations.conduct")
    _known(scheme)


def _hands_out(request: HttpRequest, scheme: str) -> None:
    permissions.check_whole_city(request.user, "evaluations.files")
    _known(scheme)


def _known(scheme: str) -> None:
    if not grades.exists(scheme):
        raise Http404


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    told = content_disposition_header(as_attachment=True, filename=name)
    answer["Content-Disposition"] = told or "attachment"
    return answer
