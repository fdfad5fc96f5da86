"""The journal's lines: entries as JSON, each bound to the line before by a digest.

Whoever changes, inserts, drops or swaps a line breaks the chain from there on. Lines cut off at the
end leave a whole shorter chain: that shows against a head noted elsewhere, as every list notes one.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from cityforge.brain.errors import Text, ValueRefused
from cityforge.brain.evaluation.proceedings.acts import Entry

START = "0" * 64
_ENTRY: TypeAdapter[Entry] = TypeAdapter(Entry)
_KEYS = {"entry", "hash", "prev", "written_at"}
_HINT = Text(
    zh="流程记录只能由程序追加；从备份恢复这个文件",
    en="Only the program adds to this journal; restore it from a backup.",
)


@dataclass(frozen=True, slots=True)
class Link:
    """A line: the entry, when it was written, the digest of the line before and its own."""

    entry: Entry
    written_at: str
    prev: str
    hash: str


def plain(entry: Entry) -> dict[str, Any]:
    """An entry as plain data. Raises ValueRefused where it is not of its shape."""
    # Out and in again: what code made by hand is held to the same shape as what a file says.
    made: dict[str, Any] = _ENTRY.dump_python(entry, mode="json", warnings="none")
    read(made)
    return made


def read(data: object) -> Entry:
    """An entry from plain data. Raises ValueRefused."""
    try:
        return _ENTRY.validate_json(canonical(data))
    except (ValidationError, TypeError) as error:
        raise ValueRefused(_wrong(error), _HINT) from None


def link(entry: Entry, prev: str, written_at: str) -> tuple[Link, bytes]:
    """An entry bound to the line before: the link, and the line with its end."""
    body = {"entry": plain(entry), "prev": prev, "written_at": written_at}
    own = _digest(body)
    return Link(entry, written_at, prev, own), canonical(body | {"hash": own}) + b"\n"


def read_line(line: bytes, prev: str) -> Link:
    """A line that follows a digest. Raises ValueRefused where it is changed or out of place."""
    try:
        data: Any = json.loads(line)
    except ValueError:
        raise _refused("不是一行 JSON", "is no line of JSON") from None
    if not isinstance(data, dict) or data.keys() != _KEYS:
        raise _refused("键缺少或未知", "has other keys than a line of the journal")
    if data["prev"] != prev:
        raise _refused("与上一行接不上：中间有行被增删或调换", "does not follow the line before it")
    body = {name: data[name] for name in _KEYS - {"hash"}}
    if data["hash"] != _digest(body) or canonical(data) != line.rstrip(b"\n"):
        raise _refused("写成之后被改动过", "was changed after it was written")
    return Link(read(data["entry"]), str(data["written_at"]), prev, data["hash"])


def canonical(data: object) -> bytes:
    """Plain data as JSON in the one spelling that digests are taken of."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def _digest(data: object) -> str:
    return hashlib.sha256(canonical(data)).hexdigest()


def _wrong(error: ValidationError | TypeError) -> Text:
    """The faults of an entry by their place."""
    if isinstance(error, TypeError):
        return Text(zh="含有不能记录的值", en="holds a value that cannot be written")
    faults = error.errors(include_url=False, include_input=False)
    kinds = [fault for fault in faults if fault["type"].startswith("union_tag")]
    if kinds:
        named = str(kinds[0].get("ctx", {}).get("tag", ""))
        return Text(zh=f"未知的事项“{named}”", en=f"'{named}' is no act of a proceeding")
    places = [".".join(str(part) for part in fault["loc"]) for fault in faults]
    shown = "、".join(places)
    return Text(
        zh=f"缺少、多出或不合要求：{shown}", en=f"missing, unknown or unfit: {', '.join(places)}"
    )


def _refused(zh: str, en: str) -> ValueRefused:
    return ValueRefused(Text(zh=zh, en=en), _HINT)
