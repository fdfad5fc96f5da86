"""The first page of each reader; one figure with all that is known of it."""

from collections.abc import Iterator

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cityforge.brain.errors import Language, Text
from cityforge.portal.accounts import permissions
from cityforge.portal.analytics.overview import desk
from cityforge.portal.desk import actions, queries
from cityforge.portal.enterprises import sheets
from cityforge.portal.shell.guard import needs

_CHUNK = 2_000
_HEADS = (
    Text(zh="统一社会信用代码", en="credit code"),
    Text(zh="企业名称", en="name"),
    Text(zh="市（区）", en="district"),
    Text(zh="上年等次", en="grade before"),
    Text(zh="等次", en="grade"),
    Text(zh="总分", en="total"),
    Text(zh="数值", en="value"),
    Text(zh="说明", en="note"),
)


@needs("desk.home")
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The desk of who leads and analyses; of the others what waits for them, and their doors."""
    if not permissions.allows(request.user, "desk.view"):
        today = {
            "pending": queries.pending(request.user),
            "own": queries.own(request.user),
            "has_role": bool(permissions.memberships(request.user)),
        }
        return render(request, "desk/today.html", today)
    districts = queries.districts(request.user)
    map_ = desk.map_(districts, request.GET.get("layer", "")[:64])
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "desk/map.html", {"map": map_})
    page = {
        "desk": desk.desk(districts),
        "map": map_,
        "is_whole": districts is None,
        "movers": [(name, queries.behind(request.user, name, size=queries.FIRST))
                   for name in ("rose", "fell")],
        "pending": queries.pending(request.user),
        "freshness": queries.freshness(request.user),
    }  # fmt: skip
    return render(request, "desk/home.html", page)


@needs("desk.view")
@require_GET
def figure(request: HttpRequest, name: str) -> HttpResponse:
    """One figure: meaning, working, sources, districts, and the enterprises behind it."""
    place = request.GET.get("district", "")[:64]
    found = desk.figure(queries.districts(request.user), name, place)
    if found is None:
        raise Http404
    asked = request.GET.get("page", "")
    number = int(asked) if asked.isdecimal() and len(asked) < 6 and int(asked) else 1
    behind = queries.behind(request.user, name, place, page=number)
    page = Paginator(range(behind.count), queries.PAGE).get_page(number)
    told = {"figure": found, "place": place, "behind": behind, "page": page}
    return render(request, "desk/figure.html", told)


@needs("desk.view")
@require_GET
def as_csv(request: HttpRequest, name: str) -> StreamingHttpResponse:
    """The enterprises behind a figure as CSV."""
    place = request.GET.get("district", "")[:64]
    found = desk.figure(queries.districts(request.user), name, place)
    if found is None:
        raise Http404
    actions.taken(request.user, name, place)
    language: Language = "en" if request.language == "en" else "zh"  # type: ignore[attr-defined]

    def lines() -> Iterator[sheets.Line]:
        number = 0
        while True:
            number += 1
            some = queries.behind(request.user, name, place, page=number, size=_CHUNK).rows
            for one in some:
                note = one.reason.say(language) if one.reason else ""
                yield (one.uscc, one.name, one.district.say(language), one.before, one.grade,
                       one.total, one.value, note)  # fmt: skip
            if len(some) < _CHUNK:
                return

    heads = tuple(head.say(language) for head in _HEADS)
    answer = StreamingHttpResponse(
        sheets.csv_lines(heads, lines()), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer
