"""Enterprises: search and list, one's file part by part; never more than the pages show."""

from typing import Any

import pyarrow as pa
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Path, Query, Router

from cityforge.brain.errors import Text
from cityforge.portal.api import lists
from cityforge.portal.api.lists import Columns, Format, Language, Limit, Listing, Offset
from cityforge.portal.api.route import CSV, PARQUET, XLSX, route
from cityforge.portal.api.shapes.answers import Page, TableOut, table, words
from cityforge.portal.api.shapes.enterprises import (
    EnterpriseRow,
    FactsOut,
    FileOut,
    OwnOut,
    PeerOut,
    ReasonsOut,
)
from cityforge.portal.dossier import actions as taken
from cityforge.portal.dossier import queries as dossier
from cityforge.portal.dossier.queries import Reader
from cityforge.portal.enterprises import actions, queries
from cityforge.portal.enterprises.queries import Asked, Row

router = Router(tags=["企业 · Enterprises"])
_IDS = ("uscc", "name", "former", "district", "park", "industry", "status", "registered_on",
        "address", "grade")  # fmt: skip
_HEADS = (
    Text(zh="统一社会信用代码", en="credit code"),
    Text(zh="企业名称", en="name"),
    Text(zh="曾用名", en="former names"),
    Text(zh="区县代码", en="district"),
    Text(zh="园区", en="park"),
    Text(zh="行业大类", en="industry"),
    Text(zh="登记状态", en="status"),
    Text(zh="成立日期", en="registered on"),
    Text(zh="住所", en="address"),
    Text(zh="等级", en="grade"),
)
_SIZE = Text(zh="规模", en="size")
Uscc = Path(
    ..., max_length=18, pattern=r"^[0-9A-Za-z]+$", description="统一社会信用代码 · Credit code",
    examples=["91990001MK00000009"],
)  # fmt: skip


def _said(zh: str, en: str, example: str, longest: int) -> Any:
    return Query("", max_length=longest, description=f"{zh} · {en}", examples=[example])


@route(
    router, "GET", "/enterprises", "enterprises.view",
    zh="查企业", en="Find enterprises", out=Page[EnterpriseRow],
    kinds=(CSV, PARQUET, XLSX), refuses=(406, 413),
)  # fmt: skip
def enterprises(
    request: HttpRequest,
    text: str = _said("名称、曾用名、简称、代码或地址", "Name, code or address", "机械", 100),
    district: str = _said("区县代码", "Id of a district", "qingyu", 64),
    industry: str = _said("行业大类代码", "Division of industry", "34", 8),
    size: str = _said("规模：大、中、小、微", "Size class", "中", 8),
    grade: str = _said("等次", "Grade", "A", 8),
    format: Format = None,
    limit: Limit = 50,
    offset: Offset = 0,
    lang: Language = "zh",
) -> Any:
    """By credit code, of one's own scope alone."""
    sizes = queries.sees_sizes(request.user)
    told = {"text": text, "district": district, "industry": industry, "size": size, "grade": grade}
    asked = queries.allowed(
        request.user, Asked(**{k: v.strip() for k, v in told.items()}), sizes=sizes
    )
    found = queries.numbers(request.user, asked, most=queries.DOWNLOAD)
    listing = Listing(
        name="enterprises",
        title=Text(zh="企业库", en="Enterprises"),
        total=min(len(found), queries.DOWNLOAD),
        is_more=len(found) > queries.DOWNLOAD,
        stretch=lambda start, stop: _rows(request, found[start:stop]),
        columns=Columns(
            (*_IDS, "size") if sizes else _IDS,
            (*_HEADS, _SIZE) if sizes else _HEADS,
            lambda row: _line(row, sizes=sizes),
            {"registered_on": pa.date32()},
        ),
        shape=lambda row: _row(row, sizes=sizes),
        taken=lambda form, _: actions.downloaded(request.user, asked, form=form),
    )
    return lists.answer(request, listing, limit=limit, offset=offset, form=format, language=lang)


@route(
    router, "GET", "/me/enterprises", "dossier.mine",
    zh="本账号代表的企业", en="Enterprises that the account acts for", out=list[OwnOut],
)  # fmt: skip
def own_enterprises(request: HttpRequest) -> Any:
    """Those of the newest run."""
    return queries.mine(request.user)


@route(
    router, "GET", "/enterprises/{uscc}", "dossier.view",
    zh="一企一档：首页", en="The file of an enterprise: its first page", out=FileOut,
)  # fmt: skip
def enterprise(request: HttpRequest, uscc: str = Uscc) -> Any:
    """Identity, grades, titles, penalties, policies matched."""
    of = _reader(request, uscc)
    found = dossier.file(of)
    if found is None:
        raise Http404
    return {
        "uscc": of.enterprise.uscc,
        "name": of.enterprise.name,
        "level": of.level,
        "former": found.former,
        "merged_into": found.merged_into,
        "merged_from": [one.uscc for one in found.merged_from],
        "identity": found.identity,
        "grades": found.grades,
        "registers": found.registers,
        "policies": found.policies,
    }


@route(
    router, "GET", "/enterprises/{uscc}/facts", "dossier.view",
    zh="逐年的每一项数据、来源和更正办法", en="Every fact by year, its source, how to correct it",
    out=FactsOut,
)  # fmt: skip
def facts(request: HttpRequest, uscc: str = Uscc) -> Any:
    """As far as the level of the account goes."""
    found = dossier.facts(_reader(request, uscc))
    if found is None:
        raise Http404
    return found


@route(
    router, "GET", "/enterprises/{uscc}/grades", "dossier.view",
    zh="为什么是这一等、怎样能升等", en="Why this grade, and what would lift it",
    out=list[ReasonsOut],
)  # fmt: skip
def grades(request: HttpRequest, uscc: str = Uscc) -> Any:
    """Scheme by scheme; reasons where the account may read what they rest on."""
    return [
        ReasonsOut(
            scheme=one.scheme.scheme,
            title=words(one.scheme.title),
            years=list(one.scheme.years),
            says=[words(line) for line in one.why.lines] if one.why else [],
            table=table(one.why.table) if one.why and one.why.table else None,
            peers=[
                PeerOut(name=words(name), uscc=code, grade=grade, total=total, same_industry=same)
                for name, code, grade, total, same in one.peers
            ],
        )
        for one in dossier.grades(_reader(request, uscc), request.user)
    ]


@route(
    router, "GET", "/enterprises/{uscc}/ladder", "dossier.view",
    zh="梯度培育的位置和差距", en="Where it stands on the ladder of titles", out=list[TableOut],
)  # fmt: skip
def ladder(request: HttpRequest, uscc: str = Uscc) -> Any:
    """Empty where there is no ladder, or its figures are not for the account."""
    return [table(one) for one in dossier.ladder(_reader(request, uscc)) or ()]


@route(
    router, "GET", "/enterprises/{uscc}/check-up.pdf", "dossier.view",
    zh="政策体检（PDF）", en="The policy check-up on paper", out=None, kinds=("application/pdf",),
)  # fmt: skip
def check_up_pdf(request: HttpRequest, uscc: str = Uscc, lang: Language = "zh") -> HttpResponse:
    """That it was taken leaves word in the trail."""
    of = _reader(request, uscc)
    made = dossier.check_up_pdf(of, lang)
    if made is None:
        raise Http404
    taken.taken(request.user, of.enterprise.uscc)
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="check-up-{of.enterprise.uscc}.pdf"'
    return answer


def _reader(request: HttpRequest, uscc: str) -> Reader:
    found = dossier.reader(request.user, uscc)
    if found is None:
        raise Http404
    return found


def _rows(request: HttpRequest, numbers: list[int]) -> list[Row]:
    return queries.rows(request.user, numbers)


def _row(row: Row, *, sizes: bool) -> EnterpriseRow:
    one = row.enterprise
    return EnterpriseRow(
        uscc=one.uscc,
        name=one.name,
        former=list(row.former),
        district=one.district,
        district_title=words(row.district),
        park=one.park_title,
        industry=one.industry,
        industry_title=words(row.industry),
        status=one.status,
        registered_on=one.registered_on,
        address=one.address,
        grade=one.grade,
        size=one.size if sizes else None,
    )


def _line(row: Row, *, sizes: bool) -> tuple[str, ...]:
    told = _row(row, sizes=sizes)
    line = (
        told.uscc,
        told.name,
        "；".join(told.former),
        told.district,
        told.park,
        told.industry,
        told.status,
        told.registered_on.isoformat() if told.registered_on else "",
        told.address,
        told.grade,
    )
    return (*line, told.size or "") if sizes else line
