"""Why something is refused, as RFC 9457 has it, in both languages."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from ninja.errors import HttpError, ValidationError

from cityforge.brain.errors import ProblemsFound, RunRefused, Text, ValueRefused
from cityforge.portal.accounts.permissions import NotAllowed, NotNow
from cityforge.portal.analytics.policies.checking import Refused

TYPE = "application/problem+json"
WHERE = "/api/"  # the reference page, where each problem is explained
TITLES: dict[int, Text] = {
    400: Text(zh="请求有误", en="Bad request"),
    401: Text(zh="需要有效的令牌", en="A valid token is needed"),
    403: Text(zh="没有权限", en="Not allowed"),
    404: Text(zh="没有这一项", en="Not found"),
    405: Text(zh="这个地址不接受这种方法", en="Method not allowed"),
    406: Text(zh="没有所要的格式", en="Not acceptable"),
    409: Text(zh="现在不能这样做", en="Not now"),
    413: Text(zh="内容太大", en="Too large"),
    415: Text(zh="不接受这种内容", en="Unsupported content"),
    422: Text(zh="参数或内容不符合要求", en="Does not fit"),
    429: Text(zh="请求太频繁", en="Too many requests"),
    500: Text(zh="系统出错", en="Something went wrong"),
}
DETAILS: dict[int, Text] = {
    400: Text(zh="请求的内容读不出来。", en="The content of the request cannot be read."),
    401: Text(
        zh="请求头须有 Authorization: Bearer 和令牌；令牌在“我的账号”建立，可能已到期或撤销。",
        en="Send Authorization: Bearer with a token; one is made on the page of one's account, and "
        "may have ended or been revoked.",
    ),
    403: Text(
        zh="账号的角色或令牌的权限不包括这一项。",
        en="Neither the roles of the account nor the uses of the token cover this.",
    ),
    404: Text(
        zh="没有这一项，或不在账号的数据范围内。",
        en="There is no such thing, or it is outside of what the account may see.",
    ),
    405: Text(zh="请看接口说明中的方法。", en="See the methods in the reference."),
    406: Text(
        zh="可用的格式：json、csv、parquet、xlsx。", en="There are json, csv, parquet and xlsx."
    ),
    409: Text(zh="先完成或撤回前一步。", en="End or take back what came before."),
    413: Text(zh="缩小范围后再取。", en="Ask for less."),
    415: Text(zh="请看接口说明中的内容类型。", en="See the content types in the reference."),
    422: Text(zh="请看 errors 中的每一处。", en="See each place under errors."),
    429: Text(zh="等 Retry-After 所写的秒数再试。", en="Try again after Retry-After seconds."),
    500: Text(zh="没有改动任何数据，请稍后再试。", en="Nothing was changed; try again later."),
}
# What pydantic calls a fault -> how it is told; {…} from its context.
_FAULTS: dict[str, Text] = {
    "missing": Text(zh="没有填", en="is missing"),
    "int_parsing": Text(zh="须是整数", en="must be a whole number"),
    "int_from_float": Text(zh="须是整数", en="must be a whole number"),
    "bool_parsing": Text(zh="须是 true 或 false", en="must be true or false"),
    "date_from_datetime_parsing": Text(zh="须是年-月-日", en="must be year-month-day"),
    "greater_than_equal": Text(zh="不能小于 {ge}", en="must be {ge} or more"),
    "less_than_equal": Text(zh="不能大于 {le}", en="must be {le} or less"),
    "string_too_long": Text(
        zh="不能超过 {max_length} 个字符", en="has {max_length} characters at most"
    ),
    "string_too_short": Text(
        zh="至少 {min_length} 个字符", en="has {min_length} characters or more"
    ),
    "string_type": Text(zh="须是文字", en="must be text"),
    "string_pattern_mismatch": Text(zh="写法不对", en="is not written as it should be"),
    "literal_error": Text(zh="只能是 {expected}", en="must be one of {expected}"),
    "extra_forbidden": Text(zh="没有这个参数", en="is not known"),
}
_ELSE = Text(zh="不符合要求", en="does not fit")
Error = dict[str, str]


class TooMuch(Exception):
    """More rows than are given at a time."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def answer(
    request: HttpRequest,
    status: int,
    detail: Text | None = None,
    *,
    errors: Sequence[Error] = (),
    headers: dict[str, str] | None = None,
) -> JsonResponse:
    """A problem; title and detail in Chinese, and in English beside."""
    title, told = TITLES.get(status, TITLES[400]), detail or DETAILS.get(status, DETAILS[400])
    said: dict[str, Any] = {
        "type": f"{WHERE}#problem-{status}",
        "title": title.zh,
        "title_en": title.en,
        "status": status,
        "detail": told.zh,
        "detail_en": told.en,
        "instance": request.path,
        "errors": list(errors),
    }
    given = JsonResponse(
        said, status=status, content_type=TYPE, json_dumps_params={"ensure_ascii": False}
    )
    for name, value in (headers or {}).items():
        given[name] = value
    return given


def of(request: HttpRequest, error: Exception) -> JsonResponse:
    """What a route raised, as a problem. Raises what is none of those known here."""
    if isinstance(error, NotAllowed):
        return answer(request, 403, error.text)
    if isinstance(error, NotNow):
        return answer(request, 409, error.text)
    if isinstance(error, TooMuch):
        return answer(request, 413, error.text)
    if isinstance(error, Http404):
        return answer(request, 404)
    if isinstance(error, ValidationError):
        return answer(request, 422, errors=[_fault(one) for one in error.errors])
    if isinstance(error, HttpError):
        return answer(request, error.status_code)
    if isinstance(error, ProblemsFound):
        told = [
            {"where": one.file, "what": f"{one.what.zh}；{one.hint.zh}".rstrip("；"),
             "what_en": f"{one.what.en}; {one.hint.en}".rstrip("; ")}
            for one in error.problems
        ]  # fmt: skip
        return answer(request, 422, errors=told)
    if isinstance(error, (RunRefused, ValueRefused, Refused)):
        return answer(request, 422, error.text)
    raise error


KNOWN = (NotAllowed, NotNow, TooMuch, Http404, ValidationError, HttpError, ProblemsFound,
         RunRefused, ValueRefused, Refused)  # fmt: skip


def _fault(one: Any) -> Error:
    told = _FAULTS.get(one["type"], _ELSE)
    more = one.get("ctx") or {}
    return {
        "where": ".".join(str(part) for part in one["loc"]),
        "what": _filled(told.zh, more),
        "what_en": _filled(told.en, more),
    }


def _filled(words: str, more: dict[str, Any]) -> str:
    return words.format_map({name: str(value) for name, value in more.items()})
