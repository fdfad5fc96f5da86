"""The plan commands as a person types them."""

import json
import shutil
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from cityforge.brain.cli.main import app

LANHE = Path(__file__).resolve().parents[2] / "cities/lanhe"
TEXT = """兰河市工业提质三年行动计划（2024—2026年）
一、重点任务
（一）提升效益。到2026年，亩均税收达到22万元以上。（市经信局牵头）
（二）培育企业。到2026年，亩均税收达到20万元以上。"""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    file = tmp_path / "plan.txt"
    file.write_text(TEXT, encoding="utf-8")
    return file


def told(*words: str | Path, exit_code: int = 0, given: str | None = None) -> str:
    result = CliRunner().invoke(app, ["plan", *map(str, words)], input=given)
    assert result.exit_code == exit_code, result.output
    return result.output


def test_read_prints_a_tree(plan: Path) -> None:
    text = told("read", plan)
    assert "1  提升效益" in text
    assert "共 2 条举措、0 条保障措施、2 个目标、指标表 0 行" in text


def test_read_prints_json(plan: Path) -> None:
    data = json.loads(told("read", plan, "--format", "json"))
    assert [m["responsible_units"][0]["name"] for m in data["measures"][:1]] == ["市经信局"]
    start, end = data["targets"][0]["span"]
    assert data["text"][start:end] == data["targets"][0]["text"]


def test_read_prints_yaml(plan: Path) -> None:
    data = YAML(typ="safe").load(told("read", plan, "--format", "yaml"))
    assert data["from_year"] == 2024
    assert data["measures"][0]["responsible_units"] == [{"unit": "市经信局", "role": "lead"}]


def test_read_speaks_english(plan: Path) -> None:
    result = CliRunner().invoke(app, ["--lang", "en", "plan", "read", str(plan)])
    assert "2 measures" in result.output
    CliRunner().invoke(app, ["--lang", "zh", "plan", "--help"])


def test_check_ends_with_10_where_there_is_a_conflict(plan: Path) -> None:
    text = told("check", plan, "--city", LANHE, exit_code=10)
    assert "同一指标两个数" in text
    assert "矛盾 1 处" in text


def test_diff(plan: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.txt"
    new.write_text(TEXT.replace("22万元", "25万元"), encoding="utf-8")
    assert "共 2 处不同" in told("diff", plan, new)


def test_import_asks_first(plan: Path, tmp_path: Path) -> None:
    city = tmp_path / "lanhe"
    shutil.copytree(LANHE, city)
    before = (city / "plan.yaml").read_bytes()
    told("import", plan, city, given="n\n")
    assert (city / "plan.yaml").read_bytes() == before
    told("import", plan, city, "--yes")
    assert (city / "plan.yaml").read_bytes() != before
    assert "没有不同" in told("import", plan, city) or "保留人工" in told(
        "import", plan, city, "--yes"
    )


def test_view(plan: Path, tmp_path: Path) -> None:
    out = tmp_path / "plan.html"
    told("view", plan, "--out", out)
    assert "提升效益" in out.read_text(encoding="utf-8")
