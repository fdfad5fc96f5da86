"""The folder that `mock.write` leaves, read back as a bureau's would be."""

import csv
import datetime as dt
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from cityforge.brain.city.folder import City
from cityforge.brain.errors import ValueRefused
from cityforge.brain.mock.write import MockReport, write
from cityforge.brain.values import credit_code, period

AS_OF = dt.date(2025, 9, 30)
YEARS = range(2019, 2025)


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def sound_numbers(report: MockReport, dataset: str, column: str) -> dict[tuple[str, str], float]:
    """What can be read of one column: (code, year) -> number; faulty rows left out."""
    bad = {fault.row for fault in report.faults if fault.dataset == dataset}
    return {
        (row["统一社会信用代码"], row["年度"]): float(row[column])
        for number, row in enumerate(rows_of(report.folder / f"{dataset}.csv"), start=1)
        if number not in bad and row[column]
    }


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(
    city: City, tmp_path: Path
) -> None:
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        write(city, tmp_path / name, seed=seed, as_of=AS_OF, above_scale=60, below_scale=140)
    first, again, other = (bytes_of(tmp_path / name) for name in "abc")
    assert first == again
    assert {name for name in first if first[name] == other[name]} <= {"_calibration.csv"}


def test_every_dataset_has_its_file_with_the_contracts_headers(
    mocked: MockReport, city: City
) -> None:
    for dataset in city.datasets.values():
        text = (mocked.folder / f"{dataset.id}.csv").read_bytes()
        assert text.startswith(b"\xef\xbb\xbf")
        header = text[3:].split(b"\n", 1)[0].decode()
        assert header.split(",") == [column.title for column in dataset.columns]
        assert mocked.rows[dataset.id] == len(rows_of(mocked.folder / f"{dataset.id}.csv"))
        assert mocked.rows[dataset.id] > 0


def test_the_folder_says_that_it_is_simulated(mocked: MockReport, city: City) -> None:
    sources = (mocked.folder / "sources.yaml").read_text(encoding="utf-8")
    assert "simulated: true" in sources
    assert "seed: 11" in sources and "as_of: 2025-09-30" in sources
    assert all(f"{name}: {name}.csv" in sources for name in city.datasets)
    assert "模拟数据" in (mocked.folder / "模拟数据-README.txt").read_text(encoding="utf-8")


def test_columns_and_figures_that_the_mock_does_not_know_are_told(mocked: MockReport) -> None:
    assert set(mocked.unfilled) == {
        ("registrations", "phone"),
        ("penalties", "valid_until"),
    }
    told = {row.target.figure.series: row.note for row in mocked.calibration if row.note}
    assert told["enterprises.patience"].en == "not simulated"
    unmet = [row for row in mocked.calibration if row.target.figure.period == "2025年"]
    assert [row.mock for row in unmet] == [None]


def test_published_figures_are_met_within_one_percent(mocked: MockReport) -> None:
    met = [row for row in mocked.calibration if row.note is None]
    assert len(met) == 12
    assert [row.target.figure.id for row in met if abs(row.deviation or 0) > 0.01] == []
    listed = rows_of(mocked.folder / "_calibration.csv")
    assert [row["figure"] for row in listed] == [r.target.figure.id for r in mocked.calibration]


def test_enterprise_totals_hold_in_the_files_themselves(mocked: MockReport) -> None:
    revenue = sound_numbers(mocked, "declared", "revenue")
    of_2024 = {code: value for (code, year), value in revenue.items() if year == "2024"}
    east = sum(value for code, value in of_2024.items() if code[2:8] == "999901")
    of_2022 = sum(value for (_, year), value in revenue.items() if year == "2022")
    tax = sound_numbers(mocked, "tax", "tax_paid")
    assert sum(of_2024.values()) / 1e4 == pytest.approx(1000, rel=0.01)
    assert east / 1e4 == pytest.approx(300, rel=0.01)
    assert of_2022 == pytest.approx(9_000_000, rel=0.01)
    assert sum(v for (_, y), v in tax.items() if y == "2024") / 1e8 == pytest.approx(41, rel=0.01)


def test_exactly_the_asked_number_is_above_scale_in_the_last_year(mocked: MockReport) -> None:
    spoilt = {fault.row for fault in mocked.faults if fault.dataset == "confirmed"}
    rows = rows_of(mocked.folder / "confirmed.csv")
    sound = [row for number, row in enumerate(rows, 1) if number not in spoilt]
    above = sum(row["年度"] == "2024" and row["是否规上"] == "是" for row in sound)
    assert mocked.above_scale == 400
    assert 0.97 * 400 <= above <= 400


def test_above_scale_mostly_means_twenty_million_of_revenue(mocked: MockReport) -> None:
    revenue = sound_numbers(mocked, "declared", "revenue")
    flags = [
        (row["是否规上"] == "是", revenue[key])
        for row in rows_of(mocked.folder / "confirmed.csv")
        if (key := (row["统一社会信用代码"], row["年度"])) in revenue and row["年度"] == "2024"
    ]
    assert np.mean([value >= 2000 for listed, value in flags if listed]) > 0.93
    assert np.mean([value < 2000 for listed, value in flags if not listed]) > 0.93


def test_figures_hang_together_and_are_skewed(mocked: MockReport) -> None:
    revenue = sound_numbers(mocked, "declared", "revenue")
    for dataset, column, least in (
        ("tax", "tax_paid", 0.8),
        ("declared", "value_added", 0.9),
        ("declared", "employees", 0.7),
        ("declared", "energy", 0.6),
        ("grid", "electricity", 0.7),
        ("plots", "land_owned", 0.5),
    ):
        other = sound_numbers(mocked, dataset, column)
        keys = [key for key in other if revenue.get(key, 0) > 0 and other[key] > 0]
        logs = np.log([[revenue[key], other[key]] for key in keys])
        assert np.corrcoef(logs.T)[0, 1] > least, column
    last = np.array([value for (_, year), value in revenue.items() if year == "2024"])
    assert last.mean() > 3 * np.median(last)


def test_ratios_last_from_year_to_year(mocked: MockReport) -> None:
    revenue = sound_numbers(mocked, "declared", "revenue")
    tax = sound_numbers(mocked, "tax", "tax_paid")
    ratio = {k: tax[k] / revenue[k] for k in tax if tax[k] > 0 and revenue.get(k, 0) > 0}
    pairs = [
        (ratio[code, "2023"], ratio[code, "2024"])
        for code, year in ratio
        if year == "2024" and (code, "2023") in ratio
    ]
    assert np.corrcoef(np.log(pairs).T)[0, 1] > 0.6


def test_amounts_stand_in_the_contracts_unit(mocked: MockReport) -> None:
    revenue = sound_numbers(mocked, "declared", "revenue")  # 万元
    surveyed = sound_numbers(mocked, "survey", "survey_revenue")  # 千元
    ratios = [surveyed[key] / revenue[key] for key in surveyed if key in revenue]
    assert np.median(ratios) == pytest.approx(10, rel=0.05)
    sales = sound_numbers(mocked, "tax", "invoiced_sales")  # 元
    ratios = [sales[key] / revenue[key] for key in sales if revenue.get(key, 0) > 100]
    assert np.median(ratios) == pytest.approx(10_000, rel=0.3)
    owned = [value for value in sound_numbers(mocked, "plots", "land_owned").values() if value > 0]
    assert 0.05 < np.median(owned) < 5  # 公顷: one to seventy-five 亩


def test_gaps_come_near_the_set_rate_and_spare_keys(mocked: MockReport) -> None:
    rows = rows_of(mocked.folder / "tax.csv")
    empty = np.mean([row["tax_paid"] == "" for row in rows])
    assert 0.015 < empty < 0.025
    assert all(row["统一社会信用代码"] and row["年度"] for row in rows)
    present = {(row["统一社会信用代码"], row["年度"]) for row in rows}
    confirmed = {
        (row["统一社会信用代码"], row["年度"]) for row in rows_of(mocked.folder / "confirmed.csv")
    }
    assert 0.005 < len(confirmed - present) / len(confirmed) < 0.035


def test_codes_are_valid_unique_and_of_the_mock_block(mocked: MockReport) -> None:
    rows = rows_of(mocked.folder / "registrations.csv")
    spoilt = {
        fault.row
        for fault in mocked.faults
        if (fault.dataset, fault.kind) == ("registrations", "wrong_check_digit")
    }
    codes = [row["统一社会信用代码"] for row in rows]
    assert {n for n, code in enumerate(codes, 1) if not credit_code.is_valid(code)} == spoilt
    assert all(code.startswith("919999") and code[8:10] == "MK" for code in codes)
    doubled = [code for code, count in Counter(codes).items() if count > 1]
    duplicates = [f for f in mocked.faults if (f.dataset, f.column) == ("registrations", "*")]
    assert len(doubled) == len(duplicates)


def test_names_are_unique_and_begin_with_the_district(mocked: MockReport) -> None:
    rows = {
        row["统一社会信用代码"][:17]: row for row in rows_of(mocked.folder / "registrations.csv")
    }
    names = [row["企业名称"] for row in rows.values()]
    assert len(set(names)) == len(names)
    assert all(name.startswith(("东沚", "西沚", "北沚")) for name in names)


def test_choices_outside_the_contract_stay_empty(mocked: MockReport) -> None:
    # The contract does not allow 迁出, which the mock would write.
    seen = Counter(row["登记状态"] for row in rows_of(mocked.folder / "registrations.csv"))
    spoilt = {fault.value for fault in mocked.faults if fault.column == "status"}
    assert set(seen) - spoilt == {"存续", "在业", "注销", "吊销", ""}


def test_only_what_was_over_by_the_as_of_date_is_written(mocked: MockReport) -> None:
    rows = rows_of(mocked.folder / "registrations.csv")
    latest = max(row["成立日期"] for row in rows)
    assert "2025-01-01" < latest <= AS_OF.isoformat()
    for name in ("titles", "penalties"):
        days = [row["认定日期"] for row in rows_of(mocked.folder / f"{name}.csv")]
        assert "2025-01-01" < max(days) <= AS_OF.isoformat()
    years = {row["年度"] for row in rows_of(mocked.folder / "confirmed.csv")}
    spoilt = {f.value for f in mocked.faults if f.kind == "year_off"}
    assert years - spoilt == {str(year) for year in YEARS}
    ends = {
        name: max(period.parse(r["时期"]).end for r in rows_of(mocked.folder / f"{name}.csv"))
        for name in ("macro_year", "macro_quarter", "macro_month")
    }
    assert ends == {
        "macro_year": dt.date(2024, 12, 31),
        "macro_quarter": AS_OF,
        "macro_month": AS_OF,
    }


def test_enterprises_come_and_go(mocked: MockReport) -> None:
    by_year = Counter(row["年度"] for row in rows_of(mocked.folder / "confirmed.csv"))
    codes = {
        year: {
            row["统一社会信用代码"]
            for row in rows_of(mocked.folder / "confirmed.csv")
            if row["年度"] == year
        }
        for year in ("2019", "2024")
    }
    assert by_year["2024"] > 1.1 * by_year["2019"]
    assert len(codes["2019"] - codes["2024"]) > 50
    assert len(codes["2024"] - codes["2019"]) > 200


def test_no_complete_year_is_refused(city: City, tmp_path: Path) -> None:
    with pytest.raises(ValueRefused, match="no year from 2025 to 2026 is complete"):
        write(city, tmp_path, seed=1, as_of=AS_OF, first_year=2025)


def test_a_city_without_published_figures_is_mocked_all_the_same(
    made_up: SimpleNamespace, tmp_path: Path
) -> None:
    bare = made_up.city(tmp_path, made_up.published())
    report = write(
        bare, tmp_path / "out", seed=1, as_of=AS_OF, above_scale=40, below_scale=60, gap_rate=0.0
    )
    assert report.calibration == []
    assert report.above_scale == 40
    assert all(row["gdp"] for row in rows_of(tmp_path / "out" / "macro_year.csv"))
