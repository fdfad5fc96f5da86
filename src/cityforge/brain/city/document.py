"""One YAML file as plain data that remembers where each value stands. Holds no meaning."""

import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from cityforge.brain.city.spot import Spot, inside
from cityforge.brain.errors import Problem, Text

Path_ = tuple[str | int, ...]

LARGEST_FILE = 20_000_000  # bytes; a plan of 1,000 pages stays far below
MOST_VALUES = 300_000  # after aliases are unfolded: a "billion laughs" file stops here
DEEPEST = 60


@dataclass(slots=True)
class Document:
    """A YAML file: its data, and the spot of each value and of each key by path."""

    file: str
    source: str = ""
    data: Any = None
    values: dict[Path_, Spot] = field(default_factory=dict)
    keys: dict[Path_, Spot] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def spot(self, path: Path_) -> Spot:
        """The spot of the value at a path, else of the nearest thing above it."""
        for end in range(len(path), -1, -1):
            found = self.values.get(path[:end])
            if found:
                return found
        return Spot(1, 1)

    def key_spot(self, path: Path_) -> Spot:
        return self.keys.get(path) or self.spot(path)

    def value(self, path: Path_) -> Any:
        """The value at a path; None where there is none."""
        found = self.data
        for part in path:
            try:
                found = found[part]
            except (KeyError, IndexError, TypeError):
                return None
        return found

    def problem(
        self,
        path: Path_,
        what: Text,
        hint: Text,
        *,
        at_key: bool = False,
        place: tuple[int, int] | None = None,
        warning: bool = False,
    ) -> Problem:
        """A Problem at a value, at its key, or at a (line, column) inside its text."""
        spot = self.key_spot(path) if at_key else self.spot(path)
        line, column = spot.line, spot.column
        text = self.value(path)
        if place and isinstance(text, str):
            line, column = inside(spot, self.source, text, place)
        return Problem(
            file=self.file,
            line=line,
            column=column,
            what=what,
            hint=hint,
            path=".".join(str(part) for part in path),
            severity="warning" if warning else "error",
        )


def read(file: Path, *, shown_as: str) -> Document:
    """Read one YAML file; what cannot be read stands in `problems`, all of it."""
    document = Document(shown_as)
    try:
        size = file.stat().st_size
        if size > LARGEST_FILE:
            document.problems.append(_too_large_file(shown_as, size))
            return document
        document.source = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        document.problems.append(
            _whole(
                shown_as,
                f"文件不是 UTF-8 编码（第 {error.start + 1} 字节）",
                f"not UTF-8 (byte {error.start + 1})",
                Text(zh="请另存为 UTF-8 编码", en="Save the file as UTF-8."),
            )
        )
        return document
    except OSError as error:
        reason = error.strerror or type(error).__name__
        document.problems.append(
            _whole(
                shown_as,
                f"无法读取文件：{reason}",
                f"cannot be read: {reason}",
                Text(zh="确认是普通文件且有权限读取", en="Check that it is a readable file."),
            )
        )
        return document
    parsed = _of_text(document.source)
    if parsed.problems:
        _parse(document)  # again, so that its Problems name this file
    else:
        document.data, document.values, document.keys = parsed.data, parsed.values, parsed.keys
    return document


def of_text(source: str, *, shown_as: str) -> Document:
    """A text that stands in no file yet, as `read` reads a file."""
    document = Document(shown_as, source)
    size = len(source.encode())
    if size > LARGEST_FILE:
        document.problems.append(_too_large_file(shown_as, size))
    else:
        _parse(document)
    return document


@lru_cache(maxsize=4096)
def _of_text(source: str) -> Document:
    """A text parsed once a process: a run reads the same files of its city more than once.

    What it holds is shared; nothing writes into the data of a document.
    """
    document = Document("", source)
    _parse(document)
    return document


def _parse(document: Document) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an anchor used twice is lawful YAML
            node = _composed(document.source)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        document.problems.append(
            Problem(
                document.file,
                mark.line + 1 if mark else 0,
                mark.column + 1 if mark else 0,
                Text(zh="不是合法的 YAML", en=f"not valid YAML: {error.problem}"),
                _WRITING,
            )
        )
        return
    except RecursionError:
        document.problems.append(_too_much(document.file))
        return
    except (YAMLError, ValueError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else "?"
        document.problems.append(
            _whole(document.file, "不是合法的 YAML", f"not valid YAML: {reason}", _WRITING)
        )
        return
    if node is None:
        return
    try:
        document.data = _Builder(document).build(node, (), depth=0)
    except _TooLarge:
        document.data = None
        document.problems.append(_too_much(document.file))


def _composed(source: str) -> Any:
    """The nodes of a text: by the parser in C, six times as fast, where it takes it.

    What is wrong is told by the one in Python; and only it bounds how deep a text may nest.
    """
    if _deepest(source) < _DEEP_FOR_C and not source.startswith("%"):
        with suppress(YAMLError, ValueError):
            return YAML(typ="safe", pure=False).compose(source)
    return YAML(typ="safe", pure=True).compose(source)


def _deepest(source: str) -> int:
    """No fewer than the levels of a text: brackets, or steps of indents and dashes of a line."""
    lines = max((len(line) - len(line.lstrip(" -?:")) for line in source.splitlines()), default=0)
    return lines + source.count("[") + source.count("{")


_DEEP_FOR_C = 3_000  # levels that it was seen to take

_WRITING = Text(
    zh="检查缩进、冒号后的空格和引号；含冒号或 % 开头的文字请加引号；缩进只用空格",
    en="Check indents (spaces, no tabs), the space after a colon, and quotes.",
)


def _date(text: str) -> date | str:
    return date.fromisoformat(text) if len(text) == 10 else text


# What each YAML 1.2 tag becomes; everything else stays text.
_SCALARS: dict[str, Callable[[str], Any]] = {
    "float": lambda text: Decimal(text.replace("_", "")),
    "int": lambda text: int(text.replace("_", ""), 0 if text[:2] in ("0x", "0o") else 10),
    "bool": lambda text: text.lower() == "true",
    "null": lambda _text: None,
    "timestamp": _date,
}


class _TooLarge(Exception):
    pass


class _Builder:
    """Plain data from nodes. Floats become Decimal, so that 24.097 stays 24.097."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.count = 0

    def build(self, node: Node, path: Path_, *, depth: int) -> Any:
        self.count += 1
        if self.count > MOST_VALUES or depth > DEEPEST:
            raise _TooLarge
        self.document.values[path] = _spot(node)
        if isinstance(node, MappingNode):
            return self._mapping(node, path, depth=depth)
        if isinstance(node, SequenceNode):
            return [
                self.build(child, (*path, i), depth=depth + 1) for i, child in enumerate(node.value)
            ]
        return self._scalar(node, path)

    def _mapping(self, node: MappingNode, path: Path_, *, depth: int) -> dict[str, Any]:
        built: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                hint = Text(zh="写成 名称: 值", en="Write name: value.")
                self._say(key_node, Text(zh="键必须是一个词", en="a key must be one word"), hint)
                continue
            key = str(key_node.value)
            here = (*path, key)
            if key in built:
                first = self.document.keys[here].line
                self._say(
                    key_node,
                    Text(
                        zh=f"键“{key}”重复（第 {first} 行已有）",
                        en=f"key '{key}' stands twice (first on line {first})",
                    ),
                    Text(zh="删去其中一个", en="Drop one of them."),
                )
                continue
            self.document.keys[here] = _spot(key_node)
            built[key] = self.build(value_node, here, depth=depth + 1)
        return built

    def _scalar(self, node: Node, path: Path_) -> Any:
        kind = str(node.tag).rpartition(":")[2]
        read = _SCALARS.get(kind)
        if read is None:
            return str(node.value)
        try:
            return read(str(node.value))
        except (ValueError, ArithmeticError):
            if kind == "timestamp":
                # 2025-02-30 looks like a date and is none: the model says so, with its text.
                return str(node.value)
            self._say(
                node,
                Text(
                    zh=f"无法理解的值“{_short(node.value)}”",
                    en=f"cannot read the value '{_short(node.value)}'",
                ),
                Text(zh="若是文字请加引号", en="Put quotes around it if it is text."),
            )
            return None

    def _say(self, node: Node, what: Text, hint: Text) -> None:
        spot = _spot(node)
        self.document.problems.append(
            Problem(self.document.file, spot.line, spot.column, what, hint)
        )


def _spot(node: Node) -> Spot:
    start, end = node.start_mark, node.end_mark
    style = str(getattr(node, "style", None) or "")
    return Spot(start.line + 1, start.column + 1, start.index, end.index, style)


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 40 else text[:40] + "…"


def _whole(file: str, zh: str, en: str, hint: Text) -> Problem:
    return Problem(file, 0, 0, Text(zh=zh, en=en), hint)


def _too_large_file(file: str, size: int) -> Problem:
    return _whole(
        file,
        f"文件过大：{size} 字节",
        f"too large: {size} bytes",
        Text(
            zh=f"城市文件最大 {LARGEST_FILE} 字节；数据表不放在城市文件夹中",
            en=f"At most {LARGEST_FILE} bytes; tables of data do not belong in a city folder.",
        ),
    )


def _too_much(file: str) -> Problem:
    return _whole(
        file,
        "文件展开后过大或层次过深",
        "too many values or too deep once its aliases are unfolded",
        Text(zh="去掉别名（*）和多余的层次", en="Write it without aliases (*) and deep nesting."),
    )
