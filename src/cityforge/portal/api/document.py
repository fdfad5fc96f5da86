"""The API put together, and its OpenAPI document."""

import json
import re
from functools import lru_cache
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.renderers import JSONRenderer

from cityforge.portal.api import problems
from cityforge.portal.api.route import JSON, ROOT, ROUTES
from cityforge.portal.api.routes import (
    campaigns,
    check_up,
    city,
    comparisons,
    corrections,
    datasets,
    deliveries,
    desk,
    drafts,
    earlier,
    enterprises,
    evaluations,
    numbers,
    oversight,
    policies,
    proceedings,
    runs,
)
from cityforge.portal.api.shapes.answers import Page, Words

_ABOUT = """铸城门户的接口：网页上能读的，系统都能读；部门系统可以报送数据、核实更正，
企业系统可以填报和申请更正，分析系统可以开始计算。
带上令牌（Authorization: Bearer），账号能看什么，令牌就最多能看什么。文字都有中文和英文。

The API of the CityForge portal: systems read what people read on its pages; those of bureaus
deliver data and rule on corrections, those of enterprises declare and ask, those of analysts start
runs. Send a token (Authorization: Bearer): it never sees more than its account. All words
are in Chinese and in English."""
_TOKEN = "令牌：在“我的账号”中建立，以 cf_ 开头 · A token, made on the page of one's account"


class _Renderer(JSONRenderer):
    """Chinese as it is written."""

    json_dumps_params: ClassVar[dict[str, Any]] = {"ensure_ascii": False}


api = NinjaAPI(
    renderer=_Renderer(),
    title="铸城接口 · CityForge API",
    version="1",
    description=_ABOUT,
    openapi_url=None,
    docs_url=None,
    urls_namespace="api",
)
# An address without a parameter comes before one with: comparisons, earlier, drafts.
_MODULES = (
    city, desk, datasets, deliveries, enterprises, corrections, runs, comparisons, earlier,
    evaluations, proceedings, drafts, policies, check_up, campaigns, numbers, oversight,
)  # fmt: skip
for _module in _MODULES:
    api.add_router("", _module.router)


def _refused(request: HttpRequest, error: Exception) -> HttpResponse:
    return problems.of(request, error)


for _known in problems.KNOWN:
    api.add_exception_handler(_known, _refused)


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """The OpenAPI document: what ninja knows, with tokens, files, problems and examples."""
    made: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=ROOT.lstrip("/")))
    made["servers"] = [{"url": "/"}]
    made["components"]["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": _TOKEN}
    }
    schemas = made["components"]["schemas"]
    for name, schema in schemas.items():
        if name.startswith("Page_"):
            schema["description"] = Page.__doc__
    for methods in made["paths"].values():
        for told in methods.values():
            _told(told, schemas)
    return made


def _told(told: dict[str, Any], schemas: dict[str, Any]) -> None:
    route = ROUTES[told["operationId"]]
    told["x-action"] = route.action
    told["description"] = f"{told['summary']}\n\n动作 · action: `{route.action}`"
    for one in told["parameters"]:
        # A list in JSON Schema, but named examples in OpenAPI.
        given = one.pop("examples", [])
        one["examples"] = {f"{n}": {"value": value} for n, value in enumerate(given, start=1)}
    answers = {str(status): answer for status, answer in told["responses"].items()}
    told["responses"] = answers
    for status, answer in answers.items():
        title = problems.TITLES.get(int(status))
        answer["description"] = f"{title.zh} · {title.en}" if title else "成功 · Done"
        content = answer.setdefault("content", {})
        if int(status) >= 400:
            answer["content"] = {problems.TYPE: content[JSON]}
            continue
        if JSON in content:
            content[JSON]["example"] = example(content[JSON]["schema"], schemas)
        for kind in route.kinds:
            content[kind] = {"schema": {"type": "string", "format": "binary"}}
        answer["headers"] = (
            {
                "ETag": {
                    "schema": {"type": "string"},
                    "description": "内容的标签 · Tag of the content",
                }
            }
            if JSON in content
            else {}
        )


def example(schema: dict[str, Any], schemas: dict[str, Any], says: str = "") -> Any:
    """An answer made of the examples of its fields; words without one say what they mean."""
    says = schema.get("description", says)
    if schema.get("examples"):
        return schema["examples"][0]
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        if name == Words.__name__ and says:
            zh, _, en = says.partition(" · ")
            return {"zh": zh, "en": en}
        return example(schemas[name], schemas)
    for joined in ("anyOf", "allOf"):
        if joined in schema:
            return example(schema[joined][0], schemas, says)
    kind = schema.get("type")
    if kind == "array":
        return [example(schema["items"], schemas, says)]
    if kind == "object":
        fields = schema.get("properties", {})
        return {name: example(one, schemas) for name, one in fields.items()}
    return None


def sent(told: dict[str, Any], schemas: dict[str, Any]) -> list[str]:
    """What curl is given to send a body, made of the examples of its fields."""
    for kind, body in told.get("requestBody", {}).get("content", {}).items():
        if kind == JSON:
            given = json.dumps(example(body["schema"], schemas), ensure_ascii=False)
            return [f'-H "Content-Type: {JSON}"', f"-d '{given}'"]
        fields = body["schema"]["properties"].items()
        return [f'-F "{name}={_field(one, schemas)}"' for name, one in fields]
    return []


def _field(one: dict[str, Any], schemas: dict[str, Any]) -> str:
    inner = one.get("items", one)
    said = example(one if "examples" in one else inner, schemas)
    return f"@{said}" if inner.get("format") == "binary" else str(said)


def places() -> list[Any]:
    """The addresses of all routes, each view with its action."""
    made = []
    for one in api.urls[0]:
        # Ninja's own first page shows nothing of ours.
        if one.name not in ROUTES:
            continue
        route = ROUTES[one.name]
        one.callback.action = route.action
        one.callback.__doc__ = f"{route.says.en}."
        made.append(one)
    return made


def slug(tag: str) -> str:
    return re.sub(r"[^a-z]+", "-", tag.lower()).strip("-")
