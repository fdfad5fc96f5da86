"""Converted units are exact: what intake makes of a number is what fractions make of it."""

import csv
import io
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

from cityforge.brain.city.dataset import Dataset
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.intake import accept, raw
from cityforge.brain.values.unit import unit

PAIRS = [("千元", "万元"), ("元", "万元"), ("亿元", "万元"), ("元", "元"), ("亩", "㎡"),
         ("㎡", "亩"), ("公顷", "亩"), ("‰", "%"), ("kWh", "万kWh")]  # fmt: skip
SCALE, PRECISION = 3, 18
NUMBERS = st.decimals(
    min_value=Decimal("-1e12"), max_value=Decimal("1e12"), allow_nan=False, places=5
) | st.decimals(min_value=-10, max_value=10, allow_nan=False, places=9)


def contract(agreed: str) -> Dataset:
    column = {"id": "x", "title": "数", "title_en": "x", "kind": "quantity", "unit": agreed,
              "scale": SCALE, "precision": PRECISION}  # fmt: skip
    key = {"id": "no", "title": "编号", "title_en": "no", "kind": "text"}
    return Dataset.model_validate(
        {
            "id": "t", "title": "表", "title_en": "t", "owner": "bureau", "grain": "register",
            "key": ["no"], "freshness": {"every": "year"}, "sensitivity": "public",
            "legal_use": ["describe"], "evidence": {"source": "设例", "verified": "assumption"},
            "columns": [key, column],
        }
    )  # fmt: skip


def wanted(number: Decimal, stated: str, agreed: str) -> Decimal | None:
    exact = Fraction(number) * unit(stated).factor / unit(agreed).factor
    context = Context(prec=60)
    quotient = context.divide(Decimal(exact.numerator), Decimal(exact.denominator))
    rounded = quotient.quantize(Decimal(1).scaleb(-SCALE), ROUND_HALF_UP, context)
    return rounded if abs(rounded) < Decimal(10) ** (PRECISION - SCALE) else None


@settings(max_examples=25, deadline=None)
@given(pair=st.sampled_from(PAIRS), numbers=st.lists(NUMBERS, min_size=1, max_size=20))
def test_conversion_is_exact_and_rounded_once(pair: tuple[str, str], numbers) -> None:
    stated, agreed = pair
    text = io.StringIO(newline="")
    rows = [["编号", f"数（{stated}）"], *([f"r{i}", f"{n:f}"] for i, n in enumerate(numbers))]
    csv.writer(text).writerows(rows)
    dataset = contract(agreed)
    with TemporaryDirectory() as folder, Engine(threads=1) as engine:
        (Path(folder) / "t.csv").write_text(text.getvalue(), encoding="utf-8")
        accept.prepare(engine)
        table = raw.read(engine, dataset, Path(folder) / "t.csv")
        counts = accept.accept(engine, dataset, table, frame=None)
        got = dict(engine.rows(exp.select("no", "x").from_("data_t")))
    expected = {f"r{i}": wanted(n, stated, agreed) for i, n in enumerate(numbers)}
    assert got == {key: value for key, value in expected.items() if value is not None}
    assert counts.read == len(numbers) == counts.accepted + counts.quarantined
