"""Which dataset a file is of, told by its headers."""

from pathlib import Path

import openpyxl
import pytest

from cityforge.brain.city import checks
from cityforge.brain.city.folder import City
from cityforge.brain.errors import DataRefused
from cityforge.brain.intake import choice

LANHE = Path(__file__).parents[2] / "cities" / "lanhe"


@pytest.fixture(scope="module")
def city() -> City:
    return checks.load(LANHE)[0]


def workbook(file: Path, *rows: list[object], hidden: bool = False) -> Path:
    book = openpyxl.Workbook()
    if hidden:
        book.active.title = "字典"
        book.active.append(["统一社会信用代码", "单位名称", "登记日期", "状态"])
        book.active.sheet_state = "hidden"
        book.active = book.create_sheet("数据")
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file


HONOURS: list[object] = [None, "统一社会信用代码", "荣誉名称", "授予日期"]


@pytest.mark.parametrize("hidden", [False, True])
def test_the_first_visible_sheet_tells(city: City, tmp_path: Path, *, hidden: bool) -> None:
    file = workbook(tmp_path / "报表.xlsx", ["某局报表"], HONOURS, [None, 1, "绿色", 2024],
                    hidden=hidden)  # fmt: skip
    chosen = choice.choose(city, file)
    assert (chosen.dataset.id, chosen.how, chosen.matched) == ("honours", "headers", 3)


def test_an_empty_workbook_tells_nothing(city: City, tmp_path: Path) -> None:
    with pytest.raises(DataRefused) as refused:
        choice.choose(city, workbook(tmp_path / "报表.xlsx"))
    assert "看不出属于哪个数据集" in refused.value.problems[0].what.zh


def test_what_is_asked_is_not_looked_into(city: City, tmp_path: Path) -> None:
    (tmp_path / "报表.xlsx").write_bytes(b"PK\x03\x04 torn")
    chosen = choice.choose(city, tmp_path / "报表.xlsx", asked="企业荣誉")
    assert (chosen.dataset.id, chosen.how) == ("honours", "asked")
    with pytest.raises(DataRefused) as refused:
        choice.choose(city, tmp_path / "报表.xlsx")
    (problem,) = refused.value.problems
    assert "不完整或已损坏" in problem.what.zh and problem.hint.zh
