"""The list with its search and downloads; claims and their rulings; codes merged and split."""

from collections.abc import Iterator

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cityforge.brain.errors import Text
from cityforge.portal.accounts.permissions import NotAllowed
from cityforge.portal.enterprises import actions, queries, sheets
from cityforge.portal.enterprises.forms import ClaimForm, MergerForm, RulingForm, SearchForm
from cityforge.portal.enterprises.models import STATES, Claim, Merger
from cityforge.portal.enterprises.queries import Asked
from cityforge.portal.shell.guard import needs

PAGE = 50
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_HEADS = (
    Text(zh="统一社会信用代码", en="credit code"),
    Text(zh="企业名称", en="name"),
    Text(zh="曾用名", en="former names"),
    Text(zh="所属区县", en="district"),
    Text(zh="园区", en="park"),
    Text(zh="行业大类", en="industry"),
    Text(zh="登记状态", en="status"),
    Text(zh="成立日期", en="registered on"),
    Text(zh="住所", en="address"),
    Text(zh="等级", en="grade"),
)
_SIZE = Text(zh="规模", en="size")
_WIDTHS = ("22", "34", "20", "14", "22", "24", "10", "12", "34", "8", "8")


def _asked(request: HttpRequest) -> Asked:
    form = SearchForm(request.GET)
    form.is_valid()
    told = {name: value.strip() for name, value in form.cleaned_data.items()}
    return queries.allowed(request.user, Asked(**told), sizes=queries.sees_sizes(request.user))


@needs("enterprises.view")
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Enterprises of one's scope, by words, code, district, industry, size, grade."""
    asked = _asked(request)
    found = queries.numbers(request.user, asked)
    page = Paginator(found[: queries.MOST], PAGE).get_page(request.GET.get("page"))
    told = {
        "asked": asked,
        "page": page,
        "rows": queries.rows(request.user, list(page.object_list)),
        "count": min(len(found), queries.MOST),
        "more": len(found) > queries.MOST,
        "choices": queries.choices(request.user),
        "sizes": queries.sees_sizes(request.user),
        "indexed": queries.indexed(),
        "waiting": queries.waiting(request.user),
        "most": queries.DOWNLOAD,
    }
    part = "enterprises/found.html" if request.htmx else "enterprises/list.html"  # type: ignore[attr-defined]
    return render(request, part, told)


@needs("enterprises.download")
@require_GET
def as_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same list as CSV."""
    asked = _asked(request)
    actions.downloaded(request.user, asked, form="csv")
    heads, lines = _lines(request, asked)
    answer = StreamingHttpResponse(
        sheets.csv_lines(heads, lines), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = 'attachment; filename="enterprises.csv"'
    return answer


@needs("enterprises.download")
@require_GET
def as_workbook(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook."""
    asked = _asked(request)
    actions.downloaded(request.user, asked, form="xlsx")
    heads, lines = _lines(request, asked)
    kept = queries.indexed()
    zh = request.language != "en"  # type: ignore[attr-defined]
    note = (f"企业库，运行 {kept.run}" if zh else f"Enterprises, run {kept.run}") if kept else ""
    if queries.is_simulated():
        note = ("模拟数据；" if zh else "Simulated data; ") + note
    title = "企业库" if zh else "Enterprises"
    answer = HttpResponse(
        sheets.workbook(title, note, heads, lines, _WIDTHS), content_type=_WORKBOOK
    )
    answer["Content-Disposition"] = 'attachment; filename="enterprises.xlsx"'
    return answer


def _lines(request: HttpRequest, asked: Asked) -> tuple[sheets.Line, Iterator[sheets.Line]]:
    """Heads and lines; sizes only for whom they are open."""
    language = "en" if request.language == "en" else "zh"  # type: ignore[attr-defined]
    sizes = queries.sees_sizes(request.user)
    heads = tuple(head.say(language) for head in (*_HEADS, *((_SIZE,) if sizes else ())))

    def lines() -> Iterator[sheets.Line]:
        for row in queries.all_rows(request.user, asked):
            one = row.enterprise
            line = (one.uscc, one.name, "；".join(row.former), row.district.say(language),
                    one.park_title, row.industry.say(language), one.status,
                    one.registered_on.isoformat() if one.registered_on else "", one.address,
                    one.grade)  # fmt: skip
            yield (*line, one.size) if sizes else line

    return heads, lines()


@needs("enterprises.claim")
@require_http_methods(["GET", "POST"])
def own_claims(request: HttpRequest) -> HttpResponse:
    """One's own claims, and a new one."""
    form, refused = ClaimForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            actions.claim(request.user, **form.cleaned_data)
        except NotAllowed as why:
            refused = why.text
        else:
            _say(request, Text(zh="已提交，等待核验", en="Sent: an officer will look at it."))
            return redirect("enterprises:own-claims")
    told = [(one, STATES[one.state]) for one in queries.own_claims(request.user)[:PAGE]]
    page = {"form": form, "refused": refused, "claims": told}
    return render(request, "enterprises/own_claims.html", page, status=400 if refused else 200)


@needs("enterprises.rule")
@require_GET
def claims(request: HttpRequest) -> HttpResponse:
    """Claims of one's district: the open ones first."""
    page = Paginator(queries.claims(request.user), PAGE).get_page(request.GET.get("page"))
    names = queries.names_of([one.uscc for one in page])
    told = [(one, names.get(one.uscc, ""), STATES[one.state]) for one in page]
    return render(request, "enterprises/claims.html", {"claims": told, "page": page})


@needs("enterprises.rule")
@require_POST
def rule(request: HttpRequest, number: int) -> HttpResponse:
    """Grant or refuse."""
    form = RulingForm(request.POST)
    if not form.is_valid():
        return redirect("enterprises:claims")
    granted = form.cleaned_data["granted"] == "yes"
    try:
        actions.rule(number, by=request.user, granted=granted, reason=form.cleaned_data["reason"])
    except Claim.DoesNotExist as none:
        raise Http404 from none
    except NotAllowed as refused:
        _say(request, refused.text, level=messages.ERROR)
    else:
        _say(request, Text(zh="已处理", en="Done"))
    return redirect("enterprises:claims")


@needs("enterprises.merge")
@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, uscc: str) -> HttpResponse:
    """Tell this code under another one."""
    enterprise = queries.one(request.user, "enterprises.merge", uscc)
    if enterprise is None:
        raise Http404
    form, refused = MergerForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.merge(enterprise.uscc, by=request.user, **form.cleaned_data)
        except NotAllowed as why:
            refused = why.text
        else:
            return redirect("dossier:file", uscc=made.into)
    page = {"enterprise": enterprise, "form": form, "refused": refused}
    return render(request, "enterprises/merge.html", page, status=400 if refused else 200)


@needs("enterprises.merge")
@require_POST
def split(request: HttpRequest, number: int) -> HttpResponse:
    """Undo a merger."""
    try:
        made = actions.split(number, by=request.user)
    except Merger.DoesNotExist as none:
        raise Http404 from none
    except NotAllowed as refused:
        _say(request, refused.text, level=messages.ERROR)
        return redirect("enterprises:list")
    return redirect("dossier:file", uscc=made.uscc)


def _say(request: HttpRequest, text: Text, *, level: int = messages.SUCCESS) -> None:
    language = "en" if request.language == "en" else "zh"  # type: ignore[attr-defined]
    messages.add_message(request, level, text.say(language))
