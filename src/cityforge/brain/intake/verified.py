"""Texts that only Python can read, each distinct one once: codes, periods, odd conversions.

What they come to is a table `verified_<column>` (text, clean) in the engine, joined to the rows.
"""

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache, partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from sqlglot import exp

from cityforge.brain.city.dataset import Column
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.errors import ValueRefused
from cityforge.brain.values import capital, credit_code, industry, period
from cityforge.brain.values.spelling import half_width
from cityforge.brain.values.unit import unit

FOREIGN = "foreign"
"""What a sum in another currency comes to: no number, and no fault."""

_BARE = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?", re.ASCII)
_SCHEMA = pa.schema([("text", pa.string()), ("clean", pa.string())])
_Flags = npt.NDArray[np.bool_]
_CODE_LENGTH = 18
_NO_PLACE = 99
_PLACES = np.full(256, _NO_PLACE, np.uint8)
_PLACES[np.frombuffer(credit_code.CHARACTERS.encode(), np.uint8)] = np.arange(31)
_WEIGHTS = np.array([pow(3, place, 31) for place in range(17)], np.int32)


def name(column: Column) -> str:
    return f"verified_{column.id}"


def keep(
    engine: Engine, column: Column, texts: exp.Query, clean: Callable[[str], str | None]
) -> None:
    """Make the table of a column from a query of its distinct texts (`text`); bounded memory."""
    is_code = column.kind == "credit_code"

    def each(batch: pa.RecordBatch) -> pa.RecordBatch:
        found = batch.column(0)
        sound = _sound_codes(found) if is_code else np.zeros(len(found), bool)
        cleaned = [
            text if ok or text is None else clean(text)
            for text, ok in zip(found.to_pylist(), sound.tolist(), strict=True)
        ]
        return pa.RecordBatch.from_arrays([found, pa.array(cleaned, pa.string())], schema=_SCHEMA)

    engine.derive(name(column), texts, _SCHEMA, each)


def code(column: Column) -> Callable[[str], str | None]:
    """How a text of this column is cleaned: to the code as the library writes it, or None."""
    return partial(_clean_or_none, CLEAN[column.kind])


def product(column: Column, factor: Fraction) -> Callable[[str], str | None]:
    """A number's text times a factor, exactly, then rounded half up to the column's decimals."""
    context = Context(prec=200, rounding=ROUND_HALF_UP)
    step = Decimal(1).scaleb(-column.scale)

    def times(text: str) -> str | None:
        try:
            exact = Fraction(Decimal(text)) * factor
            # 200 digits of a quotient: what lies beyond cannot turn the rounding of a real figure.
            quotient = context.divide(Decimal(exact.numerator), Decimal(exact.denominator))
            rounded = quotient.quantize(step, rounding=ROUND_HALF_UP, context=context)
        except (InvalidOperation, ValueError, OverflowError):
            return None
        fits = abs(rounded) < Decimal(10) ** (column.precision - column.scale)
        return f"{rounded:f}" if fits else None

    return times


def capital_of(column: Column, factor: Fraction) -> Callable[[str], str | None]:
    """A sum that may state its currency, in the column's unit; FOREIGN where it is not 人民币."""
    bare = product(column, factor)
    from_yuan = product(column, 1 / unit(column.unit or "元").factor)

    def read(text: str) -> str | None:
        plain = half_width(text).replace(",", "")
        if _BARE.fullmatch(plain):
            return bare(plain)
        try:
            found = capital.read(text)
        except ValueRefused:
            return None
        if found is None or found.is_foreign:
            return FOREIGN
        return from_yuan(str(found.amount))

    return read


def _sound_codes(texts: pa.Array) -> _Flags:
    """Which texts are credit codes in their plain spelling with the right check character.

    The same rules as `credit_code.parse`, for a whole batch at once; what fails here is looked at
    by that function.
    """
    is_long = pc.equal(pc.binary_length(texts), _CODE_LENGTH)
    sound: _Flags = np.array([flag is True for flag in is_long.to_pylist()], np.bool_)
    if not sound.any():
        return sound
    joined = b"".join(texts.filter(is_long).cast(pa.binary()).to_pylist())
    places = _PLACES[np.frombuffer(joined, np.uint8).reshape(-1, _CODE_LENGTH)]
    total = places[:, :17].astype(np.int32) @ _WEIGHTS
    good = (places < _NO_PLACE).all(axis=1)
    good &= (places[:, 2:8] < 10).all(axis=1)
    good &= places[:, 17] == -total % 31
    sound[sound] = good
    return sound


def _clean_credit_code(text: str) -> str | None:
    return str(credit_code.parse(text))


def _clean_industry(text: str) -> str | None:
    return industry.get(_whole(text)).code


def _clean_region(text: str) -> str | None:
    # Old and statistical codes are no error: only the form is checked here.
    digits = _whole(text)
    return digits if digits.isascii() and digits.isdigit() and len(digits) in (6, 9, 12) else None


def _clean_period(text: str) -> str | None:
    return period.parse(text).iso


def _whole(text: str) -> str:
    """A code without blanks, in half width; 110000.0 is how a sheet writes a whole number."""
    bare = "".join(half_width(text).split())
    return bare.removesuffix(".0")


CLEAN: dict[str, Callable[[str], str | None]] = {
    "credit_code": _clean_credit_code,
    "industry_code": _clean_industry,
    "region_code": _clean_region,
    "period": _clean_period,
}


# The same codes stand in a dozen files of one run; each is verified once.
@lru_cache(maxsize=1 << 18)
def _clean_or_none(clean: Callable[[str], str | None], text: str) -> str | None:
    try:
        return clean(text)
    except ValueRefused:
        return None
