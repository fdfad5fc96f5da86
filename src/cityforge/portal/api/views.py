"""Pages about the API: tokens, one's own and everybody's; the reference; a number."""

import json
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cityforge.brain.errors import Text
from cityforge.portal.accounts.permissions import NotAllowed
from cityforge.portal.api import actions, document, numbers, problems, queries
from cityforge.portal.api.forms import TokenForm, usual_end
from cityforge.portal.api.route import JSON, KINDS
from cityforge.portal.api.scopes import SCOPES
from cityforge.portal.shell.guard import needs

_PAGE = 50
_NAMES = {kind: name for name, kind in KINDS.items()}


@needs("api.reference")
@require_GET
def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document."""
    return JsonResponse(document.document(), json_dumps_params={"ensure_ascii": False})


@needs("api.reference")
@require_GET
def reference(request: HttpRequest) -> HttpResponse:
    """How to ask: every address with its parameters, an example, and what it answers."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in document.document()["paths"].items():
        for method, told in methods.items():
            groups.setdefault(told["tags"][0], []).append(_entry(path, method, told))
    page = {
        "groups": [(_both(tag), document.slug(tag), found) for tag, found in groups.items()],
        "scopes": list(SCOPES.items()),
        "problems": [(code, problems.TITLES[code], problems.DETAILS[code])
                     for code in problems.TITLES],
        "host": request.build_absolute_uri("/").rstrip("/"),
    }  # fmt: skip
    return render(request, "api/reference.html", page)


@needs("api.tokens")
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """One's own tokens, and a new one; its secret is shown this once."""
    form, wrong, secret = TokenForm(request.POST or None), None, ""
    if request.method == "POST":
        if form.is_valid():
            given = form.cleaned_data
            try:
                _, secret = actions.make(
                    request.user, given["name"], given["scopes"], expires=given["expires"]
                )
            except NotAllowed as refused:
                wrong = refused.text
        else:
            wrong = Text(
                zh="请写明用途，选权限和到期日", en="Say what it is for, its uses and its last day."
            )
    page = {
        "tokens": queries.own(request.user),
        "useful": queries.useful(request.user),
        "chosen": request.POST.getlist("scopes") if wrong else [],
        "given": {"name": request.POST.get("name", "")} if wrong else {},
        "ends": usual_end(),
        "secret": secret,
        "wrong": wrong,
        "host": request.build_absolute_uri("/").rstrip("/"),
    }
    return render(request, "api/tokens.html", page, status=422 if wrong else 200)


@needs("api.tokens")
@require_POST
def revoke_own(request: HttpRequest, pk: int) -> HttpResponse:
    """End one's own token."""
    found = queries.one(pk)
    if found is None or found.user_id != request.user.pk:
        raise Http404
    actions.revoke(found, by=request.user)
    return _revoked(request, "api:tokens")


@needs("api.oversee")
@require_GET
def oversee(request: HttpRequest) -> HttpResponse:
    """Everybody's tokens, for the security admin."""
    page = Paginator(queries.everybody(), _PAGE).get_page(request.GET.get("page"))
    return render(request, "api/oversee.html", {"tokens": queries.shown(list(page)), "page": page})


@needs("api.oversee")
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End anybody's token, as the security admin."""
    found = queries.one(pk)
    if found is None:
        raise Http404
    actions.revoke(found, by=request.user)
    return _revoked(request, "api:oversee")


@needs("api.numbers")
@require_GET
def number(
    request: HttpRequest, snapshot: str, scheme: str, version: str, place: str, grade: str
) -> HttpResponse:
    """A number at its permanent address: what it means, where it is from, how to count it again."""
    found = numbers.one(request.user, snapshot, scheme, version, place, grade)
    if found is None:
        raise Http404
    page = {"number": found, "receipt": found.of.receipt, "query": found.of.query(place, grade)}
    return render(request, "api/number.html", page)


def _revoked(request: HttpRequest, where: str) -> HttpResponse:
    words = Text(zh="令牌已撤销，立即失效", en="The token is revoked and works no more.")
    messages.success(request, words.say(request.language))  # type: ignore[attr-defined]
    return redirect(where)


def _entry(path: str, method: str, told: dict[str, Any]) -> dict[str, Any]:
    parameters = [
        {
            "name": one["name"],
            "where": one["in"],
            "says": _both(one.get("description", "")),
            "required": one["required"],
            "example": _first(one["schema"].get("examples") or [""]),
        }
        for one in told["parameters"]
    ]
    address, asked = path, {}
    for one in parameters:
        if one["where"] == "path":
            address = address.replace("{" + one["name"] + "}", str(one["example"]))
        elif one["required"]:
            asked[one["name"]] = one["example"]
    good = next(status for status in told["responses"] if status < "300")
    content = told["responses"][good]["content"]
    return {
        "path": path,
        "method": method.upper(),
        "address": f"{address}?{urlencode(asked)}" if asked else address,
        "says": _both(told["summary"]),
        "action": told["x-action"],
        "is_public": {} in told["security"],
        "parameters": parameters,
        "body": next(iter(told.get("requestBody", {}).get("content", {})), ""),
        "sent": document.sent(told, document.document()["components"]["schemas"]),
        "kinds": [_NAMES.get(kind, kind) for kind in content],
        "example": _written(content.get(JSON, {}).get("example")),
        "refuses": [status for status in told["responses"] if status >= "400"],
    }


def _first(examples: list[Any]) -> Any:
    """The first example; of a parameter that may be given many times, one of its values."""
    return examples[0][0] if isinstance(examples[0], list) else examples[0]


def _written(example: Any) -> str:
    return "" if example is None else json.dumps(example, ensure_ascii=False, indent=2)


def _both(words: str) -> Text:
    zh, _, en = words.partition(" · ")
    return Text(zh=zh, en=en or zh)
