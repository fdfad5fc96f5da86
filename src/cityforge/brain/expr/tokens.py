"""The text of an expression cut into tokens: words, operators, and literals with their units.

SQLGlot cuts; here the pieces of one literal (`500万元`, `3%`, `date '2024-01-01'`) and of one
parameter (`p.name`) are joined, and whatever the language has no use for is refused in its place.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar, NoReturn

from sqlglot.errors import TokenError
from sqlglot.tokenizer_core import Token, TokenType
from sqlglot.tokens import Tokenizer

from cityforge.brain.errors import Text, ValueRefused
from cityforge.brain.expr import nodes, vocabulary
from cityforge.brain.expr.nodes import Node, Span
from cityforge.brain.expr.problems import refused
from cityforge.brain.values import quantity

LONGEST = 10_000  # characters of one expression
LONGEST_NAME = 200
FURTHEST_BACK = 10  # years
MOST_DIGITS = 38  # of one number: what a DECIMAL of every engine holds

_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)
_WORD = re.compile(r"[^\W\d]\w*")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_PAST = re.compile(r"\[\s*(-?\d{1,3})\s*(:\s*(-?\d{1,3})?\s*)?\]", re.ASCII)
_TAIL = re.compile(r"[\w.]+")
_NUMBERS = Text(zh="数写作 500、0.125 或 500万元", en="a number is 500, 0.125 or 500万元")
_DATE_LITERAL = Text(zh="日期写作 date '2024-01-01'", en="a date is written date '2024-01-01'")


@dataclass(frozen=True, slots=True)
class Piece:
    """One token: its place, the SQLGlot kind, the text; a literal or a name carries its node."""

    span: Span
    kind: TokenType
    text: str
    node: Node | None = None


class _Tokenizer(Tokenizer):
    """Only our own words and operators, so that SQL's others stay plain words."""

    KEYWORDS: ClassVar[dict[str, TokenType]] = {
        "<=": TokenType.LTE,
        ">=": TokenType.GTE,
        "<>": TokenType.NEQ,
        "!=": TokenType.NEQ,
        "==": TokenType.EQ,
        **{word.upper(): kind for word, kind in vocabulary.KEYWORDS.items()},
    }
    COMMANDS: ClassVar[set[TokenType]] = set()


class Places:
    """Lines and columns of the characters of one text."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in re.finditer(r"\n", text))]

    def span(self, start: int, end: int) -> Span:
        line = bisect_right(self._starts, start)
        return Span(start, end, line, start - self._starts[line - 1] + 1)


def cut(text: str) -> tuple[list[Piece], Span]:
    """The pieces of an expression in order, and the place after its last character.

    Raises ProblemsFound at what is not of the language.
    """
    places = Places(text)
    if len(text) > LONGEST:
        raise refused(
            places.span(LONGEST, LONGEST + 1),
            Text(zh=f"表达式超过 {LONGEST} 个字符", en=f"more than {LONGEST} characters"),
            Text(zh="把一部分另立为事实", en="make a part of it a fact of its own"),
        )
    if not text.strip():
        raise refused(
            places.span(0, 0),
            Text(zh="表达式是空的", en="the expression is empty"),
            Text(
                zh="写一个条件或一个数，如 revenue >= 500万元", en="write one: revenue >= 500万元"
            ),
        )
    pieces = list(_pieces(text, _tokens(text, places), places))
    return pieces, places.span(len(text), len(text))


def _tokens(text: str, places: Places) -> list[Token]:
    try:
        tokens = _Tokenizer().tokenize(text)
    except TokenError:
        tokens = None
    if tokens is None:
        raise refused(
            places.span(*_unclosed(text)),
            Text(zh="引号没有成对", en="a quote is not closed"),
            Text(zh="文字写作 '…'，其中的单引号写两次", en="a text is '…', a quote in it doubled"),
        )
    end = 0
    for token in [*tokens, None]:
        between = text[end : token.start if token else len(text)]
        if between.strip():
            at = end + len(between) - len(between.lstrip())
            raise refused(
                places.span(at, at + 2),
                Text(zh="表达式里不能写注释", en="no comments inside an expression"),
                Text(zh="说明写在表达式之外", en="explain beside the expression"),
            )
        end = token.end + 1 if token else end
    return tokens


def _unclosed(text: str) -> tuple[int, int]:
    """The quote that no other closes: the first character after all whole texts and names."""
    rest = re.compile(r"(?:[^'\"]|'(?:[^']|'')*'|\"[^\"]*\")*")
    match = rest.match(text)
    at = match.end() if match else 0
    return min(at, len(text) - 1), len(text)


def _pieces(text: str, tokens: list[Token], places: Places) -> Iterator[Piece]:
    position, read_to = 0, 0
    while position < len(tokens):
        token = tokens[position]
        if token.token_type is TokenType.NUMBER:
            piece = _number(text, token, places)
        elif token.token_type is TokenType.STRING:
            piece = _words(text, token, places)
        elif token.token_type is TokenType.VAR:
            piece = _word(text, tokens, position, places)
        else:
            piece = _operator(text, token, places)
        yield piece
        read_to = piece.span.end
        while position < len(tokens) and tokens[position].start < read_to:
            position += 1


def _number(text: str, token: Token, places: Places) -> Piece:
    match = _NUMBER.match(text, token.start)
    if match is None:
        raise refused(places.span(token.start, token.end + 1), _unreadable(token.text), _NUMBERS)
    unit_text = quantity.match_prefix(text, match.end()) or ""
    end = match.end() + len(unit_text)
    span = places.span(token.start, end)
    if _TAIL.match(text, end):
        _refuse_tail(text, match.end(), places)
    value = _decimal(match.group(), span)
    return Piece(
        span,
        TokenType.NUMBER,
        text[token.start : end],
        nodes.Number(span, value, quantity.unit(unit_text)),
    )


def _refuse_tail(text: str, start: int, places: Places) -> NoReturn:
    """What runs on after a number and is no unit: `500万`, `5年度`, `1.5.2`."""
    tail = _TAIL.match(text, start)
    word = tail.group() if tail else text[start]
    span = places.span(start, start + len(word))
    try:
        quantity.unit(word)
    except ValueRefused as error:
        raise refused(span, error.what, error.hint) from None
    raise refused(span, _unreadable(word), _NUMBERS)


def _decimal(digits: str, span: Span) -> Decimal:
    """The number without an exponent; more digits than any engine holds are refused."""
    value = Decimal(digits)
    if not value:
        return Decimal(0)
    if -MOST_DIGITS <= value.adjusted() < MOST_DIGITS:
        plain = Decimal(format(value, "f"))
        exponent = int(plain.as_tuple().exponent)
        if len(plain.as_tuple().digits) <= MOST_DIGITS and -exponent <= MOST_DIGITS:
            return plain
    raise refused(
        span,
        Text(zh=f"数字超过 {MOST_DIGITS} 位", en=f"more than {MOST_DIGITS} digits"),
        Text(zh="换一个更大的单位", en="use a larger unit"),
    )


def _words(text: str, token: Token, places: Places) -> Piece:
    span = places.span(token.start, token.end + 1)
    return Piece(span, token.token_type, token.text, nodes.Words(span, token.text))


def _word(text: str, tokens: list[Token], position: int, places: Places) -> Piece:
    """A name, true, false, a date or a parameter."""
    token = tokens[position]
    span = places.span(token.start, token.end + 1)
    after = tokens[position + 1 : position + 3]
    lower = token.text.lower()
    if lower == "date" and after and after[0].token_type is TokenType.STRING:
        span = places.span(token.start, after[0].end + 1)
        return Piece(span, token.token_type, "date", nodes.Day(span, _day(after[0], places)))
    if token.text == "p" and _is_adjoining(token, after):
        span = places.span(token.start, after[1].end + 1)
        _refuse_strange(after[1], places)
        return Piece(span, token.token_type, "p", nodes.Parameter(span, after[1].text))
    if lower in ("true", "false"):
        return Piece(span, token.token_type, lower, nodes.Truth(span, lower == "true"))
    if lower in vocabulary.FOREIGN:
        raise refused(span, _not_ours(token.text), vocabulary.advice(lower))
    if len(token.text) > LONGEST_NAME:
        raise refused(
            span,
            Text(
                zh=f"名称超过 {LONGEST_NAME} 字", en=f"a name of more than {LONGEST_NAME} letters"
            ),
            Text(zh="名称之间要有运算符；文字加单引号", en="names need an operator between them"),
        )
    _refuse_strange(token, places)
    bracket = tokens[position + 1 : position + 2]
    if bracket and bracket[0].token_type is TokenType.L_BRACKET and bracket[0].start == span.end:
        return _past(text, token, bracket[0], places)
    return Piece(span, token.token_type, token.text, nodes.Name(span, token.text))


def _past(text: str, token: Token, bracket: Token, places: Places) -> Piece:
    """`revenue[-1]` or `revenue[-3:-1]`, whole."""
    match = _PAST.match(text, bracket.start)
    first = int(match[1]) if match else 1
    is_run = match is not None and match[2] is not None
    last = int(match[3] or 0) if match and is_run else first
    if match is None or not -FURTHEST_BACK <= first <= last <= 0:
        end = text.find("]", bracket.start)
        raise refused(
            places.span(bracket.start, end + 1 if end >= 0 else len(text)),
            Text(zh="方括号里读不懂", en="cannot read these square brackets"),
            Text(
                zh=f"往年写作 [-1]，几年写作 [-3:-1]，0 为当年，至多往前 {FURTHEST_BACK} 年",
                en="write [-1] for the year before, [-3:-1] for several; 0 is the year itself, "
                f"{FURTHEST_BACK} the furthest back",
            ),
        )
    span = places.span(token.start, match.end())
    node = nodes.Past(span, token.text, first, last, is_run)
    return Piece(span, TokenType.UNKNOWN, text[span.start : span.end], node)


def _is_adjoining(token: Token, after: list[Token]) -> bool:
    """Whether a dot and a word follow without spaces."""
    return (
        len(after) == 2
        and after[0].token_type is TokenType.DOT
        and after[1].token_type is TokenType.VAR
        and (token.end + 1, after[0].end + 1) == (after[0].start, after[1].start)
    )


def _day(token: Token, places: Places) -> date:
    try:
        if _DAY.fullmatch(token.text):
            return date.fromisoformat(token.text)
    except ValueError:
        pass
    raise refused(
        places.span(token.start, token.end + 1),
        Text(zh=f"不是日期：{token.text}", en=f"not a date: {token.text}"),
        _DATE_LITERAL,
    )


def _refuse_strange(token: Token, places: Places) -> None:
    """Refuses the first character of a word that no name holds, such as a full-width bracket."""
    if _WORD.fullmatch(token.text):
        return
    start = _WORD.match(token.text)
    at = start.end() if start else 0
    strange = token.text[at]
    half = unicodedata.normalize("NFKC", strange)
    hint = vocabulary.hint(strange)
    if hint is None and half != strange:
        hint = Text(zh=f"用半角“{half}”", en=f"use the half-width {half!r}")
    place = places.span(token.start + at, token.start + at + 1)
    raise refused(place, _not_ours(strange), hint or vocabulary.advice(strange))


def _operator(text: str, token: Token, places: Places) -> Piece:
    span = places.span(token.start, token.end + 1)
    written = text[span.start : span.end]
    if token.token_type is TokenType.L_BRACKET:
        raise refused(
            span,
            Text(zh="方括号前要紧跟事实的名称", en="square brackets follow the name of a fact"),
            Text(zh="写作 revenue[-1]，中间不空格", en="write revenue[-1], without a blank"),
        )
    if written not in vocabulary.OPERATORS and written.lower() not in vocabulary.KEYWORDS:
        raise refused(span, _not_ours(written), vocabulary.advice(written))
    return Piece(span, token.token_type, written)


def _not_ours(written: str) -> Text:
    return Text(zh=f"表达式里没有“{written}”", en=f"not part of the language: {written!r}")


def _unreadable(written: str) -> Text:
    return Text(zh=f"读不懂“{written}”", en=f"cannot read {written!r}")
