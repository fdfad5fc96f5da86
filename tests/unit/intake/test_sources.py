"""Which file belongs to which dataset: the rule, sources.yaml, and what is told."""

import os
import shutil
from pathlib import Path

import pytest

from cityforge.brain.city import checks
from cityforge.brain.city.folder import City
from cityforge.brain.errors import DataRefused
from cityforge.brain.intake import sources

LANHE = Path(__file__).resolve().parents[2] / "cities" / "lanhe"


@pytest.fixture(scope="module")
def city() -> City:
    return checks.load(LANHE)[0]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


def put(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x", encoding="utf-8")


def problems(city: City, folder: Path) -> list[str]:
    with pytest.raises(DataRefused) as refused:
        sources.find(city, folder)
    for problem in refused.value.problems:
        assert problem.what.en and problem.hint.zh and problem.hint.en
    return [f"{p.line}:{p.column} {p.what.zh}" for p in refused.value.problems]


def test_a_file_is_named_as_the_id_or_the_title(city: City, data: Path) -> None:
    put(data, "market_entities.csv", "企业年度绩效.xlsx", "honours.PARQUET")
    found = sources.find(city, data)
    assert {name: file.name for name, file in found.files.items()} == {
        "market_entities": "market_entities.csv",
        "performance": "企业年度绩效.xlsx",
        "honours": "honours.PARQUET",
    }
    assert found.absent == ["macro_annual"]
    assert (found.strangers, found.simulated) == ([], False)


def test_strangers_are_named_and_litter_is_not(city: City, data: Path) -> None:
    put(data, "market_entities.csv", "其他.csv", "b.xls", "_faults.csv", "~$b.xlsx", "._b.csv")
    put(data, "README.txt", "sub/honours.csv")
    assert sources.find(city, data).strangers == ["b.xls", "其他.csv"]


def test_two_files_for_one_dataset_are_refused_until_one_is_named(city: City, data: Path) -> None:
    put(data, "honours.csv", "企业荣誉.xlsx", "performance.csv", "performance.parquet")
    told = problems(city, data)
    assert told == [
        "0:0 “企业荣誉”有多个文件：honours.csv、企业荣誉.xlsx",
        "0:0 “企业年度绩效”有多个文件：performance.csv、performance.parquet",
    ]
    listed = "files: {honours: 企业荣誉.xlsx, performance: performance.csv}\n"
    (data / "sources.yaml").write_text(listed, encoding="utf-8")
    found = sources.find(city, data)
    assert found.files["honours"].name == "企业荣誉.xlsx"
    assert found.strangers == ["honours.csv", "performance.parquet"]


def test_sources_yaml_names_any_file_inside(city: City, data: Path) -> None:
    put(data, "2025/税务局.csv", "honours.csv")
    (data / "sources.yaml").write_text(
        "simulated: true\nnote: 模拟数据\nseed: 7\nfiles:\n  performance: 2025/税务局.csv\n",
        encoding="utf-8",
    )
    found = sources.find(city, data)
    assert found.files["performance"] == (data / "2025" / "税务局.csv").resolve()
    assert found.files["honours"].name == "honours.csv"
    assert (found.simulated, found.note) == (True, "模拟数据")


def test_everything_wrong_with_sources_yaml_is_told_at_once(city: City, data: Path) -> None:
    put(data.parent, "outside.csv")
    put(data, "honours.txt")
    (data / "sources.yaml").write_text(
        "simulate: true\n"
        "simulated: yes\n"
        "files:\n"
        "  performances: a.csv\n"
        "  performance: ../outside.csv\n"
        "  macro_annual: /etc/hostname\n"
        "  honours: honours.txt\n"
        '  market_entities: "a\\0b.csv"\n',
        encoding="utf-8",
    )
    assert sorted(problems(city, data)) == sorted(
        [
            "1:1 未知的键“simulate”",
            "2:12 simulated 应为 true 或 false",
            "4:3 数据集“performances”不存在",
            "5:16 没有文件 ../outside.csv",
            "6:17 没有文件 /etc/hostname",
            "7:12 没有文件 honours.txt",
            "8:20 没有文件 a\0b.csv",
        ]
    )


def test_a_link_that_leads_outside_is_refused(city: City, data: Path) -> None:
    put(data.parent, "outside.csv")
    (data / "linked.csv").symlink_to(data.parent / "outside.csv")
    (data / "sources.yaml").write_text("files: {honours: linked.csv}\n", encoding="utf-8")
    assert problems(city, data) == ["1:18 没有文件 linked.csv"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("files: [a.csv]\n", "1:8 files 应为"),
        ("files:\n\t- a\n", "2:1 不是合法的 YAML"),
        ("- a\n", "1:1 sources.yaml 应为"),
        ("files: {honours: [a]}\n", "1:18 没有文件"),
    ],
)
def test_a_malformed_sources_yaml_is_told(city: City, data: Path, text: str, told: str) -> None:
    (data / "sources.yaml").write_text(text, encoding="utf-8")
    (said,) = problems(city, data)
    assert said.startswith(told)


def test_an_empty_sources_yaml_says_nothing(city: City, data: Path) -> None:
    put(data, "honours.csv", "sources.yaml")
    (data / "sources.yaml").write_text("", encoding="utf-8")
    assert list(sources.find(city, data).files) == ["honours"]


def test_no_folder_is_told(city: City, data: Path) -> None:
    assert "没有数据文件夹" in problems(city, data / "none")[0]


def test_data_inside_the_city_folder_are_no_part_of_the_city(tmp_path: Path) -> None:
    """As `cityforge mock . --out data` leaves it."""
    root = Path(shutil.copytree(LANHE, tmp_path / "city"))
    put(root, "data/sources.yaml", "runs/2025-09-30-abc/city/city.yaml")
    assert checks.check(root).problems == []


def test_a_named_file_that_is_none_of_the_folder_is_refused(city: City, data: Path) -> None:
    put(data.parent, "outside.csv")
    (data / "honours.csv").symlink_to(data.parent / "outside.csv")
    os.mkfifo(data / "performance.csv")
    (data / "macro_annual.csv").symlink_to("/dev/zero")
    told = problems(city, data)
    assert len(told) == 3 and all("不是数据文件夹内的普通文件" in text for text in told)
