"""Figures hung on given registrations: every row kept, nothing said that is not known."""

import csv
import datetime as dt
from pathlib import Path

import pytest

from cityforge.brain.city.folder import City
from cityforge.brain.errors import DataRefused
from cityforge.brain.mock.write import MockReport, write
from cityforge.brain.values import industry
from cityforge.brain.values.credit_code import check_digit, organisation_check

AS_OF = dt.date(2025, 9, 30)
HEADERS = (
    "企业名称",
    "统一社会信用代码",
    "注册日期",
    "企业类型",
    "注册资金",
    "经营范围",
    "注册地址",
)


def code(region: str, number: int) -> str:
    subject = f"MK{number:06}"
    first = f"91{region}{subject}{organisation_check(subject)}"
    return first + check_digit(first)


PUMP, DYE, SHOP, ELSEWHERE = (
    code("999901", 1),
    code("999912", 2),
    code("999902", 3),
    code("888801", 4),
)
OLD, BROKEN = "999901000012345", "91999901MK00000"
FRAME = [
    ("甲水泵厂", PUMP, "2001-05-06", "N/A", "500(万元人民币)", '水泵"精品",销售', "某路1号"),
    ("乙印染有限公司", DYE, "2003-01-02", "有限责任公司", "60(万美元)", "印染", "某路2号"),
    ("丙供销合作社", SHOP, "1999-01-02", "集体所有制", "43.5万人民币", "农药", "某路3号"),
    ("丁机械厂", OLD, "1998-02-03", "N/A", "N/A", "机械", "某路4号"),
    ("戊塑料厂", BROKEN, "2005-02-03", "N/A", "10(万元)", "塑料", "某路5号"),
    ("己有限公司", ELSEWHERE, "2006-02-03", "N/A", "20万", "电缆制造", "北沚区某路6号"),
    ("己有限公司", ELSEWHERE, "2006-02-03", "N/A", "20万", "电缆制造", "北沚区某路6号"),
]


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def write_frame(file: Path, headers: tuple[str, ...], rows: list[tuple[str, ...]]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(headers)
        writer.writerows(rows)
    return file


@pytest.fixture(scope="module")
def framed(city: City, tmp_path_factory: pytest.TempPathFactory) -> MockReport:
    file = write_frame(tmp_path_factory.mktemp("frame") / "frame.csv", HEADERS, FRAME)
    out = file.parent / "out"
    return write(
        city, out, seed=2, as_of=AS_OF, frame=file, above_scale=1, gap_rate=0.0, fault_rate=0.5
    )


def test_every_row_is_kept_as_it_came(framed: MockReport) -> None:
    rows = rows_of(framed.folder / "registrations.csv")
    kept = [(r["企业名称"], r["统一社会信用代码"], r["成立日期"], r["住所"]) for r in rows]
    assert kept == [(name, uscc, day, where) for name, uscc, day, _, _, _, where in FRAME]
    assert not [fault for fault in framed.faults if fault.dataset == "registrations"]


def test_capital_is_read_in_the_simple_spellings_only(framed: MockReport) -> None:
    found = [row["registered_capital"] for row in rows_of(framed.folder / "registrations.csv")]
    assert found == ["500.0000", "", "43.5000", "", "10.0000", "20.0000", "20.0000"]


def test_industries_are_guessed_by_words(framed: MockReport) -> None:
    found = [row["行业代码"][:2] for row in rows_of(framed.folder / "registrations.csv")]
    assert found == ["34", "17", "51", "34", "29", "38", "38"]


def test_districts_follow_the_code_then_the_address(framed: MockReport) -> None:
    found = [row["所属区县"] for row in rows_of(framed.folder / "registrations.csv")]
    assert found == ["东沚区", "西沚区", "西沚区", "东沚区", "", "北沚区", "北沚区"]


def test_figures_are_of_industry_with_a_valid_code_and_once_each(framed: MockReport) -> None:
    spoilt = {fault.row for fault in framed.faults if fault.dataset == "confirmed"}
    rows = rows_of(framed.folder / "confirmed.csv")
    sound = [row for number, row in enumerate(rows, 1) if number not in spoilt]
    assert {row["统一社会信用代码"] for row in sound} == {PUMP, DYE, ELSEWHERE}
    pairs = [(row["统一社会信用代码"], row["年度"]) for row in sound]
    assert len(set(pairs)) == len(pairs)
    assert framed.above_scale == 1


def test_no_penalty_is_made_up_for_a_real_enterprise(framed: MockReport) -> None:
    assert rows_of(framed.folder / "penalties.csv") == []
    assert any("no penalty" in note.en for note in framed.notes)
    readme = (framed.folder / "模拟数据-README.txt").read_text(encoding="utf-8")
    assert "真实登记底册" in readme


def test_a_frame_without_its_headers_is_refused(city: City, tmp_path: Path) -> None:
    file = write_frame(tmp_path / "frame.csv", ("企业名称", "统一社会信用代码"), [])
    with pytest.raises(DataRefused) as refused:
        write(city, tmp_path / "out", seed=2, as_of=AS_OF, frame=file)
    assert "注册日期" in refused.value.problems[0].what.zh


@pytest.mark.shared
def test_the_real_frame_of_5657(city: City, shared: Path, tmp_path: Path) -> None:
    file = shared / "data/enterprises/taizhou_registrations.csv"
    report = write(city, tmp_path, seed=2, as_of=AS_OF, frame=file, above_scale=800)
    assert report.enterprises == report.rows["registrations"] == 5657
    assert report.above_scale == 800
    rows = rows_of(tmp_path / "registrations.csv")
    given = rows_of(file)
    assert [row["统一社会信用代码"] for row in rows] == [row["统一社会信用代码"] for row in given]
    assert all(industry.get(row["行业代码"]) for row in rows)
    industrial = sum("13" <= row["行业代码"][:2] <= "46" for row in rows)
    assert 0.45 < industrial / len(rows) < 0.95
