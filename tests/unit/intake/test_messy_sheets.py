"""Sheets as offices make them: titles, merged headers, units above, totals and notes below."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from cityforge.brain.errors import DataRefused
from cityforge.brain.intake import headers

CODE, YEAR, TAX, LAND = "统一社会信用代码", "年度", "实缴税收", "用地"


def book(folder: Path, rows: list[list[object]], merges: tuple[str, ...] = ()) -> Path:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    for merge in merges:
        made.active.merge_cells(merge)
    made.save(folder / "figures.xlsx")
    return folder / "figures.xlsx"


def titled(codes: list[str]) -> list[list[object]]:
    return [
        ["2024年度企业税收情况表"],
        [],
        ["填报单位：某某局", None, None, "单位：千元"],
        ["序号", CODE, YEAR, TAX],
        [1, codes[0], 2024, "1,234.56"],
        [2, codes[1], 2024, 20],
        [None, "小 计", None, 1254.56],
        ["合计", None, None, 1254.56],
        ["注：不含代扣代缴"],
        ["填表人：甲", None, "审核人：乙"],
    ]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_title_a_unit_line_totals_and_notes(take, dataset, csv_file, codes, tmp_path, ending):
    rows = titled(codes)
    texts = [["" if cell is None else str(cell) for cell in row] for row in rows]
    file = book(tmp_path, rows) if ending == "xlsx" else csv_file(texts)
    taken = take(dataset, file)
    assert [row["tax"] for row in taken.accepted] == [Decimal("123.46"), Decimal("2.00")]
    assert taken.reasons == [
        (3, "*", "total"), (4, "*", "total"), (5, "*", "footer"), (6, "*", "footer"),
    ]  # fmt: skip
    assert taken.read == 6 == taken.counts.accepted + taken.counts.quarantined
    assert (taken.raw.header_at, taken.raw.header_depth) == (3, 1)
    said = [remark.zh for remark in taken.raw.remarks]
    assert any("单位：千元" in text for text in said) and any("×1/10" in text for text in said)


def test_a_header_of_two_rows_with_merged_cells(take, make_dataset, codes, tmp_path) -> None:
    columns = [
        {"id": "uscc", "title": CODE, "kind": "credit_code"},
        {"id": "power_jan", "title": "用电量·1月", "kind": "quantity", "unit": "万kWh"},
        {"id": "power_feb", "title": "二月用电", "synonyms": ["用电量·2月"], "kind": "quantity",
         "unit": "万kWh"},
        {"id": "gas_jan", "title": "用气量·1月", "kind": "quantity", "unit": "万m³"},
    ]  # fmt: skip
    dataset = make_dataset(columns, key=["uscc"])
    rows: list[list[object]] = [
        ["能源消费表"],
        [CODE, "用电量（kWh）", None, "用气量"],
        [None, "1月", "2月", "1月"],
        [codes[0], 120_000, 80_000, 3],
    ]
    merges = ("A1:D1", "A2:A3", "B2:C2")
    for made in (book(tmp_path, rows, merges), book(tmp_path, rows)):
        taken = take(dataset, made)
        (row,) = taken.accepted
        assert (row["power_jan"], row["power_feb"], row["gas_jan"]) == (12, 8, 3)
        assert (taken.raw.header_at, taken.raw.header_depth) == (1, 2)


def test_the_lower_name_alone_will_do_once(make_dataset) -> None:
    columns = [
        {"id": "uscc", "title": CODE, "kind": "credit_code"},
        {"id": "jan", "title": "1月", "kind": "quantity", "unit": "元"},
    ]
    dataset = make_dataset(columns, key=["uscc"])
    once = headers.find(dataset, [[CODE, "用电量"], ["", "1月"]], "f")
    assert once.places == {"uscc": 0, "jan": 1} and once.is_whole
    twice = headers.find(dataset, [[CODE, "用电量", "用水量"], ["", "1月", "1月"]], "f")
    assert "都对应“1月”" in twice.problems[0].what.zh


CONVERTED = {
    "元": ("123456", "12.35"), "千元": ("123456.75", "12345.68"), "百万元": ("12.5", "1250.00"),
    "人民币元": ("1e5", "10.00"), "亿元": ("5", "50000.00"), "单位：千元": ("10", "1.00"),
}  # fmt: skip


@pytest.mark.parametrize("unit", CONVERTED)
def test_a_unit_in_the_header_is_converted_exactly(take, dataset, csv_file, codes, unit) -> None:
    text, wanted = CONVERTED[unit]
    taken = take(dataset, csv_file([[CODE, YEAR, f"{TAX}（{unit}）"], [codes[0], "2024", text]]))
    assert [row["tax"] for row in taken.accepted] == [Decimal(wanted)]
    assert len(taken.raw.remarks) == 1


def test_a_factor_without_an_end_is_rounded_once(take, dataset, csv_file, codes) -> None:
    rows = [[CODE, YEAR, f"{LAND}（亩）"]]
    rows += [[codes[i], "2024", text] for i, text in enumerate(["1", "1.5", "x", "1" * 20, "-1"])]
    taken = take(dataset, csv_file(rows))
    assert [row["land"] for row in taken.accepted] == [Decimal("666.6667"), Decimal("1000")]
    assert taken.reasons == [(3, "land", "number"), (4, "land", "number"), (5, "land", "min")]


def test_a_converted_number_too_large_is_quarantined(take, dataset, csv_file, codes) -> None:
    rows = [[CODE, YEAR, f"{TAX}（万亿元）"], [codes[0], "2024", "9" * 12]]
    assert take(dataset, csv_file(rows)).reasons == [(1, "tax", "number")]


def test_two_units_of_one_kind_above_the_header_are_refused(take, dataset, csv_file) -> None:
    rows = [["单位：千元、万元"], [CODE, YEAR, TAX]]
    with pytest.raises(DataRefused) as refused:
        take(dataset, csv_file(rows))
    assert "几种单位" in refused.value.problems[0].what.zh


def test_a_line_that_names_an_office_is_no_unit(take, dataset, csv_file, codes) -> None:
    rows = [["单位：税务局"], [CODE, YEAR, TAX], [codes[0], "2024", "5"]]
    taken = take(dataset, csv_file(rows))
    assert taken.accepted[0]["tax"] == 5 and taken.raw.remarks == []


def test_percent_cells_errors_and_lost_digits(take, make_dataset, codes, tmp_path) -> None:
    columns = [
        {"id": "uscc", "title": CODE, "kind": "credit_code"},
        {"id": "growth", "title": "增速", "kind": "quantity", "unit": "%", "scale": 2},
        {"id": "share", "title": "占比", "kind": "quantity", "unit": "", "scale": 4},
        {"id": "note", "title": "说明", "kind": "text"},
    ]
    dataset = make_dataset(columns, key=["uscc"])
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.append([CODE, "增速", "占比", "说明"])
    sheet.append([codes[0], 0.125, 0.07, None])
    sheet["B2"].number_format = "0.0%"
    sheet["C2"].number_format = "0%"
    sheet.append([codes[1], 12.5, "7%", "#N/A"])
    sheet.append([codes[2], "#DIV/0!", None, None])
    sheet["B4"].data_type = "e"
    sheet["D3"].data_type = "e"
    sheet.append([913211000000000123, 1, 1, None])
    made.save(tmp_path / "figures.xlsx")
    taken = take(dataset, tmp_path / "figures.xlsx")
    assert [(r["growth"], r["share"]) for r in taken.accepted] == [
        (Decimal("12.50"), Decimal("0.0700"))
    ]
    assert taken.reasons == [
        (2, "note", "error_cell"), (3, "growth", "error_cell"), (4, "uscc", "lost_digits"),
    ]  # fmt: skip
    assert taken.quarantine[1][2] == "#DIV/0!"


def test_serial_dates_in_both_systems(take, dataset, tmp_path, codes) -> None:
    for system, serial in ((openpyxl.utils.datetime.WINDOWS_EPOCH, 45292),
                           (openpyxl.utils.datetime.MAC_EPOCH, 43830)):  # fmt: skip
        made = openpyxl.Workbook()
        made.epoch = system
        made.active.append([CODE, YEAR, "投产日期"])
        made.active.append([codes[0], 2024, serial])
        made.active.append([codes[1], 2024, dt.date(2024, 1, 1)])
        made.save(tmp_path / "figures.xlsx")
        taken = take(dataset, tmp_path / "figures.xlsx")
        assert [row["on"] for row in taken.accepted] == [dt.date(2024, 1, 1)] * 2


def test_the_sheet_is_the_one_that_fits(take, dataset, tmp_path, codes) -> None:
    made = openpyxl.Workbook()
    made.active.append(["填报说明"])
    hidden = made.create_sheet("旧表")
    hidden.append([CODE, YEAR])
    hidden.append([codes[5], 2020])
    hidden.sheet_state = "hidden"
    good = made.create_sheet("数据")
    good.append([CODE, YEAR])
    good.append([codes[0], 2024])
    good.row_dimensions[2].hidden = True
    made.save(tmp_path / "figures.xlsx")
    taken = take(dataset, tmp_path / "figures.xlsx")
    assert [row["uscc"] for row in taken.accepted] == [codes[0]]
    assert taken.raw.sheet == "数据" and "Sheet、旧表" in taken.raw.remarks[0].zh
    good.title = "其他"
    named = made.create_sheet("年度数据")
    named.append([CODE, YEAR])
    named.append([codes[1], 2024])
    made.save(tmp_path / "figures.xlsx")
    assert take(dataset, tmp_path / "figures.xlsx").raw.sheet == "年度数据"


def test_a_sheet_that_starts_elsewhere(take, dataset, tmp_path, codes) -> None:
    made = openpyxl.Workbook()
    for place, value in {"C4": CODE, "D4": YEAR, "C5": codes[0], "D5": 2024, "E5": "x"}.items():
        made.active[place] = value
    made.save(tmp_path / "figures.xlsx")
    taken = take(dataset, tmp_path / "figures.xlsx")
    assert taken.reasons == [(1, "*", "extra")] and taken.raw.header_at == 3


def test_codes_as_people_type_them(take, dataset, csv_file, codes) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) for c in codes[1].lower())
    spaced = f"'{codes[2][:6]} {codes[2][6:]}"
    rows = [[CODE, YEAR, "说明", "区划"], [wide, "2024", "'=1+1", "321200.0"],
            [spaced, "2024", "'-3", "３２１２００"], [codes[3], "2024", "'n", ""]]  # fmt: skip
    taken = take(dataset, csv_file(rows))
    got = [(row["uscc"], row["note"], row["region"]) for row in taken.accepted]
    assert got == [
        (codes[1], "=1+1", "321200"), (codes[2], "-3", "321200"), (codes[3], "'n", None),
    ]  # fmt: skip


def test_our_own_error_columns_are_passed_over(take, dataset, csv_file, codes) -> None:
    rows = [[CODE, YEAR, "错误原因", "原行号"], [codes[0], "2024", "年度：不是有效年度", "7"]]
    taken = take(dataset, csv_file(rows))
    assert taken.raw.unknown_headers == [] and len(taken.accepted) == 1
