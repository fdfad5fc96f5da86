"""Finding policies by words: titles first, then clauses, each cited with its article."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from cityforge.portal.analytics.policies.catalogue import Card, Clause

_SHOWN = 3
_PAIRS = 2 / 3  # of the pairs of characters of a longer word, how many must stand in one text


@dataclass(frozen=True, slots=True)
class Hit:
    """A policy that was found, and the clauses that say what was asked."""

    card: Card
    clauses: tuple[Clause, ...] = ()
    more: int = 0


def search(cards: Iterable[Card], asked: str) -> list[Hit]:
    """The policies that say every word asked, the best first; all of them where nothing is asked.

    A word stands in a text as it is, or, of Chinese run together, most of its pairs of characters
    do. Width and case do not matter.
    """
    words = _plain(asked).split()
    if not words:
        return [Hit(card) for card in cards]
    scored = [found for card in cards if (found := _scored(card, words)) is not None]
    scored.sort(key=lambda pair: -pair[0])
    return [hit for _, hit in scored]


def _scored(card: Card, words: list[str]) -> tuple[float, Hit] | None:
    title = _plain(f"{card.title.zh} {card.title.en}")
    about = _plain(f"{card.pays.zh} {card.pays.en} {card.office} {card.document} {card.id}")
    clauses = [_plain(f"{one.says.zh} {one.says.en} {one.article}") for one in card.clauses]
    score = 0.0
    cited: dict[int, float] = {}
    for word in words:
        in_title, in_about = _in(word, title), _in(word, about)
        in_clauses = [_in(word, text) for text in clauses]
        best = max((3 * in_title, 1.5 * in_about, *in_clauses))
        if not best:
            return None
        score += best
        for number, value in enumerate(in_clauses):
            if value:
                cited[number] = cited.get(number, 0.0) + value
    ranked = sorted(cited, key=lambda number: (-cited[number], number))
    chosen = tuple(card.clauses[number] for number in ranked[:_SHOWN])
    return score, Hit(card, chosen, max(len(ranked) - _SHOWN, 0))


def _in(word: str, text: str) -> float:
    """1 where it stands there, the share of its pairs where enough of them do, else 0."""
    if word in text:
        return 1.0
    if len(word) < 3 or word.isascii():
        return 0.0
    pairs = [word[at : at + 2] for at in range(len(word) - 1)]
    share = sum(pair in text for pair in pairs) / len(pairs)
    return share if share >= _PAIRS else 0.0


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
