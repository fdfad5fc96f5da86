"""Twelve made-up firms in one district, a snapshot of them, and proceedings on a clock of ours."""

import csv
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from cityforge.brain.evaluation.proceedings.acts import Evidence, Objection
from cityforge.brain.runs import clock
from cityforge.brain.runs.run import Asked, run
from cityforge.brain.values.credit_code import check_digit, organisation_check

LANHE = Path(__file__).resolve().parents[2] / "cities" / "lanhe"
FIRMS = range(1, 13)
EVIDENCE = Evidence(file="完税证明.pdf", sha256="ab" * 32, description="税务局开具的完税证明")

# Firm i has 100 mu and paid (13 - i) hundred 万元: 12 … 1 万元/亩, so firm i is i-th.
# `by_rank`: A 1-3, B 4-6, C 7-11, D 12. The base is fixed: nobody's points hang on another's.
# `by_mean`: 100 points are the mean of the year; A from 150, B from 100, C from 50. Mean 6.5:
# firm 3 has 153.8, firm 6 has 107.7, firm 9 has 61.5, firm 10 has 46.2.
SCHEME = """\
# yaml-language-server: $schema=../../../../schemas/scheme.schema.json
id: {id}
title: {id}
title_en: {id}
evidence: {{source: 设例, verified: assumption}}
population: above_scale
groups: [district]
parts:
  - id: above
    title: 规上
    title_en: above
    when: above_scale
    indicators:
      - {{id: tax, title: 税, title_en: tax, expr: tax_paid / land_mu, unit: 万元/亩, weight: 100}}
{rest}"""
RESTS = {
    "by_rank": """\
base: {method: fixed, values: [{year: 2020, value: 10}]}
missing: zero
grading:
  bands:
    - {grade: A, from: 0, to: 25}
    - {grade: B, from: 25, to: 50}
    - {grade: C, from: 50, to: 90}
    - {grade: D, from: 90, to: 100}
publicity_days: 7
calendar:
  - {state: checked, working_days: 5}
""",
    "by_mean": """\
base: {method: this_year_mean, mean: of_ratios}
missing: zero
grading:
  by: score
  bands:
    - {grade: A, at_least: 150}
    - {grade: B, at_least: 100}
    - {grade: C, at_least: 50}
    - {grade: D}
""",
    # Base values of the year before, averages for gaps, places in the group.
    "mixed": """\
base: {method: previous_year_mean, within: [district]}
missing: group_average_score
grading:
  bands: [{grade: A, from: 0, to: 30}, {grade: B, from: 30, to: 100}]
""",
}
MIXED = """\
      - {id: labour, title: 人, title_en: labour, expr: value_added / employees, unit: 万元/人,
         weight: 60, scoring: {function: first_is_100, step: 3}}
      - {id: lean, title: 能, title_en: lean, expr: energy / revenue, unit: 吨标准煤/万元,
         weight: 20, direction: down, scoring: {function: reverse_ratio},
         base: {method: previous_year_median}, missing: reweight}
"""
HEADER = (
    "统一社会信用代码,年份,规上,投产时间,用地面积,税收,营业收入,增加值,从业人数,研发费用,综合能耗"
)


def code(firm: int) -> str:
    organisation = f"MA{firm:06d}"
    first = f"91339901{organisation}{organisation_check(organisation)}"
    return first + check_digit(first)


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("story") / "city"
    shutil.copytree(LANHE, folder)
    shutil.rmtree(folder / "examples")
    for name, rest in RESTS.items():
        text = SCHEME.format(id=name, rest=rest)
        if name == "mixed":
            text = text.replace("weight: 100", "weight: 20").replace("base: {m", MIXED + "base: {m")
        (folder / "schemes" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def story(city: Path) -> Path:
    """The snapshot of the twelve firms."""
    data = city.parent / "data"
    data.mkdir()
    with (data / "market_entities.csv").open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(
            ["统一社会信用代码", "单位名称", "登记日期", "状态", "行业", "登记机关代码", "县（区）",
             "产业园"]
        )  # fmt: skip
        for i in FIRMS:
            out.writerow(
                [code(i), f"企业{i:02d}", "2010-01-01", "存续", "3812", "339901", "青屿区", ""]
            )
    with (data / "performance.csv").open("w", encoding="utf-8", newline="") as stream:
        stream.write(HEADER + "\n")
        out = csv.writer(stream)
        for year in (2022, 2023, 2024):
            for i in FIRMS:
                tax = (13 - i) * 100
                out.writerow(
                    [code(i), year, "是", "2011-01-01", "66666.67", tax, 9000 + i, 2000 - 50 * i,
                     50 + i, 10, 300 + 7 * i]
                )  # fmt: skip
    return snapshot_of(city, data)


def snapshot_of(city: Path, data: Path) -> Path:
    out = data.with_name(f"{data.name}-runs")
    asked = Asked(city=city, data=data, as_of=date(2025, 9, 30), out=out, with_report=False)
    return run(asked).snapshot


@pytest.fixture
def snapshot(story: Path, tmp_path: Path) -> Path:
    """A copy of the snapshot, to hold proceedings beside."""
    return Path(shutil.copytree(story, tmp_path / "runs" / story.name))


class Clock:
    """Noon in China on a day that tests set. 2 March 2026 is a Monday."""

    def __init__(self) -> None:
        self.day = date(2026, 3, 2)

    def now(self) -> str:
        return f"{self.day.isoformat()}T04:00:00+00:00"


@pytest.fixture
def calendar(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    found = Clock()
    monkeypatch.setattr(clock, "now", found.now)
    yield found


@pytest.fixture
def objects() -> Callable[..., Objection]:
    """A firm says that it paid more or less tax than the data say."""

    def made(
        firm: int, right: int | str, *, stated: int | None = None, year: int = 2024
    ) -> Objection:
        return Objection(
            uscc=code(firm),
            fact="tax_paid",
            year=year,
            stated=Decimal((13 - firm) * 100 if stated is None else stated),
            right=Decimal(right),
            reason="申报数漏计一笔已入库税款",
            evidence=(EVIDENCE,),
        )

    return made
