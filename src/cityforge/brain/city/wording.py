"""What is wrong with the shape of a file, in plain words of both languages."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError

from cityforge.brain.city.document import Document, Path_
from cityforge.brain.errors import Problem, Text

# Pydantic's error type -> what it means for the person who wrote the file.
_KINDS: dict[str, Text] = {
    "string_type": Text(zh="应为文字", en="must be text"),
    "string_too_short": Text(zh="不能为空", en="must not be empty"),
    "string_too_long": Text(zh="文字过长", en="is too long"),
    "int_type": Text(zh="应为整数", en="must be a whole number"),
    "int_parsing": Text(zh="应为整数", en="must be a whole number"),
    "int_from_float": Text(zh="应为整数", en="must be a whole number"),
    "decimal_type": Text(zh="应为数字", en="must be a number"),
    "decimal_parsing": Text(zh="应为数字", en="must be a number"),
    "bool_type": Text(zh="应为 true 或 false", en="must be true or false"),
    "bool_parsing": Text(zh="应为 true 或 false", en="must be true or false"),
    "date_type": Text(zh="应为日期", en="must be a date"),
    "date_parsing": Text(zh="应为日期", en="must be a date"),
    "date_from_datetime_parsing": Text(zh="应为日期", en="must be a date"),
    "date_from_datetime_inexact": Text(zh="应为日期", en="must be a date"),
    "list_type": Text(zh="应为列表", en="must be a list"),
    "dict_type": Text(zh="应为键值表", en="must be a mapping"),
    "model_type": Text(zh="应为键值表", en="must be a mapping"),
    "too_short": Text(zh="至少要有一项", en="needs at least one entry"),
    "tuple_type": Text(zh="应为列表", en="must be a list"),
}
_HINTS: dict[str, Text] = {
    "date": Text(zh="写成 2025-09-30 的样子，且须是真实日期", en="Write a real date: 2025-09-30."),
    "list": Text(zh="每项一行，以“- ”开头", en="One entry a line, each starting with '- '."),
    "tuple": Text(zh="写成 [行, 列] 的样子", en="Write it as [row, column]."),
    "too": Text(zh="写上至少一项，每项以“- ”开头", en="Write one entry, starting with '- '."),
    "dict": Text(zh="写成 名称: 值 的样子", en="Write it as name: value."),
    "model": Text(zh="写成 名称: 值 的样子", en="Write it as name: value."),
    "int": Text(zh="写成 2025 的样子，不带小数和单位", en="Write digits only, such as 2025."),
    "decimal": Text(zh="写成 12.5 的样子，不带单位和千分位", en="Write digits only, such as 12.5."),
    "bool": Text(zh="写 true 或 false", en="Write true or false."),
    "string": Text(
        zh="写一段文字；纯数字的代码请加引号，如 “990100”",
        en='Write text; put quotes around a code of digits: "990100".',
    ),
}
_LOOK_UP = Text(
    zh="对照 docs/reference 中这一文件的说明", en="See this file's page in docs/reference."
)


def shape_problems(
    error: ValidationError, document: Document, model: type[BaseModel]
) -> Iterable[Problem]:
    """One Problem for each fault that the model found, at its place in the file."""
    for fault in error.errors(include_url=False):
        yield _problem(fault, document, model)


def _problem(fault: Any, document: Document, model: type[BaseModel]) -> Problem:
    kind = str(fault["type"])
    path = _known_path(fault["loc"], document)
    name = str(fault["loc"][-1]) if fault["loc"] else document.file
    given = _short(fault["input"])
    if kind == "extra_forbidden":
        allowed = _keys_at(model, fault["loc"][:-1])
        return document.problem(
            path,
            Text(zh=f"未知的键“{name}”", en=f"unknown key '{name}'"),
            nearest(name, allowed),
            at_key=True,
        )
    if kind == "missing":
        return document.problem(
            path,
            Text(zh=f"缺少必填项“{name}”", en=f"'{name}' is missing"),
            Text(zh=f"补上 {name}: …", en=f"Add {name}: …"),
            at_key=True,
        )
    if kind in ("literal_error", "enum"):
        allowed_text = str(fault.get("ctx", {}).get("expected", "")).replace(" or ", ", ")
        return document.problem(
            path,
            Text(zh=f"“{name}”的值“{given}”不在允许范围", en=f"bad value for '{name}'"),
            Text(zh=f"可用：{allowed_text}", en=f"One of: {allowed_text}"),
        )
    if kind == "together":
        return document.problem(path, Text(**fault["ctx"]), _LOOK_UP)
    meaning = _KINDS.get(kind)
    if meaning is None:
        return document.problem(
            path,
            Text(zh=f"“{name}”的值“{given}”不合要求", en=f"'{name}': {fault['msg']}"),
            Text(zh=_limits(fault) or _LOOK_UP.zh, en=str(fault["msg"])),
        )
    family = kind.split("_", 1)[0]
    return document.problem(
        path,
        Text(
            zh=f"“{name}”{meaning.zh}，现为“{given}”",
            en=f"'{name}' {meaning.en}, not '{given}'",
        ),
        _HINTS.get(family, _LOOK_UP),
    )


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 40 else text[:40] + "…"


def _limits(fault: Any) -> str:
    context = fault.get("ctx", {})
    words = {"gt": "大于", "ge": "不小于", "lt": "小于", "le": "不大于", "pattern": "形式"}
    return "；".join(f"{words[key]} {context[key]}" for key in words if key in context)


def _known_path(loc: tuple[str | int, ...], document: Document) -> Path_:
    """The fault's path without the tags that unions put between."""
    path: Path_ = ()
    for part in loc:
        if (*path, part) in document.values:
            path = (*path, part)
    return path


def _keys_at(model: type[BaseModel], loc: tuple[str | int, ...]) -> list[str]:
    """The keys that a file may hold at a place, by walking the models' own fields."""
    current: type[BaseModel] | None = model
    for part in loc:
        if isinstance(part, int) or current is None:
            continue
        field = next((f for n, f in current.model_fields.items() if part in (n, f.alias)), None)
        current = _model_inside(field.annotation) if field else None
    if current is None:
        return []
    return [field.alias or name for name, field in current.model_fields.items()]


def _model_inside(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = _model_inside(inner)
        if found:
            return found
    return None


def nearest(name: str, known: Iterable[str], *, of: Text | None = None) -> Text:
    """ "Did you mean": the nearest known names; else the first few of them."""
    names = sorted(set(known))
    close = get_close_matches(name, names, n=3, cutoff=0.5)
    if close:
        return Text(
            zh="是否想写：" + "、".join(close),
            en="Did you mean: " + ", ".join(close) + "?",
        )
    if not names:
        return Text(zh="目前一个也没有，先添上", en="There is none yet; add one first.")
    shown = names[:8]
    more = "…" if len(names) > len(shown) else ""
    what = of or Text(zh="可用", en="Known")
    return Text(
        zh=f"{what.zh}：" + "、".join(shown) + more,
        en=f"{what.en}: " + ", ".join(shown) + more,
    )
