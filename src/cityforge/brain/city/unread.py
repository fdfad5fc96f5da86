"""What of a city folder cannot be read, and how far a file with faults still can.

A reference to something unread is not blamed: its own file says already what is wrong with it.
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from cityforge.brain.city.document import Document
from cityforge.brain.city.wording import shape_problems
from cityforge.brain.errors import Problem

Model = TypeVar("Model", bound=BaseModel)

FACTS = "facts"
_TRIES = 3  # a value left out may show that its key was required


@dataclass(slots=True)
class Unread:
    """`names`: ids and titles that a faulty file meant to define; `kinds`: files unread whole."""

    kinds: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.kinds or self.names)

    def may_hold(self, name: str, kind: str = "") -> bool:
        return name in self.names or kind in self.kinds


def build(
    document: Document, model: type[Model], problems: list[Problem], unread: Unread
) -> Model | None:
    """The model of a document with every Problem of its shape.

    Unknown keys, and optional values that cannot be read, are left out, so that the rest is
    checked in the same go. None when that is not enough.
    """
    problems.extend(document.problems)
    if document.problems and document.data is None:
        return None
    data = document.data
    for attempt in range(_TRIES):
        try:
            return model.model_validate(data)
        except ValidationError as error:
            if attempt == 0:
                problems.extend(shape_problems(error, document, model))
            data, is_mended = _without_faults(data, error, unread)
            if not is_mended:
                break
    unread.names.update(_names(document.data))
    return None


def _without_faults(data: Any, error: ValidationError, unread: Unread) -> tuple[Any, bool]:
    mended, is_changed = deepcopy(data), False
    for fault in error.errors(include_url=False, include_context=False):
        above, key = _place(mended, fault["loc"])
        if not isinstance(above, dict) or key not in above:
            continue  # an entry of a list stays: the places of those after it must not shift
        if fault["type"] != "extra_forbidden":
            unread.names.update(_names(above))
        del above[key]
        is_changed = True
    return mended, is_changed


def _place(data: Any, loc: tuple[str | int, ...]) -> tuple[Any, Any]:
    """The container and key of the innermost value on a fault's path; unions add tags to it."""
    above, key, value = None, None, data
    for part in loc:
        try:
            inner = value[part]
        except (KeyError, IndexError, TypeError):
            break
        above, key, value = value, part, inner
    return above, key


def _names(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        yield from (str(data[key]) for key in ("id", "title", "number") if key in data)
        for value in data.values():
            yield from _names(value)
    elif isinstance(data, list):
        for value in data:
            yield from _names(value)
