"""A result that an office published, held against the bands of its scheme by a run.

275 enterprises above scale, ten of them not rated, and 100 smaller ones: 20/40/35/5 of the hundred
follows from bands of 20, 40, 35 and 5 %, the published 55/97/99/14 of 265 by no rounding.
"""

import csv
import json
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from cityforge.brain.values import credit_code

ROOT = Path(__file__).resolve().parents[2]
LANHE = ROOT / "tests" / "cities" / "lanhe"
TAIZHOU = ROOT / "cities" / "taizhou"
Command = Callable[..., tuple[int, str]]

SCHEME = """\
id: counted
title: 计数核对
title_en: Counted
evidence: {source: 设例, verified: assumption}
population: above_scale or land_mu >= 3亩
exempt:
  - {id: new, says: 投产不到 2 年, says_en: new, when: years_in_production < 2年}
groups: []
parts:
  - id: above
    title: 规上
    title_en: above
    when: above_scale
    indicators: [{id: yield, title: 亩均税收, title_en: tax per mu, expr: tax_paid / land_mu,
                  unit: 万元/亩, weight: 100, bases: [{year: 2020, value: 10}]}]
  - id: below
    title: 规下
    title_en: below
    when: not above_scale
    indicators: [{id: yield, title: 亩均税收, title_en: tax per mu, expr: tax_paid / land_mu,
                  unit: 万元/亩, weight: 100, bases: [{year: 2020, value: 5}]}]
base: {method: fixed}
scoring: {}
missing: zero
grading:
  rounding: half_up
  bands:
    - {grade: A, from: 0, to: 20}
    - {grade: B, from: 20, to: 60}
    - {grade: C, from: 60, to: 95}
    - {grade: D, from: 95, to: 100}
published:
  - {year: 2024, part: above, counts: {A: 55, B: 97, C: 99, D: 14},
     evidence: {source: 设例, verified: assumption}}
  - {year: 2024, part: below, counts: {A: 20, B: 40, C: 35, D: 5},
     evidence: {source: 设例, verified: assumption}}
"""


def code(number: int) -> str:
    subject = f"MK{number:06d}"
    first17 = f"91339901{subject}{credit_code.organisation_check(subject)}"
    return first17 + credit_code.check_digit(first17)


@pytest.fixture(scope="module")
def counted(cityforge: Command, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The snapshot of the run, and what the run said."""
    folder = tmp_path_factory.mktemp("counted")
    city = Path(shutil.copytree(LANHE, folder / "city"))
    for part in ("schemes", "examples"):
        shutil.rmtree(city / part)
    (city / "schemes").mkdir()
    (city / "schemes" / "counted.yaml").write_text(SCHEME, encoding="utf-8")
    (folder / "data").mkdir()
    write(folder / "data" / "market_entities.csv", ["uscc", "name"],
          [[code(i), f"设例企业{i}"] for i in range(375)])  # fmt: skip
    heads = ["uscc", "year", "above_scale", "production_started_on", "land_owned", "tax_paid"]
    write(folder / "data" / "performance.csv", heads, [
        [code(i), 2024, "是" if i < 275 else "否", "2024-03-01" if i < 10 else "2010-03-01",
         20_000, 1_000 + 7 * i]
        for i in range(375)
    ])  # fmt: skip
    done, said = cityforge(
        *("run", city, "--data", folder / "data", "--as-of", "2025-09-30"),
        *("--out", folder / "runs", "--no-report"),
    )
    assert done == 0, said
    return folder / "runs" / (folder / "runs" / "latest").read_text().strip(), said


def write(file: Path, heads: list[str], rows: list[list[object]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([heads, *rows])


def test_the_grades_of_the_run_are_those_of_the_bands(counted: tuple[Path, str]) -> None:
    table = pq.read_table(counted[0] / "tables" / "evaluation_counted.parquet").to_pylist()
    of_year = [row for row in table if row["year"] == 2024]
    found = Counter((row["part"], row["status"], row["grade"]) for row in of_year)
    assert found == {
        ("above", "exempt", None): 10,
        ("above", "rated", "A"): 53,
        ("above", "rated", "B"): 106,
        ("above", "rated", "C"): 93,
        ("above", "rated", "D"): 13,
        ("below", "rated", "A"): 20,
        ("below", "rated", "B"): 40,
        ("below", "rated", "C"): 35,
        ("below", "rated", "D"): 5,
    }


def test_the_run_says_which_published_counts_follow(counted: tuple[Path, str]) -> None:
    snapshot, said = counted
    (scheme,) = json.loads((snapshot / "run.json").read_text(encoding="utf-8"))["schemes"]
    above, below = (note["zh"] for note in scheme["notes"])
    assert "公布的 A55 B97 C99 D14（共 265 家）不能由分档比例以任何取整方式得出" in above
    assert "本次结果 A53 B106 C93 D13" in above and "四舍五入" in above
    assert "公布的 A20 B40 C35 D5（共 100 家）可由分档比例得出" in below
    flat = "".join(said.split())
    for note in (above, below):
        assert "".join(note.split()) in flat
    english = [note["en"] for note in scheme["notes"]]
    assert "does not follow" in english[0] and "follows from the bands" in english[1]


def test_the_worked_examples_of_the_reference_city_pass(cityforge: Command) -> None:
    done, said = cityforge("check", TAIZHOU)
    assert done == 0
    assert "40.500 + 45.500 + 16.000 = 102.000" in said
    assert "37.349 + 22.033 + 14.848 + 12.171 + 12.128 + 9.272 = 107.800" in said
    assert "51.754 + 42.517 = 94.271" in said
    assert "265 家 → A53 B106 C93 D13" in said and "100 家 → A20 B40 C35 D5" in said


BROKEN = [
    ("huaian_above.yaml", "total: 102", "total: 102.001", "102.000 ≠ 102.001"),
    ("huangyan_below_2022.yaml", "tax_per_kwh: 42.517}", "tax_per_kwh: 42.518}", "42.517 ≠ 42.518"),
    ("bands_above_265.yaml", "counts: {A: 53, B: 106", "counts: {A: 52, B: 107", "应为 A52 B107"),
]


@pytest.mark.parametrize(("file", "old", "new", "says"), BROKEN)
def test_an_example_that_does_not_come_out_fails_the_check(
    cityforge: Command, tmp_path: Path, file: str, old: str, new: str, says: str
) -> None:
    city = Path(shutil.copytree(TAIZHOU, tmp_path / "city"))
    text = (city / "examples" / file).read_text(encoding="utf-8")
    assert old in text
    (city / "examples" / file).write_text(text.replace(old, new), encoding="utf-8")
    done, said = cityforge("check", city)
    assert done == 10
    assert says in said and "不符 1 个" in said
