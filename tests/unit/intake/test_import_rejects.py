"""What goes back to a bureau: the same rows, errors told and marked; corrected, it is accepted."""

import contextlib
import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cityforge.brain.city import checks
from cityforge.brain.city.folder import City
from cityforge.brain.intake import formulas, importing, rejects
from cityforge.brain.intake.importing import Candidate

LANHE = Path(__file__).resolve().parents[2] / "cities" / "lanhe"
HEADER = ["统一社会信用代码", "年份", "规上", "营业收入（万元）", "投产时间"]
OWN = ["错误原因", "原行号"]


@pytest.fixture(scope="module")
def city() -> City:
    return checks.load(LANHE)[0]


@pytest.fixture
def consider(city: City, tmp_path: Path) -> Callable[..., contextlib.AbstractContextManager]:
    """Hold a file against an empty data folder, as performance."""
    (tmp_path / "data").mkdir()

    @contextlib.contextmanager
    def of(file: Path) -> Iterator[Candidate]:
        dataset = city.datasets["performance"]
        asked = importing.considered(
            city, tmp_path / "data", dataset, file, tell=lambda *_: None, to_take=False
        )
        with asked as held:
            yield held

    return of


def rows(codes: list[str]) -> list[list[str]]:
    return [
        [codes[0], "2024", "是", "10", "2020-01-01"],
        [codes[1], "二〇二四", "是", "约20", "2020-01-01"],
        [codes[2], "2024", "否", "=1+1", "@SUM(A1)"],
        [codes[3], "2024", "否", "-5", ""],
    ]


def corrected(row: list[str]) -> list[str]:
    fixed = {"二〇二四": "2024", "约20": "20", "=1+1": "2", "'=1+1": "2", "-5": "5"}
    return [fixed.get(c, "" if c.lstrip("'").startswith("@") else c) for c in row]


def read_csv(file: Path, encoding: str) -> list[list[str]]:
    with file.open(encoding=encoding, newline="") as stream:
        return list(csv.reader(stream))


@pytest.mark.parametrize(
    ("encoding", "back_in"),
    [("utf-8", "utf-8-sig"), ("utf-8-sig", "utf-8-sig"), ("gb18030", "gb18030")],
)
def test_csv_comes_back_in_its_encoding_with_its_title(
    consider, codes, tmp_path, encoding, back_in
) -> None:
    file = tmp_path / "绩效.csv"
    with file.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream).writerows([["兰河市绩效表"], [], HEADER, *rows(codes)])
    with consider(file) as held:
        back, only = rejects.write(held, tmp_path / "back", language="zh")
        assert (held.counts.read, held.counts.quarantined) == (4, 3)
    assert (back.name, only.name) == ("绩效-退回.csv", "绩效-退回-仅错误行.csv")
    assert back.read_bytes().startswith(b"\xef\xbb\xbf") == (back_in == "utf-8-sig")
    title, _, head, *body = read_csv(back, back_in)
    assert title == ["兰河市绩效表"] and head == [*HEADER, *OWN]
    assert [row[0] for row in body] == codes[:4], "the order of the file stays"
    assert body[0] == rows(codes)[0]
    assert body[1][5:] == ["年份：不是有效年度；营业收入：不是数字或位数超限", "5"]
    assert body[2][3:5] == ["'=1+1", "'@SUM(A1)"] and body[3][3] == "-5"
    assert [row[0] for row in read_csv(only, back_in)[3:]] == codes[1:4]
    again = tmp_path / "绩效-退回.csv"
    with again.open("w", encoding=back_in, newline="") as stream:
        csv.writer(stream).writerows([title, [], head, *map(corrected, body)])
    with consider(again) as held:
        assert (held.counts.accepted, held.counts.quarantined) == (4, 0)
        assert held.raw is not None and held.raw.unknown_headers == []


def test_a_second_round_replaces_the_columns_of_the_first(consider, codes, tmp_path) -> None:
    file = tmp_path / "绩效.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([HEADER, *rows(codes)])
    with consider(file) as held:
        first, _ = rejects.write(held, tmp_path / "back", language="zh")
    with consider(first) as held:
        second, _ = rejects.write(held, tmp_path / "twice", language="zh")
    assert second.name == "绩效-退回.csv"
    assert second.read_bytes() == first.read_bytes()


def workbook(file: Path, body: list[list[str]]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["兰河市绩效表"])
    sheet.merge_cells("A1:E1")
    sheet["A1"].font = openpyxl.styles.Font(bold=True, size=18)
    sheet.append(HEADER)
    for row in body:
        sheet.append(row)
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    book.save(file)
    return file


@pytest.mark.parametrize("is_edited", [True, False], ids=["edited in place", "copied"])
def test_a_workbook_comes_back_marked(consider, codes, tmp_path, monkeypatch, is_edited) -> None:
    if not is_edited:
        monkeypatch.setattr(rejects, "_EDITED_IN_PLACE", 0)
    file = workbook(tmp_path / "绩效.xlsx", rows(codes))
    with consider(file) as held:
        (back,) = rejects.write(held, tmp_path / "back", language="zh")
    book = openpyxl.load_workbook(back)
    sheet, only = book.worksheets
    assert only.title == "仅错误行"
    assert [cell.value for cell in sheet[2]] == [*HEADER, *OWN]
    assert [sheet.cell(r, 1).value for r in range(3, 7)] == codes[:4]
    assert sheet["F4"].value == "年份：不是有效年度；营业收入：不是数字或位数超限"
    assert sheet["G4"].value == 4 and sheet["F3"].value is None
    assert "不是有效年度" in sheet["B4"].comment.text and sheet["B4"].fill.fill_type == "solid"
    assert sheet["B3"].comment is None and sheet["A4"].comment is None
    assert (sheet["D5"].value, sheet["D5"].data_type) == ("=1+1", "s")
    assert sheet["D5"].quotePrefix and sheet["E5"].quotePrefix
    assert [only.cell(r, 1).value for r in range(3, 6)] == codes[1:4]
    assert (sheet["A1"].font.size == 18) is is_edited
    for row in sheet.iter_rows(min_row=3):
        for cell, value in zip(row[:5], corrected([c.value or "" for c in row[:5]]), strict=True):
            cell.value = value or None
    again = tmp_path / "绩效-退回.xlsx"
    book.save(again)
    with consider(again) as held:
        assert (held.counts.accepted, held.counts.quarantined) == (4, 0)
        assert held.raw is not None and held.raw.unknown_headers == []


def test_parquet_comes_back_as_csv(consider, codes, tmp_path) -> None:
    columns = dict(zip(HEADER, map(list, zip(*rows(codes), strict=True)), strict=True))
    pq.write_table(pa.table(columns), tmp_path / "绩效.parquet")
    with consider(tmp_path / "绩效.parquet") as held:
        back, _ = rejects.write(held, tmp_path / "back", language="en")
    head, *body = read_csv(back, "utf-8-sig")
    assert head == [*HEADER, *OWN] and body[1][5].startswith("年份：is not a year")


def test_nothing_goes_back_where_nothing_failed(consider, codes, tmp_path) -> None:
    file = workbook(tmp_path / "绩效.xlsx", rows(codes)[:1])
    with consider(file) as held:
        assert rejects.write(held, tmp_path / "back", language="zh") == []
    assert not (tmp_path / "back").exists()


@pytest.mark.parametrize("text", ["=1", "+A1", "-A1", "@x", "\t=1", "\r=1", "=", "-1-1"])
def test_formulas_are_made_harmless(text: str) -> None:
    assert formulas.in_csv(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-5", "+5.5", "-1.2E+3", "a=1", "", "'=1", "5"])
def test_numbers_and_plain_text_stay(text: str) -> None:
    assert formulas.in_csv(text) == text
