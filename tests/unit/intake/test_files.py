"""Files as offices send them: headers, encodings, workbooks, Parquet; and what is refused."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.errors import DataRefused, Problem
from cityforge.brain.intake import accept, raw

CODE, YEAR = "统一社会信用代码", "年度"


def refused(take, dataset, file: Path) -> tuple[Problem, ...]:
    with pytest.raises(DataRefused) as error:
        take(dataset, file)
    for problem in error.value.problems:
        assert problem.file == file.name
        assert problem.what.zh and problem.what.en and problem.hint.zh and problem.hint.en
    assert error.value.exit_code == 11
    return error.value.problems


HEADERS = {
    "title": "实缴税收",
    "id": "tax",
    "id in capitals": "TAX",
    "synonym": "税收合计",
    "blanks around": "  实缴税收 ",
    "line break": "实缴\n税收",
    "unit": "实缴税收（万元）",
    "unit in ASCII brackets": "实缴税收(万元)",
    "unit in square brackets": "实缴税收[万元]",
    "synonym with unit": "税收合计 （万元）",
    "byte order mark": "\ufeff实缴税收",
}


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
def test_a_header_is_known_by_id_title_or_synonym(take, dataset, csv_file, codes, header) -> None:
    rows = [["说明", header, CODE, YEAR], ["甲", "5", codes[0], "2024"]]
    taken = take(dataset, csv_file(rows))
    assert [(row["tax"], row["note"]) for row in taken.accepted] == [(5, "甲")]
    assert taken.raw.unknown_headers == []
    assert "land" in taken.raw.absent_columns and taken.accepted[0]["land"] is None


@pytest.mark.parametrize("unit", ["㎡", "平方米", "m2"])
def test_any_spelling_of_the_agreed_unit_will_do(take, dataset, csv_file, codes, unit) -> None:
    rows = [[CODE, YEAR, f"用地（{unit}）"], [codes[0], "2024", "667"]]
    assert take(dataset, csv_file(rows)).accepted[0]["land"] == 667


@pytest.mark.parametrize("unit", ["亩", "含免抵", "万美元", "吨"])
def test_a_unit_of_another_kind_is_refused_not_ignored(
    take, dataset, csv_file, codes, unit
) -> None:
    rows = [[CODE, YEAR, f"实缴税收（{unit}）"], [codes[0], "2024", "5"]]
    (problem,) = refused(take, dataset, csv_file(rows))
    assert unit in problem.what.zh and "万元" in problem.what.zh


def test_headers_that_mean_one_column_are_refused(take, dataset, csv_file, codes) -> None:
    rows = [[CODE, YEAR, "实缴税收", "税收合计"], [codes[0], "2024", "5", "6"]]
    (problem,) = refused(take, dataset, csv_file(rows))
    assert "“实缴税收”和“税收合计”都对应“实缴税收”" in problem.what.zh


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_one_header_twice_is_refused(take, dataset, csv_file, codes, tmp_path, ending) -> None:
    rows = [[CODE, YEAR, "实缴税收", "实缴税收"], [codes[0], "2024", "5", "6"]]
    file = csv_file(rows) if ending == "csv" else workbook(tmp_path, rows)
    (problem,) = refused(take, dataset, file)
    assert "都对应“实缴税收”" in problem.what.zh


def test_every_missing_needed_column_is_told(take, dataset, csv_file) -> None:
    problems = refused(take, dataset, csv_file("企业,说明\n甲,乙\n"))
    assert [problem.what.zh for problem in problems] == [
        "缺少必需的列“统一社会信用代码”",
        "缺少必需的列“年度”",
    ]
    assert all("企业、说明" in problem.hint.zh for problem in problems)


def test_columns_of_no_contract_are_named_and_left_out(take, dataset, csv_file, codes) -> None:
    rows = [["", CODE, YEAR, "法人电话", " "], ["7", codes[0], "2024", "0523", ""]]
    taken = take(dataset, csv_file(rows))
    assert taken.raw.unknown_headers == ["（第 1 列无表头）", "法人电话"]
    assert len(taken.accepted) == 1


ENCODINGS = ["utf-8", "utf-8-sig", "gb18030", "gbk"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
def test_encodings_and_line_ends(take, dataset, csv_file, codes, encoding, newline) -> None:
    lines = [f"{CODE},{YEAR},说明", f"{codes[0]},2024,靖江", f'{codes[1]},2024,"泰兴,黄桥"', ""]
    taken = take(dataset, csv_file(newline.join(lines).encode(encoding)))
    assert [row["note"] for row in taken.accepted] == ["靖江", "泰兴,黄桥"]
    assert taken.read == 2


def test_what_is_neither_utf8_nor_gb18030_is_refused(take, dataset, csv_file) -> None:
    (problem,) = refused(take, dataset, csv_file(b"\x81\xff\x80\xff\n\x80"))
    assert "GB18030" in problem.what.zh


def test_utf16_is_refused(take, dataset, csv_file, codes) -> None:
    text = f"{CODE},{YEAR}\n{codes[0]},2024\n"
    assert refused(take, dataset, csv_file(text.encode("utf-16")))


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff"])
def test_an_empty_file_is_refused(take, dataset, csv_file, content) -> None:
    assert "缺少必需的列" in refused(take, dataset, csv_file(content))[0].what.zh


def test_a_header_alone_is_no_fault(take, dataset, csv_file) -> None:
    taken = take(dataset, csv_file(f"{CODE},{YEAR}\n"))
    assert (taken.read, taken.accepted, taken.quarantine) == (0, [], [])


def test_blank_lines_before_the_header_are_passed_over(take, dataset, csv_file, codes) -> None:
    taken = take(dataset, csv_file(f"\n\n{CODE},{YEAR}\n{codes[0]},2024\n"))
    assert taken.read == 1


@pytest.mark.parametrize(
    "line", ['{0},2024,"甲', '{0},2024,"甲"乙', '{0},2024, "甲'], ids=["open", "after", "blank"]
)
def test_quotes_that_swallow_lines_are_refused_with_their_line(
    take, dataset, csv_file, codes, line
) -> None:
    text = f"{CODE},{YEAR},说明\n{codes[1]},2024,x\n{line.format(codes[0])}\n{codes[2]},2024,y\n"
    (problem,) = refused(take, dataset, csv_file(text))
    assert "引号有误" in problem.what.zh


def test_a_quote_inside_a_cell_is_a_character(take, dataset, csv_file, codes) -> None:
    taken = take(dataset, csv_file(f'{CODE},{YEAR},说明\n{codes[0]},2024,5" 管\n'))
    assert taken.accepted[0]["note"] == '5" 管'


def workbook(folder: Path, rows: list[list[object]], name: str = "figures.xlsx") -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.create_sheet("说明").append(["第二张表不读"])
    book.save(folder / name)
    return folder / name


def test_a_workbook_with_its_own_types(take, dataset, tmp_path, codes) -> None:
    rows: list[list[object]] = [
        [CODE, YEAR, "实缴税收", "投产日期", "是否规上", "说明"],
        [codes[0], 2024, 1234.5, dt.date(2020, 5, 6), True, "=1+1"],
        [None, None, None, None, None, None],
        [codes[1], "2024", "1,234.5", "2020/5/6", "否", 7.0],
        [codes[2], 2024.0, 1e-2, dt.datetime.fromisoformat("2020-05-06T08:00:00"), False, 0.1],
        [codes[3], 2024, "约 5", None, None, None],
    ]
    taken = take(dataset, workbook(tmp_path, rows, "figures.XLSX"))
    assert taken.read == 4
    got = [(r["row_"], r["tax"], r["on"], r["big"]) for r in taken.accepted]
    day = dt.date(2020, 5, 6)
    assert got == [
        (1, Decimal("1234.50"), day, True),
        (3, Decimal("1234.50"), day, False),
        (4, Decimal("0.01"), day, False),
    ]
    assert [row["note"] for row in taken.accepted[1:]] == ["7", "0.1"]
    # The row is numbered as it stands under the header, empty rows counted.
    assert taken.reasons == [(5, "tax", "number")]


def test_cells_beyond_a_workbook_s_header_are_quarantined(take, dataset, tmp_path, codes) -> None:
    rows = [[CODE, YEAR], [codes[0], 2024], [codes[1], 2024, None, "beyond"]]
    taken = take(dataset, workbook(tmp_path, rows))
    assert taken.reasons == [(2, "*", "extra")]


def test_an_empty_workbook_and_a_broken_one(take, dataset, tmp_path) -> None:
    assert refused(take, dataset, workbook(tmp_path, []))
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 no workbook")
    assert "无法读取" in refused(take, dataset, broken)[0].what.zh


def test_a_text_named_xlsx_is_refused(take, dataset, tmp_path) -> None:
    file = tmp_path / "figures.xls"
    file.write_text(f"{CODE},{YEAR}\n", encoding="utf-8")
    assert refused(take, dataset, file)


def test_parquet_with_its_own_types(take, dataset, tmp_path, codes) -> None:
    table = pa.table(
        {
            CODE: codes[:3],
            YEAR: pa.array([2024, 2024, 2024], pa.int16()),
            "实缴税收（万元）": pa.array([Decimal("1.25"), None, Decimal("2000000")]),
            "用地": pa.array([1.5, 2.0, 3.0], pa.float64()),
            "投产日期": pa.array([dt.date(2020, 5, 6), None, None]),
            "是否规上": [True, False, None],
            "row_": [7, 8, 9],
        }
    )
    pq.write_table(table, tmp_path / "figures.parquet")
    taken = take(dataset, tmp_path / "figures.parquet")
    first, second = taken.accepted
    assert (first["tax"], first["land"], first["on"]) == (
        Decimal("1.25"),
        Decimal("1.5"),
        dt.date(2020, 5, 6),
    )
    assert (first["big"], second["big"], second["tax"]) == (True, False, None)
    assert taken.reasons == [(3, "tax", "max")]
    assert taken.raw.unknown_headers == ["row_"]


def test_a_broken_parquet_file_is_refused(take, dataset, tmp_path) -> None:
    file = tmp_path / "figures.parquet"
    file.write_bytes(b"PAR1 nothing PAR1")
    assert "无法读取" in refused(take, dataset, file)[0].what.zh


def test_what_was_refused_leaves_nothing_in_the_engine(dataset, csv_file) -> None:
    with Engine(threads=1) as engine:
        accept.prepare(engine)
        for _ in range(2):
            with pytest.raises(DataRefused):
                raw.read(engine, dataset, csv_file("a,b\n1,2\n"))
