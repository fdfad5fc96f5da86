"""Money in a column of figures, exact to the 分: in 万元 in Chinese, in yuan in English."""

from decimal import Decimal

from cityforge.brain.errors import Text
from cityforge.brain.policies.benefit import FEN_PER_YUAN

UNIT = Text(zh="万元", en="yuan")
_FEN_PER_WAN = 10_000 * FEN_PER_YUAN


def figure(fen: int | None) -> Text | str:
    """The figure alone, for a column that states UNIT; a dash where it is not known."""
    if fen is None:
        return "—"
    wan = _plain(Decimal(fen) / _FEN_PER_WAN)
    yuan = f"{Decimal(fen) / FEN_PER_YUAN:,.2f}".removesuffix(".00")
    return Text(zh=wan, en=yuan)


def signed(fen: int) -> Text:
    """A difference: with a plus where it is more."""
    told = figure(fen)
    assert isinstance(told, Text)
    return Text(zh=f"+{told.zh}", en=f"+{told.en}") if fen > 0 else told


def _plain(number: Decimal) -> str:
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
