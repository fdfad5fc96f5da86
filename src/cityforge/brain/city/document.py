"""One YAML file as plain data that remembers where each value stands. Holds no meaning."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from cityforge.brain.errors import Problem, Text

Path_ = tuple[str | int, ...]

LARGEST_FILE = 20_000_000  # bytes; a plan of 1,000 pages stays far below
MOST_VALUES = 1_000_000  # after aliases are unfolded: a "billion laughs" file stops here
DEEPEST = 60


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a value stands: 1-based line and column; `literal` for a block scalar (| or >)."""

    line: int
    column: int
    quoted: bool = False
    literal: bool = False

    def inside(self, line: int, column: int) -> tuple[int, int]:
        """The place in the file of a 1-based place inside this scalar's text."""
        if self.literal:
            # The text of a block scalar starts on the next line, indented by convention by two.
            return self.line + line, self.column + column - 1
        if line > 1:
            return self.line + line - 1, column
        return self.line, self.column + column - 1 + (1 if self.quoted else 0)


@dataclass(slots=True)
class Document:
    """A YAML file: its data, and the spot of each value and of each key by path."""

    file: str
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

    def problem(
        self,
        path: Path_,
        what: Text,
        hint: Text,
        *,
        at_key: bool = False,
        inside: tuple[int, int] | None = None,
        warning: bool = False,
    ) -> Problem:
        """A Problem at a value, at its key, or at a (line, column) inside its text."""
        spot = self.key_spot(path) if at_key else self.spot(path)
        line, column = spot.inside(*inside) if inside else (spot.line, spot.column)
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
            document.problems.append(_whole(shown_as, f"文件过大：{size} 字节", f"{size} bytes"))
            return document
        text = file.read_bytes().decode("utf-8-sig")
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
        document.problems.append(_whole(shown_as, "无法读取文件", f"cannot be read: {error}"))
        return document
    _parse(text, document)
    return document


def _parse(text: str, document: Document) -> None:
    try:
        node = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        document.problems.append(
            Problem(
                document.file,
                mark.line + 1 if mark else 0,
                mark.column + 1 if mark else 0,
                Text(zh="不是合法的 YAML", en=f"not valid YAML: {error.problem}"),
                Text(
                    zh="检查缩进、冒号后的空格和引号；含冒号或 % 开头的文字请加引号",
                    en="Check indents, the space after a colon, and quotes.",
                ),
            )
        )
        return
    except (YAMLError, RecursionError, ValueError) as error:
        document.problems.append(
            _whole(document.file, "不是合法的 YAML", f"not valid YAML: {type(error).__name__}")
        )
        return
    if node is None:
        return
    try:
        document.data = _Builder(document).build(node, (), depth=0)
    except _TooLarge:
        document.data = None
        document.problems.append(
            _whole(
                document.file,
                "文件展开后过大或层次过深",
                "too many values or too deep once its aliases are unfolded",
            )
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
                self._say(key_node, "键必须是一个词", "a key must be one word")
                continue
            key = str(key_node.value)
            here = (*path, key)
            if key in built:
                first = self.document.keys[here].line
                self._say(
                    key_node,
                    f"键“{key}”重复（第 {first} 行已有）",
                    f"key '{key}' stands twice (first on line {first})",
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
            self._say(node, f"无法理解的值“{node.value}”", f"cannot read the value '{node.value}'")
            return None

    def _say(self, node: Node, zh: str, en: str) -> None:
        spot = _spot(node)
        self.document.problems.append(
            Problem(self.document.file, spot.line, spot.column, Text(zh=zh, en=en), Text("", ""))
        )


def _spot(node: Node) -> Spot:
    style = getattr(node, "style", None)
    mark = node.start_mark
    return Spot(
        mark.line + 1,
        mark.column + 1,
        quoted=style in ("'", '"'),
        literal=style in ("|", ">"),
    )


def _whole(file: str, zh: str, en: str, hint: Text | None = None) -> Problem:
    return Problem(file, 0, 0, Text(zh=zh, en=en), hint or Text("", ""))


def walk(data: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    """Every value of a document with its path, parents first."""
    yield path, data
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield from walk(value, (*path, key))
    elif isinstance(data, list):
        for i, value in enumerate(data):
            yield from walk(value, (*path, i))
