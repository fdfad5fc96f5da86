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
    """The figure alone, for a column that states UNIT; a dash where it is not known."""
    return "—" if fen is None else _figure(fen)


def signed(fen: int) -> Text:
    """A difference: with a plus where it is more."""
    told = _figure(fen)
    return Text(zh=f"+{told.zh}", en=f"+{told.en}") if fen > 0 else told


def amount(fen: int) -> Text:
    """The figure with its unit."""
    told = _figure(fen)
    return Text(zh=f"{told.zh} {UNIT.zh}", en=f"{told.en} {UNIT.en}")


def _figure(fen: int) -> Text:
    wan = (Decimal(fen) / _FEN_PER_WAN).quantize(_SHOWN, ROUND_HALF_UP) + 0
    zh = f"{wan:,f}".rstrip("0").rstrip(".")
    return Text(zh=zh, en=f"{Decimal(fen) / FEN_PER_YUAN:,.2f}".removesuffix(".00"))
