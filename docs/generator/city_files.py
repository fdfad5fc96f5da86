"""docs/reference/city-files.md, from the models that a city's files are checked against."""

import functools
import inspect
import json
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from cityforge.brain.city.folder import FILES, FOLDERS
from cityforge.brain.city.shapes import LegalUse, Verified
from generator import markdown
from generator.markdown import code, table

_PLAIN = {
    "str": "文字 · text",
    "int": "整数 · whole number",
    "Decimal": "数 · number",
    "bool": "true / false",
    "date": "日期 · date",
}

INTRO = """
一座城市就是一个文件夹。下面是其中每个文件、每个键。**粗体**为必填；多写一个键、写错一个值，
`cityforge check` 都会指出文件、行、列和改法。编辑器认得 `schemas/` 里的 JSON Schema。

A city is a folder. Here is each file and each key; **bold** ones are required. An unknown key or a
wrong value is told by `cityforge check` with file, line, column and cure. Editors read the JSON
Schemas in `schemas/`.

```text
city.yaml  units.yaml  plan.yaml  published.yaml  townships.yaml
datasets/  facts/  parameters/  registers/  schemes/  scheme_outlines/  indicators/  examples/
policies/  combinations/  diagnoses/  ladders/
```

`city.yaml` 和 `units.yaml` 必须有，其余按需。文件夹里一物一文件，文件名就是标识。
`city.yaml` and `units.yaml` must be there; in the folders a file's name is its id.
"""


def page() -> str:
    """Every file, then every shape that stands inside them."""
    tops = {name: model for name, (model, _) in FILES.items()}
    tops |= {f"{folder}/<id>.yaml": model for folder, model in FOLDERS.items()}
    parts = [_section(f"`{name}`", model) for name, model in tops.items()]
    inner = [model for model in _walked(tops.values()) if model not in tops.values()]
    parts += [_section(model.__name__, model) for model in inner]
    words = [
        [code(member.value), zh, en]
        for member, (zh, en) in zip([*Verified, *LegalUse], _MEANINGS, strict=True)
    ]
    marks = "## 核实程度与合法用途 · evidence and legal use\n\n" + table(
        ["值", "含义", "meaning"], words
    )
    return markdown.page("城市文件 · The files of a city", INTRO, marks, *parts)


_MEANINGS = (
    ("已与正式文件核对", "checked against the official document"),
    ("见于转载本，使用前须核对原文", "seen in a copy; check the original before use"),
    ("通行做法或国家标准，凭常识录入", "common rule or standard, from general knowledge"),
    ("本市设定，可改", "set by the city, to be replaced"),
    ("描述城市、地区、行业", "figures of the city, a district, an industry"),
    ("处置单个企业：评级、补助、差别化价格", "a decision about one enterprise"),
)


def _walked(models: Any) -> list[type[BaseModel]]:
    """These models and all inside them, each once, outer first."""
    found: list[type[BaseModel]] = []
    waiting = list(models)
    while waiting:
        model = waiting.pop(0)
        if model not in found:
            found.append(model)
            for field in model.model_fields.values():
                waiting += _models_in(field.annotation)
    return found


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for inner in get_args(annotation) for model in _models_in(inner)]


def _section(title: str, model: type[BaseModel]) -> str:
    rows = [_row(model, name, field) for name, field in model.model_fields.items()]
    heads = ["键 · key", "类型 · type", "缺省 · default", "含义 · meaning"]
    about = (inspect.getdoc(model) or "").replace("\n", " ")
    return f"## {title}\n\n{about}\n\n{table(heads, rows)}"


def _row(model: type[BaseModel], name: str, field: FieldInfo) -> list[str]:
    key = field.alias or name
    shown = f"**{code(key)}**" if field.is_required() else code(key)
    return [shown, _type(field.annotation), _default(field), meaning(model, key, field)]


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return ""
    default = field.get_default(call_default_factory=True)
    if default is None or default == [] or default == {}:
        return "—"
    return code(json.dumps(default, default=str, ensure_ascii=False).strip('"'))


def meaning(model: type[BaseModel], key: str, field: FieldInfo) -> str:
    """The description of the model, else of the table of keys; raises KeyError where neither is."""
    if field.description:
        return field.description.replace(" / ", " · ")
    words = _keys()
    owners = [parent.__name__ for parent in model.__mro__ if issubclass(parent, BaseModel)]
    for owner in [*owners, "*"]:
        if f"{owner}.{key}" in words:
            return " · ".join(words[f"{owner}.{key}"])
    raise KeyError(f"{model.__name__}.{key} has neither description nor line in keys.tsv")


@functools.cache
def _keys() -> dict[str, tuple[str, str]]:
    text = (Path(__file__).parent / "keys.tsv").read_text(encoding="utf-8")
    lines = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return {key: (zh, en) for key, zh, en in lines}


def _type(annotation: Any) -> str:
    """A type as people say it."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _type(inner[0])
    if origin is Literal:
        return " / ".join(code(str(value)) for value in inner)
    if origin in (Union, UnionType):
        return " / ".join(_type(one) for one in inner if one is not NoneType)
    if origin is list:
        return f"列表 · list: {_type(inner[0])}"
    if origin is dict:
        return f"键值表 · mapping: {_type(inner[1])}"
    if origin is tuple:
        return "[行 · row, 列 · column]"
    if issubclass(annotation, BaseModel):
        tops = [model for model, _ in FILES.values()] + list(FOLDERS.values())
        anchor = annotation.__name__.lower()
        return (
            code(annotation.__name__)
            if annotation in tops
            else f"[{annotation.__name__}](#{anchor})"
        )
    if issubclass(annotation, Enum):
        return " / ".join(code(member.value) for member in annotation)
    return _PLAIN[annotation.__name__]
