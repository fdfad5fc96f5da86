"""Rows that come without a credit code find their enterprise by name, or stay in quarantine."""

import csv
import json
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from cityforge.brain.errors import ValueRefused
from cityforge.brain.values import credit_code

LANHE = Path(__file__).parents[2] / "tests" / "cities" / "lanhe"
AS_OF = "2025-09-30"
Command = Callable[..., tuple[int, str]]


def code(region: str, subject: str) -> str:
    """A valid credit code with a made-up organisation code."""
    body = subject + credit_code.organisation_check(subject)
    stem = f"91{region}{body}"
    for last in credit_code.CHARACTERS:
        with suppress(ValueRefused):
            return str(credit_code.parse(stem + last))
    raise AssertionError(stem)


FIRMS = {
    "pump": (code("339901", "MA100001"), "青屿晟逵水泵制造有限公司", "青屿区"),
    "yarn": (code("339902", "MA100002"), "云坪皓渊精密纺织有限公司", "云坪区"),
    "glass_here": (code("339901", "MA100003"), "青屿砚澄玻璃有限公司", "青屿区"),
    "glass_there": (code("339902", "MA100004"), "云坪砚澄玻璃有限公司", "云坪区"),
    "paper": (code("339921", "MA100005"), "石笕翀珏造纸有限公司", "石笕县"),
    "stone": (code("339921", "MA100006"), "石笕璞煊石材有限公司", "石笕县"),
}
MALFORMED = "91339921MA10000"
ROWS = [
    ("", FIRMS["pump"][1], "青屿区"),  # 1 exact name
    ("", "皓渊精密纺织", "云坪区"),  # 2 abbreviated
    ("", "砚澄玻璃有限公司", ""),  # 3 two firms of one core name
    ("", "兰河无名贸易有限公司", "青屿区"),  # 4 nobody
    (MALFORMED, FIRMS["paper"][1], ""),  # 5 malformed code
    (FIRMS["stone"][0], "别的名称有限公司", "青屿区"),  # 6 a code is a code
    ("", "", ""),  # 7 nothing at all
]


def write(file: Path, header: list[str], rows: list[tuple[str, ...]]) -> None:
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        csv.writer(out).writerows([header, *rows])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The made-up city, a frame of six firms, and honours whose rows come by name."""
    shutil.copytree(LANHE, tmp_path / "city")
    data = tmp_path / "data"
    data.mkdir()
    write(
        data / "market_entities.csv",
        ["统一社会信用代码", "单位名称", "登记日期", "状态", "行业", "登记机关代码", "县（区）"],
        [
            (uscc, name, "2015-03-02", "存续", "3391", uscc[2:8], district)
            for uscc, name, district in FIRMS.values()
        ],
    )
    write(
        data / "honours.csv",
        ["统一社会信用代码", "单位名称", "县（区）", "荣誉名称", "授予日期"],
        [(*row, "省级绿色工厂", "2020-05-06") for row in ROWS],
    )
    return tmp_path


def run(cityforge: Command, folder: Path, *more: object, out: str = "runs") -> tuple[Path, str]:
    code, said = cityforge(
        *("run", folder / "city", "--data", folder / "data", "--as-of", AS_OF),
        *("--out", folder / out, "--no-report", *more),
    )
    assert code == 0, said
    return folder / out / (folder / out / "latest").read_text().strip(), said


def table(snapshot: Path, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(snapshot / "tables" / f"{name}.parquet").to_pylist()
    return rows


def intake(snapshot: Path) -> dict[str, dict[str, Any]]:
    record = json.loads((snapshot / "run.json").read_text(encoding="utf-8"))
    return {each["dataset"]: each for each in record["intake"]}


def test_only_what_linkage_links_gets_a_code(folder: Path, cityforge: Command) -> None:
    snapshot, said = run(cityforge, folder)
    found = {row["row"]: row for row in table(snapshot, "found_by_name")}
    assert {row: each["uscc"] for row, each in found.items()} == {
        1: FIRMS["pump"][0],
        2: FIRMS["yarn"][0],
        5: FIRMS["paper"][0],
    }
    assert found[1]["rung"] == "name" and found[1]["given"] is None
    assert found[2]["name"] == "皓渊精密纺织"
    assert found[5]["given"] == MALFORMED
    assert all(json.loads(each["evidence"]) for each in found.values())
    assert {each["dataset"] for each in found.values()} == {"honours"}
    refused = {(row["row"], row["column"], row["reason"]) for row in table(snapshot, "quarantine")}
    assert refused == {(row, "uscc", "required") for row in (3, 4, 7)}
    counts = intake(snapshot)["honours"]
    assert (counts["read"], counts["accepted"], counts["quarantined"]) == (7, 4, 3)
    assert counts["found_by_name"] == 3
    assert "企业荣誉：5 行没有有效代码，按名称找到企业 3 行" in "".join(said.split("\n"))
    assert "按名称找到企业的行（推断" in said
    shown = [[cell.strip() for cell in line.split("│")] for line in said.splitlines()]
    rungs = {
        cells[2]: cells[3] for cells in shown if cells[1:2] == ["企业荣誉"] and len(cells) == 5
    }
    assert rungs["名称相同"] == "2" and sum(map(int, rungs.values())) == 3


def test_one_thread_and_two_give_the_same_bytes(folder: Path, cityforge: Command) -> None:
    one, _ = run(cityforge, folder, "--threads", 1)
    two, _ = run(cityforge, folder, "--threads", 2, out="runs2")
    assert one.name == two.name
    for file in (one / "tables").iterdir():
        assert file.read_bytes() == (two / "tables" / file.name).read_bytes(), file.name


def test_a_file_without_the_column_of_codes_is_read_by_its_names(
    folder: Path, cityforge: Command
) -> None:
    header = ["单位名称", "荣誉名称", "授予日期"]
    rows = [(FIRMS[firm][1], "省级绿色工厂", "2020-05-06") for firm in ("pump", "stone")]
    write(folder / "data" / "honours.csv", header, [*rows, ("合计", "", "")])
    snapshot, _ = run(cityforge, folder)
    assert [row["uscc"] for row in table(snapshot, "found_by_name")] == [
        FIRMS["pump"][0],
        FIRMS["stone"][0],
    ]
    counts = intake(snapshot)["honours"]
    assert (counts["read"], counts["accepted"], counts["quarantined"]) == (3, 2, 1)


def test_two_columns_of_names_tell_no_enterprise(folder: Path, cityforge: Command) -> None:
    frame = folder / "city" / "datasets" / "market_entities.yaml"
    text = frame.read_text(encoding="utf-8")
    named = "title: 单位名称, title_en: name,"
    assert named in text
    frame.write_text(text.replace(named, f"{named} synonyms: [户名],"), encoding="utf-8")
    header = ["统一社会信用代码", "单位名称", "户名", "荣誉名称", "授予日期"]
    row = ("", FIRMS["pump"][1], FIRMS["stone"][1], "省级绿色工厂", "2020-05-06")
    write(folder / "data" / "honours.csv", header, [row])
    snapshot, said = run(cityforge, folder)
    assert table(snapshot, "found_by_name") == []
    assert intake(snapshot)["honours"]["quarantined"] == 1
    assert "单位名称、户名" in said


def test_the_name_of_another_body_is_no_name_of_the_enterprise(
    folder: Path, cityforge: Command
) -> None:
    header = ["统一社会信用代码", "单位名称（推荐）", "荣誉名称", "授予日期"]
    row = ("", FIRMS["pump"][1], "省级绿色工厂", "2020-05-06")
    write(folder / "data" / "honours.csv", header, [row])
    snapshot, _ = run(cityforge, folder)
    assert table(snapshot, "found_by_name") == []


def test_nothing_is_said_of_names_where_every_row_has_its_code(
    folder: Path, cityforge: Command
) -> None:
    header = ["统一社会信用代码", "荣誉名称", "授予日期"]
    row = (FIRMS["pump"][0], "省级绿色工厂", "2020-05-06")
    write(folder / "data" / "honours.csv", header, [row])
    _, said = run(cityforge, folder)
    assert "按名称" not in said


def test_without_a_code_or_a_name_the_column_is_missing(folder: Path, cityforge: Command) -> None:
    write(folder / "data" / "honours.csv", ["荣誉名称", "授予日期"], [("绿色工厂", "2020-05-06")])
    code, said = cityforge(
        *("run", folder / "city", "--data", folder / "data", "--as-of", AS_OF),
        *("--out", folder / "runs", "--no-report"),
    )
    assert code != 0 and "缺少必需的列“统一社会信用代码”" in said


def test_an_import_counts_what_it_found_by_name(folder: Path, cityforge: Command) -> None:
    file = folder / "data" / "honours.csv"
    moved = folder / "企业荣誉.csv"
    file.rename(moved)
    asked = ("intake", "import", folder / "city", moved, "--data", folder / "data")
    code, said = cityforge(*asked, "--by", "试", "--yes")
    assert code == 0, said
    plain = "".join(said.split())
    assert "5行没有有效代码,按名称找到企业3行" in plain.replace("，", ",")
