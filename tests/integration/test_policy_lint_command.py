"""`cityforge policy lint` and `policy new` from the command line, on the made-up city."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cityforge.brain.cli.main import app
from cityforge.brain.errors import CityRefused, RunRefused

LANHE = Path(__file__).resolve().parents[1] / "cities" / "lanhe"
DAY = ["--as-of", "2026-03-01"]
FAULTY = """\
id: faulty
title: 有毛病的政策
title_en: A faulty policy
level: city
office: 市经信局
delivery: reviewed
versions:
  - from: 2025-01-01
    document: {title: 设例}
    evidence: {source: 设例, verified: assumption}
    rolling: true
    conditions:
      all:
        - {id: big, says: 营收不低于 500 万元, says_en: revenue, expr: revenue >= 500万元}
        - {id: not_big, says: 不足 300 万元, says_en: no revenue, expr: revenue < 300万元}
        - {id: stay, says: 承诺不迁出, says_en: stays, expr: above_scale}
    benefit: {kind: award, says: 奖, says_en: award, amount: 10万元}
    reviewed: [{rule: no_move_out, reason: 已删去该承诺}]
"""


@pytest.fixture
def city(tmp_path: Path) -> Path:
    root = tmp_path / "lanhe"
    shutil.copytree(LANHE, root)
    (root / "policies").mkdir()
    (root / "policies" / "faulty.yaml").write_text(FAULTY, encoding="utf-8")
    return root


def _run(*arguments: str, language: str = "zh") -> str:
    done = CliRunner().invoke(app, ["--lang", language, "policy", *arguments])
    assert done.exit_code == 0, done.output
    return done.output


def test_findings_are_grouped_and_counted(city: Path) -> None:
    shown = _run("lint", str(city), *DAY)
    lines = shown.splitlines()
    assert lines[0] == "有毛病的政策（faulty）"
    assert lines[1] == "  条件"
    assert lines[2] == "policies/faulty.yaml:15:69  与“营收不低于 500 万元”矛盾，不可能同时成立"
    assert "    ✓ 已答复：已删去该承诺" in lines
    assert lines[-1] == (
        "1 项政策，2 处提醒：条件 1，分档与金额 0，重复 0，公平竞争审查 0，数据与材料 0，"
        "期限与算例 1；已答复 1 处（按 2026-03-01）"
    )


def test_in_english(city: Path) -> None:
    shown = _run("lint", str(city), *DAY, language="en")
    assert "contradicts 'revenue'" in shown
    assert "fair competition review would ask (regulation art. 9(1), measures art. 13)" in shown
    assert shown.splitlines()[-1].startswith("1 policy, 2 warnings: conditions 1,")


def test_as_json(city: Path) -> None:
    told = json.loads(_run("lint", str(city), *DAY, "--policy", "faulty", "--json"))
    assert told["counts"] == {
        "conditions": 1, "tiers": 0, "duplicates": 0, "fairness": 0, "data": 0, "upkeep": 1,
    }  # fmt: skip
    assert told["answered"] == 1
    first = next(one for one in told["findings"] if one["rule"] == "contradicts")
    assert (first["file"], first["line"], first["column"], first["group"]) == (
        "policies/faulty.yaml", 15, 69, "conditions",
    )  # fmt: skip
    assert set(first["what"]) == {"zh", "en"}


def test_a_city_with_an_error_is_refused_with_code_10(city: Path) -> None:
    (city / "policies" / "broken.yaml").write_text("id: broken\n", encoding="utf-8")
    done = CliRunner().invoke(app, ["policy", "lint", str(city)])
    assert isinstance(done.exception, CityRefused)
    assert done.exception.exit_code == 10


def test_a_new_policy_is_written_checked_and_linted(city: Path) -> None:
    shown = _run(
        "new", str(city), "fresh", "--title", "新政策", "--from", "tiers", "--day", "2026-01-01"
    )
    assert "fresh.yaml" in shown
    assert f"cityforge check {city}" in shown
    checked = CliRunner().invoke(app, ["check", str(city)])
    assert checked.exit_code == 0, checked.output
    assert "0 个错误，0 个提醒" in checked.output
    clean = _run("lint", str(city), *DAY, "--policy", "fresh")
    assert clean.startswith("1 项政策，0 处提醒")
    again = CliRunner().invoke(app, ["policy", "new", str(city), "fresh", "--title", "再来"])
    assert isinstance(again.exception, RunRefused)
