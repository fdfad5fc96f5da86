"""cityforge extract: a file in, a file out, a row for a row; and what it tells the reader."""

import csv
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from cityforge.brain.api import extraction
from cityforge.brain.cli.main import app
from cityforge.brain.errors import CityForgeError, DataRefused, RunRefused

CITY = Path(__file__).resolve().parents[3] / "cities" / "taizhou"
HEADER = ["企业名称", "统一社会信用代码", "注册资金", "经营范围", "注册地址"]
ROWS = [
    ["靖江市甲厂", "9001", "1,692.48(万元人民币)", "平板玻璃制造、销售", "靖江市新桥镇甲路"],
    ["甲厂", "9002", "240(万美元)", "", "甲路5号靖江大厦"],
    ["兴化市乙社", "9003", "0(万)", "", "乙路"],
    ["丙支局", "9004", "N/A", "", "沭阳县颜集街"],
    ['=HYPERLINK("x")', "9005", "60(元/万元)", "", "-"],
]


def _file(folder: Path, rows: list[list[str]] = ROWS, header: list[str] = HEADER) -> Path:
    file = folder / "名单.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    return file


def test_a_row_comes_out_for_each_row_with_what_told_it(tmp_path: Path) -> None:
    made = extraction.extract(CITY, _file(tmp_path), out=tmp_path / "out.parquet")
    rows = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert made.rows == len(rows) == 5
    assert [row["district"] for row in rows] == ["jingjiang", "jingjiang", "xinghua", None, None]
    assert [row["place_guess"] for row in rows] == [False, True, False, False, False]
    assert [row["place_elsewhere"] for row in rows] == [False, False, False, True, False]
    assert rows[0]["township"] == "新桥镇"
    assert rows[0]["place_evidence"] == "靖江市、新桥镇"
    assert rows[0]["industry_inferred"] == "30"
    assert [row["capital"] for row in rows] == [
        Decimal(16_924_800), Decimal(2_400_000), Decimal(0), None, None
    ]  # fmt: skip
    assert [row["currency"] for row in rows] == ["CNY", "USD", "CNY", None, None]
    assert rows[2]["capital_flags"] == "zero_stated currency_assumed"
    assert [row["capital_problem"] is None for row in rows] == [True, True, True, True, False]
    for part in ("place", "industry"):
        assert sum(count for (of, _), count in made.counts.items() if of == part) == 5
    assert made.counts["capital", "read"] == 3
    assert made.counts["capital", "refused"] == made.counts["capital", "missing"] == 1


def test_a_spreadsheet_gets_words_and_no_formula(tmp_path: Path) -> None:
    file = _file(tmp_path)
    extraction.extract(CITY, file, out=tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert rows[4]["企业名称"] == "'" + ROWS[4][0]
    assert rows[0]["区县（认出）"] == "靖江市"
    assert rows[0]["注册资本（原币，元）"] == "16924800"
    assert rows[1]["是否推测"] == "是"
    assert rows[2]["注册资本标记"] == "写明为0、按人民币"
    extraction.extract(CITY, file, out=tmp_path / "out.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    assert sheet is not None
    assert sheet["C6"].value == ROWS[4][0]
    assert sheet["C6"].data_type == "s"
    assert sheet["L2"].value == 16_924_800
    assert sorted(file.name for file in tmp_path.iterdir()) == ["out.csv", "out.xlsx", "名单.csv"]


@pytest.mark.parametrize(
    ("title", "amount"),
    [("注册资金", 1_000_000), ("注册资金（元）", 100), ("注册资金（千元）", 10**5)],
)
def test_a_bare_number_takes_the_unit_of_its_header(
    tmp_path: Path, title: str, amount: int
) -> None:
    header = [HEADER[0], HEADER[1], title]
    file = _file(tmp_path, [["甲厂", "9001", "100"]], header)
    extraction.extract(CITY, file, out=tmp_path / "out.parquet")
    [row] = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert row["capital"] == amount
    assert "industry_inferred" not in row


@pytest.mark.parametrize(
    ("out", "dataset", "kind", "says"),
    [
        ("out.docx", None, RunRefused, ".parquet"),
        ("nowhere/out.csv", None, RunRefused, "nowhere"),
        ("out.csv", "registration", RunRefused, "registrations"),
        ("out.csv", "tax", DataRefused, ""),
    ],
)
def test_what_cannot_be_done_is_refused_and_leaves_nothing(
    tmp_path: Path, out: str, dataset: str | None, kind: type[CityForgeError], says: str
) -> None:
    file = _file(tmp_path)
    with pytest.raises(kind) as refused:
        extraction.extract(CITY, file, out=tmp_path / out, dataset=dataset)
    assert says in refused.value.text.zh
    assert [left.name for left in tmp_path.iterdir()] == ["名单.csv"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ["由住所认出", "推测", "不折算", "不是登记事实"]),
        ("en", ["told by the address", "5 rows"]),
    ],
)
def test_the_command_tells_what_it_found(tmp_path: Path, language: str, words: list[str]) -> None:
    file, out = _file(tmp_path), tmp_path / "out.csv"
    asked = ["--lang", language, "extract", str(CITY), str(file), "--out", str(out)]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.output
    assert all(word in done.output for word in words)
    assert out.exists()


@pytest.mark.shared
def test_all_5657_real_rows_come_out_and_are_counted(shared: Path, tmp_path: Path) -> None:
    file = shared / "data" / "enterprises" / "taizhou_registrations.csv"
    made = extraction.extract(CITY, file, out=tmp_path / "out.parquet")
    assert made.rows == 5657
    assert made.set_aside == 0
    place = {line: count for (part, line), count in made.counts.items() if part == "place"}
    assert place == {
        "by_address": 5142, "by_name": 37, "guessed": 339, "elsewhere": 135, "untold": 4
    }  # fmt: skip
    assert made.counts["capital", "read"] == 5428
    assert sum(n for (part, _), n in made.counts.items() if part == "industry") == 5657
