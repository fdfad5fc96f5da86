"""The desk figure by figure, with the enterprises behind; what waits for one, one's inbox."""

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Path, Query, Router

from cityforge.brain.errors import Text
from cityforge.portal.analytics.overview import desk as overview
from cityforge.portal.analytics.overview.rows import Row
from cityforge.portal.api import lists
from cityforge.portal.api.lists import Columns, Format, Language, Limit, Listing, Offset
from cityforge.portal.api.route import CSV, PARQUET, ROOT, XLSX, route
from cityforge.portal.api.shapes.answers import Page, words
from cityforge.portal.api.shapes.desk import (
    BehindOut,
    FigureFull,
    MapOut,
    NoticeOut,
    PartOut,
    WaitingOut,
)
from cityforge.portal.desk import actions, queries
from cityforge.portal.notices import queries as notices

router = Router(tags=["城市 · City"])
_BEHIND = Columns(
    ("uscc", "name", "district", "before", "grade", "total", "value", "reason"),
    (
        Text(zh="统一社会信用代码", en="credit code"),
        Text(zh="企业名称", en="name"),
        Text(zh="区县", en="district"),
        Text(zh="上年等次", en="grade before"),
        Text(zh="等次", en="grade"),
        Text(zh="总分", en="total"),
        Text(zh="数值", en="value"),
        Text(zh="说明", en="reason"),
    ),
    lambda one: (
        one.uscc, one.name, one.district.zh, one.before, one.grade, one.total, one.value,
        one.reason.zh if one.reason else "",
    ),
)  # fmt: skip
Figure = Path(..., max_length=64, pattern=r"^[-a-zA-Z0-9_]+$",
              description="数字的代码，见 /desk 和 /desk/map · Id of the figure",
              examples=["rated"])  # fmt: skip
District = Query("", max_length=64, description="只看一个区县 · Of one district",
                 examples=["qingyu"])  # fmt: skip


@route(
    router, "GET", "/me/waiting", "desk.home",
    zh="待办：等本账号办的、等别人办的", en="What waits for the account, and for others",
    out=list[WaitingOut],
)  # fmt: skip
def waiting(request: HttpRequest) -> Any:
    """As the first page says; as far as the token's uses go."""
    found = queries.pending(request.user)
    return [
        WaitingOut(
            title=words(one.title),
            count=one.count,
            address=one.url,
            mine=one.is_mine,
            who=words(one.who) if one.who else None,
            until=one.until,
            light=one.light,
        )
        for one in (*found.mine, *found.others)
    ]


@route(
    router, "GET", "/me/inbox", "notices.inbox",
    zh="收件箱，新的在前", en="The inbox, the newest first", out=Page[NoticeOut],
)  # fmt: skip
def inbox(
    request: HttpRequest,
    archived: bool = Query(  # noqa: FBT001
        default=False, description="看收起来的 · Those put away", examples=[False]
    ),
    limit: Limit = 50,
    offset: Offset = 0,
) -> Any:
    """Read by a system it stays unread: its receipt is that a person opened it."""
    found = notices.inbox(request.user, archived=archived)
    return lists.page(
        request,
        found.count(),
        lambda start, stop: [notices.line(one) for one in found[start:stop]],
        _notice,
        limit=limit,
        offset=offset,
    )


@route(
    router, "GET", "/desk/map", "desk.view",
    zh="各区县图的一层", en="A layer of the map by district", out=MapOut, of_run=True,
    refuses=(404,),
)  # fmt: skip
def desk_map(
    request: HttpRequest,
    layer: str = Query("", max_length=64, description="哪一层；不写为第一层 · Which layer",
                       examples=["best"]),
) -> Any:  # fmt: skip
    """The first layer where none is called so."""
    found = overview.map_(queries.districts(request.user), layer)
    if found is None:
        raise Http404
    return found


@route(
    router, "GET", "/desk/figures/{figure}", "desk.view",
    zh="一个数字：含义、算法、来源、各区县", en="A figure: meaning, working, sources, districts",
    out=FigureFull, of_run=True,
)  # fmt: skip
def figure(request: HttpRequest, figure: str = Figure, district: str = District) -> Any:
    """With the permanent address of the number, where it has one."""
    found = _figure(request, figure, district)
    shown = found.shown
    return {
        "id": shown.id,
        "title": shown.title,
        "value": shown.value,
        "unit": shown.unit,
        "place": found.place,
        "says": found.says,
        "how": found.how,
        "scheme": found.scheme_id,
        "year": found.year,
        "as_of": found.as_of,
        "run": found.run,
        "evidence": found.evidence,
        "table": found.table,
        "digest": found.digest,
        "supplies": found.supplies,
        "districts": [
            {"id": id_, "title": title, "value": value} for id_, title, value in found.districts
        ],
        "number": f"{ROOT}numbers/{found.number.path}" if found.number else None,
    }


@route(
    router, "GET", "/desk/figures/{figure}/enterprises", "desk.view",
    zh="数字背后的企业", en="The enterprises behind a figure", out=Page[BehindOut],
    kinds=(CSV, PARQUET, XLSX), refuses=(406, 413),
)  # fmt: skip
def behind(
    request: HttpRequest,
    figure: str = Figure,
    district: str = District,
    format: Format = None,
    limit: Limit = 50,
    offset: Offset = 0,
    lang: Language = "zh",
) -> Any:
    """Named as far as the account may see them by name; a file leaves word in the trail."""
    _figure(request, figure, district)
    listing = Listing(
        figure,
        Text(zh="数字背后的企业", en="The enterprises behind a figure"),
        queries.behind(request.user, figure, district, size=1).count,
        lambda start, stop: _stretch(request, figure, district, start, stop),
        _BEHIND,
        BehindOut.model_validate,
        taken=lambda _form, _rows: actions.taken(request.user, figure, district),
    )
    return lists.answer(request, listing, limit=limit, offset=offset, form=format, language=lang)


def _notice(one: notices.Line) -> NoticeOut:
    return NoticeOut(
        id=one.pk,
        title=words(one.title),
        parts=[PartOut(head=words(head), text=words(text)) for head, text in one.parts],
        organisation=one.organisation,
        address=one.link,
        sent_at=one.sent_at,
        read_at=one.read_at,
    )


def _figure(request: HttpRequest, name: str, place: str) -> overview.Figure:
    found = overview.figure(queries.districts(request.user), name, place)
    if found is None:
        raise Http404
    return found


def _stretch(request: HttpRequest, name: str, place: str, start: int, stop: int) -> list[Row]:
    """A stretch lies on two pages of its own length at most."""
    size = stop - start
    first, skipped = divmod(start, size)
    found: list[Row] = []
    for page in (first + 1, first + 2) if skipped else (first + 1,):
        found += queries.behind(request.user, name, place, page=page, size=size).rows
    return found[skipped : skipped + size]
