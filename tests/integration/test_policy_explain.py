"""`cityforge policy explain` on a run of the made-up city with two policies of its own."""

import shutil
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from cityforge.brain.cli.main import app

LANHE = Path(__file__).resolve().parents[1] / "cities" / "lanhe"
POLICY = """\
id: {id}
title: {title}
title_en: {id} award
level: city
office: 市经信局
delivery: automatic
versions:
  - from: 2025-01-01
    document: {{title: 设例文件, clause: 第二条}}
    evidence: {{source: 设例, verified: assumption}}
    rolling: true
    conditions:
      all:
        - {{id: old, says: 注册满一年, expr: years_since(registered_on) >= 1年}}
        - {{id: it, says: "{title}", expr: "{when}"}}
    benefit: {{kind: award, says: 一次性奖励, says_en: one award, amount: {amount}}}
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("policies")
    city = folder / "lanhe"
    shutil.copytree(LANHE, city)
    (city / "policies").mkdir()
    (city / "combinations").mkdir()
    for name, title, when, amount in (
        (
            "steady",
            "营业收入连续两年不低于1万元",
            "revenue >= 1万元 and revenue[-1] >= 1万元",
            "12.5万元",
        ),
        ("giant", "营业收入不低于一千亿元", "revenue >= 1000亿元", "90万元"),
        ("small", "从业人数不低于 1 人", "employees >= 1人", "5万元"),
    ):
        text = POLICY.format(id=name, title=title, when=when, amount=amount)
        (city / "policies" / f"{name}.yaml").write_text(text, encoding="utf-8")
    (city / "combinations" / "one.yaml").write_text(
        "id: one\ntitle: 只取其一\ntitle_en: One of them\nkind: exclusive\n"
        "policies: [steady, small]\nsays: 不重复享受\n"
        "evidence: {source: 设例, verified: assumption}\n",
        encoding="utf-8",
    )
    as_of = date(2025, 9, 30).isoformat()
    runner = CliRunner()
    for arguments in (
        ["mock", str(city), "--out", str(folder / "data"), "--as-of", as_of, "--seed", "1"],
        ["run", str(city), "--data", str(folder / "data"), "--as-of", as_of, "--out",
         str(folder / "runs")],
    ):  # fmt: skip
        done = runner.invoke(app, arguments)
        assert done.exit_code == 0, done.output
    return folder / "runs"


def _one(run: Path) -> str:
    """An enterprise that has both years and staff."""
    (file,) = run.glob("2*/tables/enterprises.parquet")
    for row in pq.read_table(file).to_pylist():
        if min(row["revenue"] or 0, row["revenue[-1]"] or 0, row["employees"] or 0) >= 1 and (
            row["registered_on"] or date(2025, 1, 1)
        ) < date(2024, 1, 1):
            return str(row["uscc"])
    raise AssertionError("no such enterprise")


def _explained(run: Path, who: str, language: str = "zh") -> str:
    done = CliRunner().invoke(
        app, ["--lang", language, "policy", "explain", who, "--run", str(run)]
    )
    assert done.exit_code == 0, done.output
    return done.output


def test_what_it_may_have_and_what_is_not_together(run: Path) -> None:
    told = _explained(run, _one(run))
    assert "▲ 模拟数据" in told
    assert "现在可享 1 项，合计 12.5 万元" in told
    assert "● 营业收入连续两年不低于1万元  12.5 万元" in told
    assert "与所选政策不能同享：不重复享受" in told
    assert "不是对企业的评定" in told


def test_how_far_it_is_in_its_own_units(run: Path) -> None:
    told = _explained(run, _one(run))
    assert "✗ 营业收入不低于一千亿元" in told
    assert "要求不低于 10,000,000 万元，还差" in told


def test_in_english(run: Path) -> None:
    told = _explained(run, _one(run), "en")
    assert "125,000 yuan in all" in told
    assert "no verdict on the enterprise" in told


def test_who_is_not_there_is_refused(run: Path) -> None:
    done = CliRunner().invoke(app, ["policy", "explain", "没有这家", "--run", str(run)])
    assert done.exit_code != 0
