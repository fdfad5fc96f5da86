"""A business scope split into activities: what it names, and what is done with it.

“A、B、C制造、销售” is one activity with three objects and two verbs; “生产A，销售B” is two. What
every scope carries (licences, exceptions, import and export) is taken out first.
"""

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, cast

from cityforge.brain.extraction.industry_words import rows, services
from cityforge.brain.values.spelling import half_width

Verb = Literal["make", "plant", "breed", "sell", "wholesale", "retail", "work", "repair", "rent"]

_JOINS_BEHIND = re.compile("(?:及其?|和|与|并|兼|的|或)$")
_JOINS_BEFORE = re.compile("^(?:和|及|与|并|:)")
_PREFACE = re.compile("^(?:从事|主营|兼营|专业)")
_LONGEST_VERB = 4

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^】]*】|\([^()]*$|\[[^\[\]]*$")
_HEADINGS = re.compile(
    "(前置)?(许可|一般)经营(项目|范围)[:：]?(无|/)?|经营范围[:：]|以下(仅)?限分公司经营[:：]?"
)
_BOILERPLATE = re.compile(
    "依法须经批准|相关部门批准|国家(限定|限制|禁止|有专项|明令|法律|法规|专项)|进出口业务|出口业务|进口业务"
    "|进出口贸易$|^不含|^不得|^除(?![尘湿草锈油臭渣铁雪])|^但|^凭|^按(?![钮摩])|^经(?![营销编济])|资质|许可证|批准后|审批|限制企业|技术除外|商品除外"
    "|^自营[和或]代理|^其他(商品|业务|服务)|范围内|所需的(机械|原辅|生产资料)|新技术|新品种|技术交流|技术培训|社会各类代办"
    "|仪器仪表、零配件|^以上|^上述|涉及|^无$|^国内外?贸易$"
)
_CLAUSES = re.compile("[;。；]")
_ITEMS = re.compile("[、,，]")
_MARKS = re.compile(r"[\s*#★.·“”\"'：:]+")
# A co-operative buys and sells for its members; what it does is what they grow.
_MEMBERS = re.compile("组织|采购|供应|收购|销售|开展|引进|本社|同类农户|成员间?|所需的?|的")
_MOST_CHARACTERS = 2_000
_MOST_OBJECTS = 14
"""Objects read of a scope: what comes later no longer moves the answer, and costs time."""


@dataclass(slots=True)
class Activity:
    """Objects and the verbs that hold for all of them. No verbs: the scope does not say."""

    objects: list[str] = field(default_factory=list)
    verbs: set[Verb] = field(default_factory=set)


def read(scope: str) -> list[Activity]:
    """The activities of a scope in its own order; empty when it holds nothing but boilerplate."""
    activities: list[Activity] = []
    count = 0
    for clause in _clauses(scope):
        for activity in _of_clause(clause):
            activities.append(activity)
            activity.objects = activity.objects[: _MOST_OBJECTS - count]
            count += len(activity.objects)
            if count == _MOST_OBJECTS:
                return activities
    return activities


def _clauses(scope: str) -> Iterator[list[str]]:
    text = half_width(scope[:_MOST_CHARACTERS])
    while (shorter := _BRACKETS.sub("", text)) != text:
        text = shorter
    for clause in _CLAUSES.split(_HEADINGS.sub(";", text)):
        items = [_MARKS.sub("", item) for item in _ITEMS.split(clause)]
        kept = [item for item in items if item and not _is_boilerplate(item)]
        if kept:
            yield kept


def _of_clause(items: list[str]) -> Iterator[Activity]:
    """Objects wait for the verbs behind them; verbs in front hold until another verb is met."""
    current, leading, ended = Activity(), False, False
    for item in items:
        front, named, back = _verbs_around(item)
        if not named:
            if current.objects and not leading:
                current.verbs |= front | back
                ended = True
            else:
                if current.objects:
                    yield current
                    current = Activity()
                current.verbs |= front | back
                leading = True
            continue
        starts_anew = ended or (current.objects and bool(front)) or (leading and bool(back))
        if starts_anew and current.objects:
            yield current
            current, leading = Activity(), False
        current.objects.append(named)
        current.verbs |= front | back
        leading = leading or bool(front)
        ended = bool(back)
    if current.objects:
        yield current


@functools.lru_cache(maxsize=1 << 16)
def _verbs_around(item: str) -> tuple[frozenset[Verb], str, frozenset[Verb]]:
    """Verbs before, what they act on, verbs behind."""
    rest = _MEMBERS.sub("", item) if "成员" in item else item
    back, front = set(), set()
    while (word := _verb_behind(rest)) and not _names_a_service(rest):
        back.add(_verbs()[word][0])
        rest = _JOINS_BEHIND.sub("", rest[: -len(word)])
    rest = _PREFACE.sub("", rest)
    while word := _verb_before(rest):
        front.add(_verbs()[word][0])
        rest = _JOINS_BEFORE.sub("", rest[len(word) :])
    return frozenset(front - {None}), rest, frozenset(back - {None})  # type: ignore[arg-type]


def _verb_behind(text: str) -> str:
    tails = (text[-length:] for length in range(min(_LONGEST_VERB, len(text)), 0, -1))
    return next((tail for tail in tails if tail in _verbs()), "")


def _verb_before(text: str) -> str:
    """The verb that opens `text` and leaves something of it."""
    heads = (text[:length] for length in range(min(_LONGEST_VERB, len(text) - 1), 0, -1))
    return next((head for head in heads if head in _verbs() and _verbs()[head][1]), "")


def _names_a_service(item: str) -> bool:
    """Whether the item as a whole is a known service, so that its last word is no verb of it."""
    return item in services() and item not in _verbs()


@functools.cache
def _verbs() -> dict[str, tuple[Verb | None, bool]]:
    """A word -> (what it does with its objects or None, whether it may stand before them)."""
    table = {}
    for verb, opener, words in rows("industry_verbs.tsv"):
        meaning = None if verb == "accompanies" else cast(Verb, verb)
        table.update(dict.fromkeys(words.split(" "), (meaning, opener == "yes")))
    return table


@functools.lru_cache(maxsize=1 << 16)
def _is_boilerplate(item: str) -> bool:
    return _BOILERPLATE.search(item) is not None
