"""Money of a city as people read it: in 万元 to the hundredth in Chinese, exact yuan in English.

Only what is shown is rounded; JSON and workbooks hold every 分.
"""

from decimal import ROUND_HALF_UP, Decimal

from cityforge.brain.errors import Text
from cityforge.brain.policies.benefit import FEN_PER_YUAN

UNIT = Text(zh="万元", en="yuan")
_FEN_PER_WAN = 10_000 * FEN_PER_YUAN
_SHOWN = Decimal("0.01")


def figure(fen: int | None) -> Text | str:
    """The figure alone, for a column that states UNIT: points under one another, nothing plain 0;
    a dash where it is not known."""
    return "—" if fen is None else _figure(fen)


def signed(fen: int) -> Text:
    """A difference: with a plus where it is more."""
    told = _figure(fen)
    return Text(zh=f"+{told.zh}", en=f"+{told.en}") if fen > 0 else told


def amount(fen: int) -> Text:
    """The figure with its unit, in a sentence: no more decimals than it has."""
    told = _figure(fen)
    return Text(zh=f"{_bare(told.zh)} {UNIT.zh}", en=f"{told.en.removesuffix('.00')} {UNIT.en}")


def _figure(fen: int) -> Text:
    if not fen:
        return Text(zh="0", en="0")
    wan = (Decimal(fen) / _FEN_PER_WAN).quantize(_SHOWN, ROUND_HALF_UP) + 0
    return Text(zh=f"{wan:,f}", en=f"{Decimal(fen) / FEN_PER_YUAN:,.2f}")


def _bare(figure: str) -> str:
    return figure.rstrip("0").rstrip(".") if "." in figure else figure
