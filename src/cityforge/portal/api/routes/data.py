"""Datasets, freshness, deliveries: read, handed in, submitted. A person approves, on the page."""

from typing import Annotated, Any, Literal

import pyarrow as pa
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from ninja import File, Path, Query, Router, Status
from ninja.files import UploadedFile

from cityforge.brain.errors import Text
from cityforge.portal.analytics import contracts
from cityforge.portal.analytics.contracts import Contract
from cityforge.portal.api import lists
from cityforge.portal.api.lists import Columns, Format, Language, Limit, Listing, Offset
from cityforge.portal.api.route import ANY_FILE, CSV, PARQUET, XLSX, route
from cityforge.portal.api.shapes.common import Page, words
from cityforge.portal.api.shapes.data import (
    ContractOut,
    DatasetOut,
    DeliveryFull,
    DeliveryOut,
    Late,
    RowsOut,
    SubmitIn,
)
from cityforge.portal.imports import actions, queries, states
from cityforge.portal.imports.models import Delivery
from cityforge.portal.imports.queries import Owed

router = Router(tags=["数据 · Data"])
_TABLES = (CSV, PARQUET, XLSX)
_MOST_PAGE = 1000
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
Rows = Annotated[
    Literal["faulty", "all"],
    Query(description="faulty 只看有错的，all 全部 · Those at fault, or all", examples=["all"]),
]
DatasetId = Path(..., pattern=_NAME, max_length=64, description="数据集代码 · Id of the dataset",
                 examples=["performance"])  # fmt: skip
Sent = File(..., description="数据文件：CSV、Excel 或 Parquet · The file")
DeliveryId = Path(
    ..., ge=1, le=2**31, description="报送的编号 · Number of the delivery", examples=[1]
)


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
    contract = _contract(request, dataset)
    own = next(one for one in queries.owed(request.user) if one.contract.id == contract.id)
    return {**_dataset(own).model_dump(), "columns": contract.columns}


@route(
    router, "GET", "/datasets/{dataset}/template", "imports.view",
    zh="填报模板（Excel）", en="The workbook to fill in", out=None, kinds=(XLSX,),
)  # fmt: skip
def template(request: HttpRequest, dataset: str = DatasetId) -> HttpResponse:
    """The same file as the page offers."""
    _contract(request, dataset)
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


@route(
    router, "GET", "/deliveries", "imports.view",
    zh="本部门的报送，新的在前", en="Deliveries of one's bureau, the newest first",
    out=Page[DeliveryOut], refuses=(406,),
)  # fmt: skip
def deliveries(
    request: HttpRequest,
    dataset: str = Query("", max_length=64, description="只看一个数据集 · Of one dataset",
                         examples=["performance"]),
    limit: Limit = 50,
    offset: Offset = 0,
) -> Any:  # fmt: skip
    """Every state, withdrawn ones too."""
    found = queries.of_user(request.user).order_by("-pk")
    if dataset:
        found = found.filter(dataset=dataset)
    listing = Listing(
        "deliveries",
        Text(zh="报送", en="Deliveries"),
        found.count(),
        lambda start, stop: found[start:stop],
        Columns((), (), lambda _: ()),
        lambda one: DeliveryOut(**_delivery(one)),
    )
    return lists.answer(request, listing, limit=limit, offset=offset, form="json", language="zh")


@route(
    router, "POST", "/datasets/{dataset}/deliveries", "imports.deliver", status=201,
    zh="报送一个文件", en="Deliver a file", out=DeliveryFull, refuses=(400, 409),
)  # fmt: skip
def deliver(
    request: HttpRequest,
    dataset: str = DatasetId,
    file: UploadedFile = Sent,
) -> Any:
    """Checked in the background: ask for the delivery until `working` is false."""
    _contract(request, dataset)
    name, size = file.name or "", file.size or 0
    made = actions.upload(request.user, dataset, file.chunks(), name=name, size=size)
    return Status(201, _full(request, made.pk))


@route(
    router, "GET", "/deliveries/{number}", "imports.view",
    zh="一次报送和它的检查结果", en="A delivery and what its check found", out=DeliveryFull,
)  # fmt: skip
def delivery(request: HttpRequest, number: int = DeliveryId) -> Any:
    """Its state, its counts, what was refused and why, what may be done now."""
    return _full(request, number)


@route(
    router, "GET", "/deliveries/{number}/rows", "imports.view",
    zh="文件中的行，先给未通过的", en="Rows of the file, those refused first", out=RowsOut,
)  # fmt: skip
def rows(
    request: HttpRequest,
    number: int = DeliveryId,
    show: Rows = "faulty",
    page: int = Query(1, ge=1, le=_MOST_PAGE, description="第几页 · Which page", examples=[1]),
) -> Any:
    """Cell by cell as it stands in the file, with what is wrong."""
    found = _of(request, number)
    shown = queries.rows(found, faulty=show == "faulty", page=page, all_columns=True)
    return {
        "columns": shown.titles,
        "page": page,
        "has_more": shown.has_more,
        "rows": [
            {
                "number": row.number,
                "cells": [{"value": value, "faults": faults} for value, faults in row.cells],
                "faults": row.whole,
            }
            for row in shown.rows
        ],
    }


@route(
    router, "GET", "/deliveries/{number}/files/{which}", "imports.view",
    zh="报送的文件：原件、错误行、差异", en="A file of it: the upload, its errors, the difference",
    out=None, kinds=(ANY_FILE,),
)  # fmt: skip
def delivery_file(
    request: HttpRequest,
    number: int = DeliveryId,
    which: Literal["upload", "errors", "difference"] = Path(
        ..., description="哪一个 · Which one", examples=["errors"]
    ),
) -> FileResponse:
    """To be saved."""
    found = queries.file(_of(request, number), which)
    if found is None:
        raise Http404
    path, name = found
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=ANY_FILE)


@route(
    router, "POST", "/deliveries/{number}/submit", "imports.deliver",
    zh="提交审核", en="Submit it to the checker", out=DeliveryFull, refuses=(400, 409),
)  # fmt: skip
def submit(request: HttpRequest, given: SubmitIn, number: int = DeliveryId) -> Any:
    """A person of the same bureau approves it on the page."""
    _of(request, number)
    actions.submit(request.user, number, note=given.note)
    return _full(request, number)


@route(
    router, "POST", "/deliveries/{number}/check", "imports.deliver",
    zh="重新检查", en="Have it checked again", out=DeliveryFull, refuses=(409,),
)  # fmt: skip
def check(request: HttpRequest, number: int = DeliveryId) -> Any:
    """After an interruption."""
    _of(request, number)
    actions.check_again(request.user, number)
    return _full(request, number)


@route(
    router, "POST", "/deliveries/{number}/withdraw", "imports.deliver",
    zh="撤回", en="Withdraw it", out=DeliveryFull, refuses=(409,),
)  # fmt: skip
def withdraw(request: HttpRequest, number: int = DeliveryId) -> Any:
    """Before it was decided."""
    _of(request, number)
    actions.withdraw(request.user, number)
    return _full(request, number)


def _contract(request: HttpRequest, name: str) -> Contract:
    found = queries.contract(request.user, name)
    if found is None:
        raise Http404
    return found


def _of(request: HttpRequest, number: int) -> Delivery:
    found = queries.delivery(request.user, number)
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


def _delivery(one: Delivery) -> dict[str, Any]:
    plain = ("dataset", "name", "sha256", "size", "state", "progress", "read", "accepted",
             "quarantined", "added", "removed", "changed", "same", "changes_nothing", "note",
             "reason", "uploaded_at")  # fmt: skip
    return {
        "id": one.pk,
        **{name: getattr(one, name) for name in plain},
        "state_title": words(states.STATES[one.state]),
        "next": words(states.NEXT[one.state]),
        "working": one.state in states.WORKING,
    }


def _full(request: HttpRequest, number: int) -> DeliveryFull:
    shown = queries.shown(request.user, _of(request, number))
    report = shown.report
    told = _delivery(shown.delivery) | {"working": shown.is_working}
    return DeliveryFull(
        **told,
        problems=[words(one["what"]) for one in report.get("problems", [])],
        alarms=[words(one) for one in report.get("alarms", [])],
        notes=[words(one) for one in report.get("notes", [])],
        refusals=[_refusal(one) for one in report.get("refusals", [])],
        may={name: one.now for name, one in shown.may.items()},
    )


def _refusal(one: dict[str, Any]) -> dict[str, Any]:
    return one | {name: words(one[name]).model_dump() for name in ("column", "reason")}
