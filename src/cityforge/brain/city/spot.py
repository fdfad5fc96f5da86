"""Where a YAML value stands, and where in the file a place inside its text is."""

from dataclasses import dataclass

_QUOTES = ("'", '"')
_BLOCKS = ("|", ">")
_ESCAPE_LENGTHS = {"x": 4, "u": 6, "U": 10}
_BLANK_ESCAPES = "nrtNLP_ "


@dataclass(frozen=True, slots=True)
class Spot:
    """1-based line and column; 0-based characters start..end of the source; the scalar's style."""

    line: int
    column: int
    start: int = 0
    end: int = 0
    style: str = ""


def inside(spot: Spot, source: str, value: str, place: tuple[int, int]) -> tuple[int, int]:
    """The line and column in the file of a 1-based (line, column) inside a scalar's text.

    The text is laid along the source character by character, blanks apart: quotes, escapes,
    indents and folded lines may stand between them.
    """
    offset = _offset(value, place)
    at = _start_of_text(spot, source)
    last = at
    for character in value[: offset + 1]:
        at = _next(character, source, at, spot)
        if at >= spot.end:
            return _line_and_column(spot, source, last)
        last = at
        at += _length(source, at, spot)
    return _line_and_column(spot, source, at if offset >= len(value) else last)


def _offset(value: str, place: tuple[int, int]) -> int:
    line, column = place
    start = 0
    for _ in range(line - 1):
        start = value.find("\n", start) + 1
    return start + column - 1


def _start_of_text(spot: Spot, source: str) -> int:
    if spot.style in _QUOTES:
        return spot.start + 1
    if spot.style in _BLOCKS:
        return source.find("\n", spot.start) + 1
    return spot.start


def _next(character: str, source: str, at: int, spot: Spot) -> int:
    """The place of the next character of the text, past the blanks that YAML folds away."""
    if character.isspace():
        return at
    while at < spot.end:
        if source[at].isspace():
            at += 1
        elif spot.style == '"' and source[at] == "\\" and source[at + 1] in _BLANK_ESCAPES + "\n":
            at += 2
        else:
            return at
    return at


def _length(source: str, at: int, spot: Spot) -> int:
    """How many characters of the source one character of the text takes; a blank takes none."""
    if source[at].isspace():
        return 0
    if spot.style == '"' and source[at] == "\\":
        return 0 if source[at + 1] in _BLANK_ESCAPES else _ESCAPE_LENGTHS.get(source[at + 1], 2)
    if spot.style == "'" and source[at : at + 2] == "''":
        return 2
    return 1


def _line_and_column(spot: Spot, source: str, at: int) -> tuple[int, int]:
    breaks = source.count("\n", spot.start, at)
    if not breaks:
        return spot.line, spot.column + at - spot.start
    return spot.line + breaks, at - source.rfind("\n", 0, at)
