"""The chain of digests: each event's is made of all it says and of the digest before.

Methods stand behind one interface; SM3 where the machine's OpenSSL has it.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

START = "0" * 64
METHODS: dict[str, Callable[[bytes], str]] = {
    "sha256": lambda data: hashlib.sha256(data).hexdigest(),
    "sm3": lambda data: hashlib.new("sm3", data).hexdigest(),
}
FIELDS = (
    "number",
    "at",
    "actor",
    "actor_name",
    "organisation",
    "action",
    "kind",
    "about",
    "detail",
    "method",
    "before",
)


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain does not hold: the number that should stand there, and why, in both
    languages."""

    number: int
    why: str


def digest(method: str, said: dict[str, object]) -> str:
    """The digest of what an event says, its fields by name; times in UTC to the microsecond."""
    plain = {name: _plain(said[name]) for name in FIELDS}
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return METHODS[method](text.encode("utf-8"))


def _plain(value: object) -> object:
    return value.isoformat(timespec="microseconds") if isinstance(value, datetime) else value


def breaks(events: Iterable[dict[str, object]]) -> Iterator[Break]:
    """Every place where a trail was altered, events by number; nothing where it is whole.

    An event added at the end with a right digest is no break: keep the last digest elsewhere, and
    compare (`last`).
    """
    before, number = START, 0
    for event in events:
        number += 1
        if event["number"] != number:
            found = event["number"]
            why = (
                f"这里应是第 {number} 条，却是第 {found} 条 · {found} stands where {number} should"
            )
            yield Break(number, why)
            number = int(str(event["number"]))
        if event["before"] != before:
            yield Break(number, "前一条的摘要对不上 · the digest before is another one")
        method = str(event["method"])
        if method not in METHODS:
            yield Break(number, f"不认识的摘要算法 {method} · unknown method {method}")
        elif digest(method, event) != event["digest"]:
            yield Break(number, "内容与写入时不同 · what it says is not what was written")
        before = str(event["digest"])
