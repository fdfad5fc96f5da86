"""A scheme with something changed, to see what it would do before it is decided.

A change is written `path=value`. A path leads through the keys of the scheme's file, items of a
list by their id or grade: `parts.above.indicators.tax_per_mu.weight=40`, `base.factor=1.5`. Short
ways: `weight.tax_per_mu=40` in every part that has it; `band.A=15` moves where a grade ends.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.folder import City
from cityforge.brain.city.scheme import Scheme
from cityforge.brain.city.scheme_checks import check_scheme
from cityforge.brain.errors import RunRefused, Text

WEIGHT, BAND = "weight", "band"


def changed(city: City, book: Dictionary, scheme: Scheme, changes: Sequence[str]) -> Scheme:
    """The scheme with the changes made and checked. Raises RunRefused, with all that is wrong."""
    data = scheme.model_dump(mode="json", by_alias=True, exclude_none=True)
    for change in changes:
        path, sign, value = change.partition("=")
        keys = path.strip().split(".")
        if not sign or not all(keys):
            raise _refused(f"“{change}”应写成 路径=值", f"'{change}' should read path=value")
        if keys[0] == WEIGHT and len(keys) == 2:
            _weigh(data, keys[1], value.strip())
        elif keys[0] == BAND and len(keys) == 2:
            _band(data, keys[1], value.strip())
        else:
            _put(data, keys, value.strip())
    try:
        made = Scheme.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        raise _refused(
            f"{where} 的新值不合要求：{first['msg']}", f"{where}: {first['msg']}"
        ) from error
    trial = replace(city, schemes={**city.schemes, made.id: made})
    problems = [p for p in check_scheme(trial, book, made) if p.severity == "error"]
    if problems:
        raise _refused(
            "；".join(problem.what.zh for problem in problems),
            "; ".join(problem.what.en for problem in problems),
        )
    return made


def _weigh(data: dict[str, Any], name: str, value: str) -> None:
    found = [i for part in data["parts"] for i in part["indicators"] if i["id"] == name]
    if not found:
        known = dict.fromkeys(i["id"] for part in data["parts"] for i in part["indicators"])
        raise _unknown(name, list(known))
    for indicator in found:
        indicator["weight"] = value


def _band(data: dict[str, Any], grade: str, value: str) -> None:
    bands = data["grading"]["bands"]
    at = next((i for i, band in enumerate(bands) if band["grade"] == grade), None)
    if at is None:
        raise _unknown(grade, [band["grade"] for band in bands])
    if data["grading"]["by"] == "score":
        bands[at]["at_least"] = value
        return
    bands[at]["to"] = value
    if at + 1 < len(bands):
        bands[at + 1]["from"] = value


def _put(data: Any, keys: list[str], value: str) -> None:
    for key in keys[:-1]:
        data = _inside(data, key)
    if not isinstance(data, dict):
        raise _unknown(keys[-1], [])
    data[keys[-1]] = value


def _inside(data: Any, key: str) -> Any:
    if isinstance(data, list):
        named = {str(item.get("id") or item.get("grade")): item for item in data}
        if key not in named:
            raise _unknown(key, list(named))
        return named[key]
    if not isinstance(data, Mapping) or key not in data:
        raise _unknown(key, list(data) if isinstance(data, Mapping) else [])
    return data[key]


def _unknown(name: str, known: Sequence[str]) -> RunRefused:
    shown = "、".join(known) or "—"
    return _refused(
        f"方案里没有“{name}”；有：{shown}", f"no '{name}' in the scheme; it has {shown}"
    )


def _refused(zh: str, en: str) -> RunRefused:
    return RunRefused(Text(zh=zh, en=en))
