"""Planted faults: each listed where it stands, at the set rate, in sound rows only once."""

from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from cityforge.brain.city.dataset import Column
from cityforge.brain.city.folder import City
from cityforge.brain.errors import ValueRefused
from cityforge.brain.mock import cells, files
from cityforge.brain.mock.faults import Planter
from cityforge.brain.mock.write import MockReport
from cityforge.brain.values import credit_code

ROWS = 1000


@pytest.fixture
def tax_rows() -> dict[str, pa.Array]:
    return {
        "uscc": pa.array([f"9199990{number:011}" for number in range(ROWS)]),
        "year": pa.array(["2024"] * ROWS),
        "tax_paid": pa.array([f"{1000 + number}.50" for number in range(ROWS)]),
        "invoiced_sales": pa.nulls(ROWS, pa.string()),
    }


def test_faults_stand_where_the_list_says(city: City, tax_rows: dict[str, pa.Array]) -> None:
    planter = Planter(city.datasets["tax"], seed=1, rate=0.05)
    spared = np.arange(ROWS) < 100
    table = planter.plant(tax_rows, spared)
    assert len(planter.faults) == 50
    for fault in planter.faults:
        assert fault.row > 100
        if fault.column == "*":
            assert [c[fault.row - 1] for c in table.values()] == [
                c[fault.row - 2] for c in table.values()
            ]
        else:
            assert table[fault.column][fault.row - 1].as_py() == fault.value
    doubled = sum(fault.column == "*" for fault in planter.faults)
    assert len(table["uscc"]) == ROWS + doubled


def test_the_other_cells_are_untouched(city: City, tax_rows: dict[str, pa.Array]) -> None:
    planter = Planter(city.datasets["tax"], seed=1, rate=0.05)
    table = planter.plant(tax_rows, np.zeros(ROWS, dtype=bool))
    copies = {fault.row for fault in planter.faults if fault.column == "*"}
    spoilt = {(fault.row, fault.column) for fault in planter.faults}
    for name, column in table.items():
        kept = [
            None if (row, name) in spoilt else text
            for row, text in enumerate(column.to_pylist(), 1)
            if row not in copies
        ]
        before = tax_rows[name].to_pylist()
        assert [a == b or a is None for a, b in zip(kept, before, strict=True)] == [True] * ROWS


def test_the_rate_carries_over_from_part_to_part(city: City, tax_rows: dict[str, pa.Array]) -> None:
    planter = Planter(city.datasets["tax"], seed=1, rate=0.0025)
    written = 0
    for _ in range(4):
        written += len(planter.plant(tax_rows, np.zeros(ROWS, dtype=bool))["uscc"])
    assert len(planter.faults) == 10
    assert max(fault.row for fault in planter.faults) <= written
    assert len({fault.row for fault in planter.faults}) == 10


def test_no_rate_no_fault(city: City, tax_rows: dict[str, pa.Array]) -> None:
    planter = Planter(city.datasets["tax"], seed=1, rate=0.0)
    table = planter.plant(tax_rows, np.zeros(ROWS, dtype=bool))
    assert planter.faults == []
    assert table["tax_paid"].equals(tax_rows["tax_paid"])


def test_faults_come_near_the_set_rate_in_every_file(mocked: MockReport, city: City) -> None:
    found = Counter(fault.dataset for fault in mocked.faults)
    for dataset in city.datasets.values():
        expected = 0 if dataset.grain == "place_period" else 0.01 * mocked.rows[dataset.id]
        assert found[dataset.id] == pytest.approx(expected, abs=1 + 0.05 * expected), dataset.id
    assert {fault.kind for fault in mocked.faults} == {
        "wrong_check_digit",
        "text_in_number",
        "negative_value",
        "year_off",
        "unknown_code",
        "malformed_code",
        "impossible_date",
        "unknown_choice",
        "thousands_separators",
        "full_width_digits",
        "duplicate_row",
    }


def test_spoilt_codes_are_refused(mocked: MockReport) -> None:
    spoilt = [fault.value for fault in mocked.faults if fault.kind == "wrong_check_digit"]
    assert spoilt
    assert not any(credit_code.is_valid(code) for code in spoilt)


def column(unit: str | None, scale: int) -> Column:
    return Column.model_validate(
        {"id": "x", "title": "x", "title_en": "x", "kind": "quantity", "unit": unit, "scale": scale}
    )


@pytest.mark.parametrize(
    ("value", "unit", "scale", "text"),
    [
        (1.5, "元", 2, "15000.00"),
        (1.5, "万元", 4, "1.5000"),
        (0.00005, "亿元", 4, "0.0000"),
        (-3.25, "万元", 1, "-3.2"),
        (-0.25, "万元", 2, "-0.25"),
        (2.0, "千元", 0, "20"),
        (float("nan"), "元", 2, None),
        (float("nan"), "元", 0, None),
    ],
)
def test_numbers_are_written_in_the_contracts_unit(
    value: float, unit: str, scale: int, text: str | None
) -> None:
    found = cells.numbers(np.array([value]), given_in="万元", column=column(unit, scale))
    assert found.to_pylist() == [text]


def test_unlike_units_are_refused() -> None:
    with pytest.raises(ValueRefused):
        cells.numbers(np.array([1.0]), given_in="万元", column=column("亩", 2))


def test_cells_that_need_quotes_get_them(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    with files.open_csv(file, ["a", "b,c"]) as stream:
        files.write_rows(
            stream, [pa.array(["1,234", 'say "x"', None]), pa.array(["是", None, "y"])]
        )
        files.write_rows(stream, [pa.array([], pa.string()), pa.array([], pa.string())])
    expected = '\ufeffa,"b,c"\n"1,234",是\n"say ""x""",\n,y\n'
    assert file.read_bytes().decode() == expected
