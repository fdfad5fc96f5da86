"""Deliveries: handed in, looked at, submitted, withdrawn. A person approves, on the page."""

from typing import Annotated, Any, Literal

from django.http import FileResponse, Http404, HttpRequest
from ninja import File, Path, Query, Router, Status
from ninja.files import UploadedFile

from cityforge.portal.api import lists
from cityforge.portal.api.lists import Limit, Offset
from cityforge.portal.api.route import ANY_FILE, route
from cityforge.portal.api.routes.datasets import DatasetId, contract_of
from cityforge.portal.api.shapes.answers import Page, words
from cityforge.portal.api.shapes.data import DeliveryFull, DeliveryOut, RowsOut, SubmitIn
from cityforge.portal.imports import actions, queries, states
from cityforge.portal.imports.models import Delivery

router = Router(tags=["数据 · Data"])
_MOST_PAGE = 1000
Rows = Annotated[
    Literal["faulty", "all"],
    Query(description="faulty 只看有错的，all 全部 · Those at fault, or all", examples=["all"]),
]
Sent = File(
    ..., description="数据文件：CSV、Excel 或 Parquet · The file", examples=["performance.csv"]
)
DeliveryId = Path(
    ..., ge=1, le=2**31, description="报送的编号 · Number of the delivery", examples=[1]
)


@route(
    router, "GET", "/deliveries", "imports.view",
    zh="本部门的报送，新的在前", en="Deliveries of one's bureau, the newest first",
    out=Page[DeliveryOut],
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
    return lists.page(
        request,
        found.count(),
        lambda start, stop: found[start:stop],
        lambda one: DeliveryOut(**_delivery(one)),
        limit=limit,
        offset=offset,
    )


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
    contract_of(request, dataset)
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


def _of(request: HttpRequest, number: int) -> Delivery:
    found = queries.delivery(request.user, number)
    if found is None:
        raise Http404
    return found


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
