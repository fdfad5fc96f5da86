"""Files that people hand over: may they be opened, their rows in place, what is held in all."""

import json
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from cityforge.brain.api import intake
from cityforge.brain.errors import DataRefused, Text

LANHE = Path(__file__).parents[2] / "cities" / "lanhe"
HEAD = ["统一社会信用代码", "年份", "规上", "营业收入"]


@pytest.fixture(scope="module")
def city() -> intake.City:
    return intake.load(LANHE)[0]


@pytest.fixture
def data(tmp_path: Path, codes: list[str]) -> Path:
    """A frame of three enterprises and their figures of 2023."""
    folder = tmp_path / "data"
    folder.mkdir()
    frame = ["统一社会信用代码,单位名称", *(f"{code},企业" for code in codes[:3])]
    (folder / "market_entities.csv").write_text("\n".join(frame), encoding="utf-8")
    rows = [",".join(HEAD), *(f"{code},2023,是,1" for code in codes[:3])]
    (folder / "performance.csv").write_text("\n".join(rows), encoding="utf-8")
    return folder


def quiet(_words: Text, _share: float) -> None:
    pass


def rows_of(city: intake.City, data: Path, file: Path) -> list[dict[str, object]]:
    out = file.with_suffix(".rows")
    with intake.consider(
        city, data, city.datasets["performance"], file, tell=quiet, to_take=False
    ) as held:
        intake.write_rows(held, out)
    return pq.read_table(out).to_pylist()


def test_rows_stand_as_in_the_file_with_their_faults(
    city: intake.City, data: Path, codes: list[str], tmp_path: Path
) -> None:
    """Numbered as a spreadsheet numbers them: a title and the header above."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["2024 年绩效"])
    sheet.append(HEAD)
    sheet.append([codes[0], 2024, "是", "1,200"])
    sheet.append([codes[1], 2024, "也许", "约三百"])
    sheet.append([codes[5], 2024, "是", 5])
    file = tmp_path / "绩效.xlsx"
    book.save(file)
    rows = rows_of(city, data, file)
    assert [row[intake.NUMBER] for row in rows] == [3, 4, 5]
    assert rows[0]["revenue"] == "1,200" and rows[0][intake.FAULTS] is None
    assert rows[1]["revenue"] == "约三百"
    faults = [json.loads(str(row[intake.FAULTS])) for row in rows[1:]]
    assert faults == [
        {"above_scale": ["boolean"], "revenue": ["number"]},
        {"*": ["stranger"]},
    ]


def test_every_row_of_a_file_stands_once(
    city: intake.City, data: Path, codes: list[str], tmp_path: Path
) -> None:
    """More rows than are written at a time; every hundredth is faulty."""
    file = tmp_path / "绩效.csv"
    years = range(1, 25_001)
    lines = [f"{codes[0]},{'x' if year % 100 == 0 else 2024},是,{year}" for year in years]
    file.write_text("\n".join([",".join(HEAD), *lines]), encoding="utf-8")
    rows = rows_of(city, data, file)
    assert [row[intake.NUMBER] for row in rows] == [year + 1 for year in years]
    assert [row["revenue"] for row in rows] == [str(year) for year in years]
    wrong_year = [
        row[intake.NUMBER] for row in rows if '"year": ["year"]' in str(row[intake.FAULTS])
    ]
    assert wrong_year == [year + 1 for year in years if year % 100 == 0]


def test_stock_is_taken_of_all_and_of_some(city: intake.City, data: Path, codes: list[str]) -> None:
    with (data / "performance.csv").open("a", encoding="utf-8") as stream:
        stream.write(f"\n{codes[7]},2024,是,1")  # of a stranger to the frame: not held
    (data / "honours.csv").write_text("统一社会信用代码\n", encoding="utf-8")
    day = date(2025, 1, 1)
    held = {one.dataset: one for one in intake.take_stock(city, data, as_of=day)}
    assert set(held) == set(city.datasets)
    performance = held["performance"]
    assert (performance.read, performance.accepted) == (4, 3)
    assert performance.newest == date(2023, 12, 31)
    assert held["market_entities"].accepted == 3
    assert held["macro_annual"] == intake.Held("macro_annual")
    refused = held["honours"].refused
    assert refused is not None and "荣誉名称" in refused.zh
    assert intake.take_stock(city, data, as_of=day, only=["performance"]) == [performance]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.txt", b"x", "不是可以报送的文件"),
        ("a.csv", b"PK\x03\x04", "内容却是"),
        ("a.xlsx", b"a,b\n1,2\n", "内容却是"),
        ("a.xlsx", b"PK\x03\x04 cut off", "无法读取"),
        ("a.parquet", b"PAR1 cut off", "已损坏"),
    ],
)
def test_what_may_not_be_opened(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(DataRefused) as refused:
        intake.admit(file, name="原名")
    (problem,) = refused.value.problems
    assert says in problem.what.zh and problem.file == "原名"


def test_what_may_be_opened(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("甲,乙\n1,2\n", encoding="gb18030")
    intake.admit(file, name="a.csv")
    book = Workbook()
    book.save(tmp_path / "b.xlsx")
    intake.admit(tmp_path / "b.xlsx", name="b.xlsx")
