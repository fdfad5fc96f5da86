"""A bureau's data page, one dataset, one delivery; freshness by owner for the city."""

from collections.abc import Callable

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from cityforge.brain.errors import DataRefused, Text
from cityforge.portal.accounts.permissions import NotNow
from cityforge.portal.analytics import contracts
from cityforge.portal.analytics.contracts import Contract
from cityforge.portal.imports import actions, queries
from cityforge.portal.imports.forms import UploadForm, WordsForm
from cityforge.portal.imports.models import Delivery
from cityforge.portal.shell.guard import needs

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_PAGE = 1000


@needs("imports.view")
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What the bureau owes, by when, how fresh; what waits for a checker."""
    found = queries.owed(request.user)
    page = {
        "owed": found,
        "late": sum(one.fresh is not None and one.fresh.late > 0 for one in found),
        "soon": sum(one.is_soon for one in found),
        "waiting": queries.waiting(request.user),
        "day": contracts.today(),
        "counted_at": queries.counted_at(),
    }
    return render(request, "imports/home.html", page)


@needs("imports.freshness")
@require_GET
def freshness(request: HttpRequest) -> HttpResponse:
    """Every owner's datasets and how fresh they are."""
    owners = queries.freshness(request.user)
    page = {
        "owners": owners,
        "datasets": sum(len(one.owed) for one in owners),
        "late": sum(one.late for one in owners),
        "missing": sum(one.missing for one in owners),
        "may_count": queries.may_count(request.user),
        "day": contracts.today(),
        "counted_at": queries.counted_at(),
    }
    return render(request, "imports/freshness.html", page)


@needs("imports.count")
@require_POST
def count(request: HttpRequest) -> HttpResponse:
    actions.count(request.user)
    words = Text(zh="正在清点，完成后刷新本页", en="Being counted; reload this page in a while.")
    messages.success(request, words.say(request.language))
    return redirect("imports:freshness")


@needs("imports.view")
@require_GET
def dataset(request: HttpRequest, dataset: str) -> HttpResponse:
    """A dataset's contract, its template, a place to upload, its deliveries."""
    return _dataset(request, _contract(request, dataset))


@needs("imports.view")
@require_GET
def template(request: HttpRequest, dataset: str) -> HttpResponse:
    """The workbook to fill in."""
    _contract(request, dataset)
    name, content = contracts.template(dataset)
    answer = HttpResponse(content, content_type=_XLSX)
    disposition = content_disposition_header(as_attachment=True, filename=name)
    answer.headers["Content-Disposition"] = disposition or "attachment"
    return answer


@needs("imports.deliver")
@require_POST
def upload(request: HttpRequest, dataset: str) -> HttpResponse:
    """Take a file in; back to the dataset with the reason where it may not be opened."""
    contract = _contract(request, dataset)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        words = Text(zh="请先选择文件", en="Choose a file first.")
        return _dataset(request, contract, wrong=[(words, None)])
    file = form.cleaned_data["file"]
    try:
        made = actions.upload(request.user, dataset, file.chunks(), name=file.name, size=file.size)
    except NotNow as refused:
        return _dataset(request, contract, wrong=[(refused.text, None)])
    except DataRefused as refused:
        wrong = [(one.what, one.hint) for one in refused.problems]
        return _dataset(request, contract, wrong=wrong)
    return redirect("imports:delivery", made.pk)


@needs("imports.view")
@require_GET
def delivery(request: HttpRequest, pk: int) -> HttpResponse:
    """One delivery: its state and what is to be done, its rows in place, what it changes."""
    found = _delivery(request, pk)
    page = {"shown": queries.shown(request.user, found), **_rows(request, found)}
    return render(request, "imports/delivery.html", page)


@needs("imports.view")
@require_GET
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The bar of a delivery at work; once it ended the page is asked for anew."""
    shown = queries.shown(request.user, _delivery(request, pk))
    answer = render(request, "imports/progress.html", {"shown": shown})
    if not shown.is_working:
        answer.headers["HX-Refresh"] = "true"
    return answer


@needs("imports.view")
@require_GET
def rows(request: HttpRequest, pk: int) -> HttpResponse:
    """A page of rows, as a part."""
    found = _delivery(request, pk)
    page = {"shown": queries.shown(request.user, found), **_rows(request, found)}
    return render(request, "imports/rows.html", page)


@needs("imports.view")
@require_GET
def file(request: HttpRequest, pk: int, which: str) -> FileResponse:
    """A file of a delivery, always to be saved and never shown in place."""
    found = queries.file(_delivery(request, pk), which)
    if found is None:
        raise Http404
    path, name = found
    stream = path.open("rb")
    kind = "application/octet-stream"
    return FileResponse(stream, as_attachment=True, filename=name, content_type=kind)


@needs("imports.deliver")
@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, lambda _: actions.check_again(request.user, pk))


@needs("imports.deliver")
@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, lambda words: actions.submit(request.user, pk, note=words))


@needs("imports.deliver")
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, lambda _: actions.withdraw(request.user, pk))


@needs("imports.decide")
@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, lambda _: actions.approve(request.user, pk))


@needs("imports.decide")
@require_POST
def return_(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, lambda words: actions.return_(request.user, pk, reason=words))


@needs("imports.decide")
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, lambda words: actions.undo(request.user, pk, reason=words))


def _done(request: HttpRequest, pk: int, act: Callable[[str], None]) -> HttpResponse:
    """Do it and show the delivery; what cannot be done now is told there."""
    _delivery(request, pk)
    form = WordsForm(request.POST)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    try:
        act(words)
    except NotNow as refused:
        messages.error(request, refused.text.say(request.language))
    return redirect("imports:delivery", pk)


def _contract(request: HttpRequest, dataset: str) -> Contract:
    """404 for a dataset of another bureau as for one that is not there."""
    found = queries.contract(request.user, dataset)
    if found is None:
        raise Http404
    return found


def _delivery(request: HttpRequest, pk: int) -> Delivery:
    found = queries.delivery(request.user, pk)
    if found is None:
        raise Http404
    return found


def _dataset(
    request: HttpRequest, contract: Contract, *, wrong: list[tuple[Text, Text | None]] | None = None
) -> HttpResponse:
    page = {
        "contract": contract,
        "history": queries.history(request.user, contract.id),
        "owed": next((o for o in queries.owed(request.user) if o.contract.id == contract.id), None),
        "wrong": wrong or [],
        "may_upload": queries.may_deliver(request.user),
    }
    return render(request, "imports/dataset.html", page, status=422 if wrong else 200)


def _rows(request: HttpRequest, found: Delivery) -> dict[str, object]:
    """The rows that are asked for: the faulty ones first, where there are any."""
    asked = request.GET.get("show", "")
    faulty = asked == "faulty" or (asked != "all" and found.quarantined > 0)
    number = request.GET.get("page", "")
    page = min(int(number), _MOST_PAGE) if number.isascii() and number.isdigit() else 1
    all_columns = request.GET.get("columns") == "all"
    page = max(page, 1)
    rows = queries.rows(found, faulty=faulty, page=page, all_columns=all_columns)
    return {"rows": rows, "faulty": faulty, "page": page, "all_columns": all_columns}
