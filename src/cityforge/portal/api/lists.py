"""Lists: page by page as JSON, or whole as CSV, Excel and Parquet, with the same rows."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, Annotated, Any, Literal
from urllib.parse import urlencode

import pyarrow as pa
import pyarrow.parquet as pq
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from ninja import Query
from ninja.errors import HttpError

from cityforge.brain.errors import Text
from cityforge.portal.analytics import city
from cityforge.portal.api import scopes
from cityforge.portal.api.problems import TooMuch
from cityforge.portal.api.route import CSV, KINDS, PARQUET, XLSX
from cityforge.portal.api.shapes.answers import Page
from cityforge.portal.enterprises import sheets

MOST = 50_000  # rows of one file
_BATCH = 5_000
_CHUNK = 64 * 1024
_WIDTH = "18"
Format = Annotated[
    Literal["json", "csv", "parquet", "xlsx"] | None,
    Query(
        description="格式；不写时看请求头 Accept，再没有就是 json · Format; without it the header "
        "Accept tells, else json",
        examples=["csv"],
    ),
]
Limit = Annotated[
    int, Query(ge=1, le=500, description="一次几条 · How many at a time", examples=[50])
]
Offset = Annotated[
    int,
    Query(ge=0, le=10_000_000, description="从第几条起 · Where to begin", examples=[0]),
]
Language = Annotated[
    Literal["zh", "en"],
    Query(description="文件表头的语言 · Language of a file's head", examples=["zh"]),
]


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a list as a file: ids (those of the JSON), titles, and a row of texts.

    types  of those that are no text in Parquet; an empty text is none there
    """

    ids: tuple[str, ...]
    titles: tuple[Text, ...]
    line: Callable[[Any], tuple[str, ...]]
    types: dict[str, pa.DataType] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that is there in order, of which any stretch may be asked.

    total     how many there are; `is_more`: and more that nobody counted
    stretch   the items from one place up to another
    taken     what leaves word that the whole was taken out, given format and rows
    """

    name: str
    title: Text
    total: int
    stretch: Callable[[int, int], Iterable[Any]]
    columns: Columns
    shape: Callable[[Any], Any]
    is_more: bool = False
    taken: Callable[[str, int], None] | None = None


def answer(
    request: HttpRequest,
    found: Listing,
    *,
    limit: int,
    offset: int,
    form: str | None,
    language: str,
) -> Any:
    """The list as it is asked for. Raises HttpError 406, TooMuch, and what `taken` raises."""
    chosen = form or _accepted(request)
    if chosen == "json":
        return page(
            request, found.total, found.stretch, found.shape, limit=limit, offset=offset,
            is_more=found.is_more,
        )  # fmt: skip
    if found.is_more or found.total > MOST:
        raise TooMuch(
            Text(
                zh=f"超过 {MOST:,} 行，请缩小范围再整表下载",
                en=f"More than {MOST:,} rows: narrow it before taking the whole.",
            )
        )
    if found.taken is not None:
        scopes.check(request.user, "enterprises.download")
        found.taken(chosen, found.total)
    heads = tuple(one.say("en" if language == "en" else "zh") for one in found.columns.titles)
    response = {"csv": _csv, "xlsx": _workbook, "parquet": _parquet}[chosen](found, heads, language)
    response["Content-Disposition"] = f'attachment; filename="{found.name}.{chosen}"'
    return response


def page(
    request: HttpRequest,
    total: int,
    stretch: Callable[[int, int], Iterable[Any]],
    shape: Callable[[Any], Any],
    *,
    limit: int,
    offset: int,
    is_more: bool = False,
) -> Page[Any]:
    """A stretch of a list as JSON."""
    newest = city.newest()
    items = [shape(one) for one in stretch(offset, offset + limit)]
    return Page(
        total=total,
        is_more=is_more,
        limit=limit,
        offset=offset,
        next=_next(request, limit, offset) if offset + limit < total else None,
        run=str(newest.snapshot.run["run_id"]) if newest else "",
        as_of=newest.as_of if newest else "",
        simulated=newest.simulated if newest else False,
        items=items,
    )


def _next(request: HttpRequest, limit: int, offset: int) -> str:
    kept = {name: value for name, value in request.GET.items() if name not in ("limit", "offset")}
    return f"{request.path}?{urlencode(kept | {'limit': limit, 'offset': offset + limit})}"


def _accepted(request: HttpRequest) -> str:
    """The first format that the header Accept takes. Raises HttpError 406 for none of ours."""
    if not request.headers.get("Accept"):
        return "json"
    chosen = request.get_preferred_type(list(KINDS.values()))
    if chosen is None:
        raise HttpError(406, "none of these formats")
    return next(name for name, kind in KINDS.items() if kind == chosen)


def _lines(found: Listing) -> Iterator[tuple[str, ...]]:
    for start in range(0, found.total, _BATCH):
        for one in found.stretch(start, min(start + _BATCH, found.total)):
            yield found.columns.line(one)


def _csv(found: Listing, heads: sheets.Line, _language: str) -> StreamingHttpResponse:
    return StreamingHttpResponse(
        sheets.csv_lines(heads, _lines(found)), content_type=f"{CSV}; charset=utf-8"
    )


def _workbook(found: Listing, heads: sheets.Line, language: str) -> HttpResponse:
    widths = (_WIDTH,) * len(heads)
    zh = language != "en"
    content = sheets.workbook(
        found.title.say("zh" if zh else "en"), _note(zh=zh), heads, _lines(found), widths
    )
    return HttpResponse(content, content_type=XLSX)


def _parquet(found: Listing, _heads: sheets.Line, _language: str) -> StreamingHttpResponse:
    """Columns by their ids, batch by batch through a file."""
    types = [found.columns.types.get(name, pa.string()) for name in found.columns.ids]
    fields = list(zip(found.columns.ids, types, strict=True))
    schema = pa.schema(fields, metadata={"cityforge": _note(zh=False)})
    file = tempfile.TemporaryFile()  # noqa: SIM115  # closed, and so gone, once it is sent
    lines = _lines(found)
    with pq.ParquetWriter(file, schema) as writer:
        while batch := list(islice(lines, _BATCH)):
            columns = [
                _typed(column, kind)
                for column, kind in zip(zip(*batch, strict=True), types, strict=True)
            ]
            writer.write_table(pa.table(columns, schema=schema))
    file.seek(0)
    return StreamingHttpResponse(_sent(file), content_type=PARQUET)


def _typed(column: tuple[str, ...], kind: pa.DataType) -> pa.Array:
    if kind == pa.string():
        return pa.array(column, kind)
    return pa.array([one or None for one in column], pa.string()).cast(kind)


def _sent(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _note(*, zh: bool) -> str:
    newest = city.newest()
    if newest is None:
        return ""
    run = str(newest.snapshot.run["run_id"])
    told = f"运行 {run}，数据截至 {newest.as_of}" if zh else f"run {run}, data as of {newest.as_of}"
    if not newest.simulated:
        return told
    return f"模拟数据；{told}" if zh else f"Simulated data; {told}"
