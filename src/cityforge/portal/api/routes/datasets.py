"""Datasets that a bureau owes, their columns and templates, how fresh they are."""

from typing import Any

import pyarrow as pa
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from ninja import Path, Router

from cityforge.brain.errors import Text
from cityforge.portal.analytics import contracts
from cityforge.portal.analytics.contracts import Contract
from cityforge.portal.api import lists
from cityforge.portal.api.lists import Columns, Format, Language, Limit, Listing, Offset
from cityforge.portal.api.route import CSV, PARQUET, XLSX, route
from cityforge.portal.api.shapes.answers import Page, words
from cityforge.portal.api.shapes.data import ContractOut, DatasetOut, Late
from cityforge.portal.imports import queries
from cityforge.portal.imports.queries import Owed

router = Router(tags=["数据 · Data"])
_TABLES = (CSV, PARQUET, XLSX)
_NAME = r"^[-a-zA-Z0-9_]+$"
_COLUMNS = Columns(
    ("id", "title", "owner", "newest", "next_due", "late", "light"),
    (
        Text(zh="数据集代码", en="dataset"),
        Text(zh="数据集", en="title"),
        Text(zh="部门代码", en="bureau"),
        Text(zh="现有最新一期", en="newest period"),
        Text(zh="下一期最迟", en="next due on"),
        Text(zh="晚了几天", en="days late"),
        Text(zh="灯", en="light"),
    ),
    lambda one: _line(one),
    {"next_due": pa.date32(), "late": pa.int64()},
)
DatasetId = Path(..., pattern=_NAME, max_length=64, description="数据集代码 · Id of the dataset",
                 examples=["performance"])  # fmt: skip


@route(
    router, "GET", "/datasets", "imports.view",
    zh="本部门应报的数据集", en="Datasets that one's bureau owes", out=Page[DatasetOut],
    kinds=_TABLES, refuses=(406, 413),
)  # fmt: skip
def datasets(
    request: HttpRequest,
    format: Format = None,
    limit: Limit = 50,
    offset: Offset = 0,
    lang: Language = "zh",
) -> Any:
    """With how fresh each is and what became of the last delivery."""
    found = queries.owed(request.user)
    listing = Listing(
        "datasets",
        Text(zh="数据集", en="Datasets"),
        len(found),
        lambda start, stop: found[start:stop],
        _COLUMNS,
        _dataset,
    )
    return lists.answer(request, listing, limit=limit, offset=offset, form=format, language=lang)


@route(
    router, "GET", "/datasets/{dataset}", "imports.view",
    zh="一个数据集和它的列", en="A dataset and its columns", out=ContractOut,
)  # fmt: skip
def dataset(request: HttpRequest, dataset: str = DatasetId) -> Any:
    """The contract of one's own bureau."""
    contract = contract_of(request, dataset)
    own = next(one for one in queries.owed(request.user) if one.contract.id == contract.id)
    return {**_dataset(own).model_dump(), "columns": contract.columns}


@route(
    router, "GET", "/datasets/{dataset}/template", "imports.view",
    zh="填报模板（Excel）", en="The workbook to fill in", out=None, kinds=(XLSX,),
)  # fmt: skip
def template(request: HttpRequest, dataset: str = DatasetId) -> HttpResponse:
    """The same file as the page offers."""
    contract_of(request, dataset)
    name, content = contracts.template(dataset)
    answer = HttpResponse(content, content_type=XLSX)
    told = content_disposition_header(as_attachment=True, filename=name)
    answer["Content-Disposition"] = told or "attachment"
    return answer


@route(
    router, "GET", "/freshness", "imports.freshness",
    zh="各部门数据的时效", en="How fresh the data of each bureau are", out=list[Late],
)  # fmt: skip
def freshness(request: HttpRequest) -> Any:
    """Every owner, the worst first."""
    return [
        Late(
            title=one.title,
            light=one.light,
            late=one.late,
            missing=one.missing,
            datasets=[_dataset(owed) for owed in one.owed],
        )
        for one in queries.freshness(request.user)
    ]


def contract_of(request: HttpRequest, name: str) -> Contract:
    found = queries.contract(request.user, name)
    if found is None:
        raise Http404
    return found


def _dataset(one: Owed) -> DatasetOut:
    contract, fresh = one.contract, one.fresh
    return DatasetOut(
        id=contract.id,
        title=words(contract.title),
        owner=contract.owner,
        owner_title=words(contract.owner_title),
        every=words(contract.every),
        due=contract.due,
        newest=words(fresh.newest) if fresh and fresh.newest else None,
        next_due=fresh.next_due if fresh else None,
        late=fresh.late if fresh else None,
        light=fresh.light if fresh else "grey",
        state=words(one.state) if one.state else None,
    )


def _line(one: Owed) -> tuple[str, ...]:
    told = _dataset(one)
    return (
        told.id,
        told.title.zh,
        told.owner,
        told.newest.zh if told.newest else "",
        told.next_due.isoformat() if told.next_due else "",
        "" if told.late is None else str(told.late),
        told.light,
    )
