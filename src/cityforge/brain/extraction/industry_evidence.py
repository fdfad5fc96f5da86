"""What each activity of a scope, and the name, say for a division.

Making goes by the goods, selling by who buys them, all else by the phrase that names the service.
"""

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from cityforge.brain.extraction.industry_activities import Activity, Verb
from cityforge.brain.extraction.industry_words import (
    Found,
    consumer_goods,
    goods,
    names,
    services,
)

WHOLESALE, RETAIL = "51", "52"

_SELLING: frozenset[Verb] = frozenset({"sell", "wholesale", "retail"})
_BEFORE_MAKING, _AFTER_MAKING = 0.7, 0.4
"""What a sale weighs in the scope of a maker: making goes before selling."""

_NAME_OF_A_MAKER, _NAME_ALONE = 0.6, 0.3
"""What the goods of a name weigh: of one known to make them, and of one of whom it is not known."""

_RETAIL_SHARE: dict[tuple[frozenset[Verb], bool], float] = {
    (frozenset({"retail"}), True): 0.95,
    (frozenset({"retail"}), False): 0.85,
    (frozenset({"wholesale"}), True): 0.1,
    (frozenset({"wholesale"}), False): 0.05,
    (frozenset({"wholesale", "retail"}), True): 0.65,
    (frozenset({"wholesale", "retail"}), False): 0.2,
    (frozenset(), True): 0.7,
    (frozenset(), False): 0.07,
}
"""(批发/零售 said, consumer goods) -> how far the sale counts as retail."""

_COMPOSED: tuple[tuple[Verb, str, Found], ...] = (
    ("plant", "种植", Found("种植", "01", 0.9)),
    ("breed", "养殖", Found("养殖", "03", 0.6)),
    ("work", "安装", Found("安装", "49", 0.6)),
    ("repair", "维修", Found("维修", "43", 0.5)),
    ("rent", "租赁", Found("租赁", "71", 0.5)),
)
"""Verbs that make a service of their object (水产品 + 养殖), and what the verb alone tells."""

_PARTS = re.compile(
    "(及其?|和|与)?(相关|专用|通用|各类|系列)?(零配件|零部件|配附件|配件|部件|附件|零件|辅件|总成|产品|等)+$"
)
_JOINED = re.compile("及其?|和|与|或|以及")
_LEGAL_FORM = re.compile(
    "(股份|有限|责任|公司|集团|总公司|分公司|工厂|总厂|分厂|厂|实业|科技|发展|制造|制品厂|\\([^()]*\\))+$"
)
_MAKERS = re.compile("厂|制造|制品|机械|制衣|铸造|锻造")
_TRADERS = re.compile(
    "贸易|商贸|经贸|物资|供销|购销|销售|经营部|门市部|商店|商行|超市|站$|五交化|百货|经销"
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """How much one word of the text says for one division."""

    division: str
    weight: float
    word: str


def of_scope(activities: list[Activity], name: str) -> Iterator[Evidence]:
    """Evidence of each object, weighed by its place: 1 for the first, less for each that follows.

    `name` decides only what the scope leaves open: whether bare goods are made or sold.
    """
    makes = any("make" in activity.verbs for activity in activities)
    bare = _verbs_left_open(activities, name, makes=makes)
    place = 0
    selling = _BEFORE_MAKING if makes else 1.0
    for activity in activities:
        verbs = frozenset(activity.verbs) or bare
        if "make" in activity.verbs:
            selling = _AFTER_MAKING
        for text in activity.objects:
            share = 1 / (1 + place) ** 0.8
            for found in _of_object(text, verbs, bool(activity.verbs)):
                aside = selling if found.division in (WHOLESALE, RETAIL) else 1.0
                yield Evidence(found.division, share * found.weight * aside, found.word)
            place += 1


def of_name(name: str, activities: list[Activity]) -> Iterator[Evidence]:
    """Evidence of the name's own words; its goods count where the scope does not only sell."""
    head = head_of_goods(_LEGAL_FORM.sub("", name))
    for found in names().each(name):
        if not _within(found, head):
            yield Evidence(found.division, found.weight, found.word)
    makes = any("make" in activity.verbs for activity in activities)
    sells = any(activity.verbs & _SELLING for activity in activities)
    if _TRADERS.search(name) or (sells and not makes):
        return
    if head:
        sure = makes or _MAKERS.search(name) is not None
        weight = _NAME_OF_A_MAKER if sure else _NAME_ALONE
        yield Evidence(head.division, weight * head.weight, head.word)


def _within(found: Found, head: Found | None) -> bool:
    """Whether a service in the name is but part of a good: the 植保 of 植保机械厂."""
    return head is not None and found.word != head.word and found.word in head.word


def head_of_goods(text: str) -> Found | None:
    """The good that heads `text`; parts of a thing (纺织机械零配件) go where the thing goes."""
    if text in goods():
        return goods().heading(text)
    return goods().heading(_PARTS.sub("", text) or text)


def _verbs_left_open(activities: list[Activity], name: str, *, makes: bool) -> frozenset[Verb]:
    """What holds for goods without a verb: the name's trade, else what the scope does elsewhere."""
    if _TRADERS.search(name):
        return frozenset({"sell"})
    if makes or _MAKERS.search(name):
        return frozenset({"make"})
    return frozenset()


@functools.lru_cache(maxsize=1 << 16)
def _of_object(text: str, verbs: frozenset[Verb], named: bool) -> tuple[Found, ...]:  # noqa: FBT001
    return tuple(_readings(text, verbs, named=named))


def _readings(text: str, verbs: frozenset[Verb], *, named: bool) -> Iterator[Found]:
    service = services().longest(text)
    if service and text.endswith(service.word) and text not in goods():
        yield service
        return
    if service and not named and not _heads(text):
        yield service
        return
    composed = [_composed(text, verb, whole, alone) for verb, whole, alone in _COMPOSED
                if verb in verbs]  # fmt: skip
    if "make" in verbs:
        yield from _made(text, 1.0)
    elif composed:
        yield from composed
        if verbs & _SELLING:
            yield from _sold(text, verbs, 0.5)
    elif verbs & _SELLING:
        yield from _sold(text, verbs, 1.0)
    elif goods().heading(text):  # nothing says whether they are made or sold
        yield from _made(text, 0.5)
        yield from _sold(text, verbs, 0.5)


def _heads(text: str) -> bool:
    """Whether a good ends the text: the 装饰 of 装饰材料 is no service then."""
    head = goods().heading(text)
    return head is not None and text.endswith(head.word)


def _composed(text: str, verb: Verb, whole: str, alone: Found) -> Found:
    found = services().longest(text + whole)
    if verb == "work" and found and found.word == whole:
        found = services().longest(text)
    return found or Found(text, alone.division, alone.weight)


def _made(text: str, certainty: float) -> Iterator[Found]:
    parts = [text] if text in goods() else [part for part in _JOINED.split(text) if part]
    found = [head for part in parts[:2] if (head := head_of_goods(part))]
    if found:
        yield from (Found(f.word, f.division, certainty * f.weight / len(found)) for f in found)
    elif service := services().longest(text):
        yield service


def _sold(text: str, verbs: frozenset[Verb], certainty: float) -> Iterator[Found]:
    said = verbs & {"wholesale", "retail"}
    head = _PARTS.sub("", text) or text
    found = consumer_goods().heading(head)
    is_consumer = found is not None and head.endswith(found.word)
    share = _RETAIL_SHARE[said, is_consumer]
    yield Found(text, WHOLESALE, 0.8 * certainty * (1 - share))
    yield Found(text, RETAIL, 0.8 * certainty * share)
