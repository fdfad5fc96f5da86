"""`cityforge policy explain` on a run of the made-up city with two policies of its own."""

import json
import shutil
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from pypdf import PdfReader
from typer.testing import CliRunner

from cityforge.brain.cli.main import app
from cityforge.brain.errors import RunRefused

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
    older = POLICY.format(
        id="older", title="前年营业收入不低于两千亿元", when="revenue >= 2000亿元", amount="1万元"
    )
    window = "windows: [{opens: 2025-09-01, closes: 2025-12-31, year: 2023}]"
    (city / "policies" / "older.yaml").write_text(
        older.replace("rolling: true", window), encoding="utf-8"
    )
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
    assert "未选入：与“营业收入连续两年不低于1万元”：不重复享受" in told
    assert "不是对企业的评定" in told


def test_how_far_it_is_in_its_own_units(run: Path) -> None:
    told = _explained(run, _one(run))
    assert "✗ 营业收入不低于一千亿元" in told
    assert "要求不低于 10,000,000 万元，还差" in told


def test_in_english(run: Path) -> None:
    told = _explained(run, _one(run), "en")
    assert "125,000 yuan in all" in told
    assert "no verdict on the enterprise" in told


def _invoked(run: Path, *arguments: str) -> str:
    done = CliRunner().invoke(app, ["policy", *arguments, "--run", str(run)])
    assert done.exit_code == 0, done.output
    return done.output


def test_one_policy_clause_by_clause(run: Path) -> None:
    told = _invoked(run, "explain", _one(run), "--policy", "giant")
    assert "暂不符合" in told
    assert "  ✓ 注册满一年" in told
    assert "  ✗ 营业收入不低于一千亿元" in told
    assert "连续两年" not in told
    assert "【差在哪里】" in told and "要求不低于 10,000,000 万元，还差" in told
    assert "【数据来源与更正】" in told and "截至 2025-09-30" in told
    assert "不是对企业的评定" in told


def test_json_holds_every_policy_with_its_facts_and_their_sources(run: Path) -> None:
    who = _one(run)
    told = json.loads(_invoked(run, "explain", who, "--json"))
    assert told["enterprise"]["uscc"] == who
    assert told["simulated"] is True
    assert {one["policy"]: one["paid_fen"] for one in told["eligible"]} == {
        "steady": 12_500_000, "small": None,
    }  # fmt: skip
    near = {one["policy"]: one for one in told["near"]}
    assert (near["older"]["facts_of"], near["older"]["days_left"]) == (2023, 92)
    giant = near["giant"]
    assert giant["facts_of"] == 2024
    clause = giant["conditions"]["all"][1]
    assert clause["truth"] is False
    gap = clause["shortfalls"][0]
    assert gap["threshold"] == 10_000_000 and gap["unit"] == "万元"
    facts = {(one["column"], one["facts_of"]): one for one in told["facts"]}
    revenue = facts["revenue", 2024]
    assert float(revenue["value"]) + gap["difference"] == pytest.approx(10_000_000)
    assert (revenue["year"], revenue["owner"]["zh"]) == (2024, "兰河市经济和信息化局")
    assert "更正" in revenue["correct"]["zh"]
    before, older = facts["revenue[-1]", 2024], facts["revenue", 2023]
    assert before["year"] == older["year"] == 2023
    assert before["value"] == older["value"]


def test_json_of_one_policy(run: Path) -> None:
    told = json.loads(_invoked(run, "explain", _one(run), "--policy", "small", "--json"))
    assert told["policy"]["answer"] == "eligible"
    assert {one["column"] for one in told["facts"]} == {"employees", "registered_on"}


def test_a_declared_fact_makes_what_rests_on_it_provisional(run: Path) -> None:
    who = _one(run)
    declared = ("--declare", "营业收入=1001亿元", "--declare", "revenue[-1]=0.5万元")
    told = json.loads(_invoked(run, "explain", who, "--json", *declared))
    by_id = {one["policy"]: one for one in (*told["eligible"], *told["near"])}
    assert by_id["giant"]["answer"] == "eligible"
    assert by_id["giant"]["rests_on_declared"] == ["revenue"]
    assert by_id["steady"]["answer"] == "not_yet"
    assert by_id["small"]["provisional"] is False
    assert "暂定：依企业自报的营业收入" in _invoked(run, "explain", who, *declared)


@pytest.mark.parametrize("text", ["revenue=5亩", "no_such=1", "revenue"])
def test_a_declared_fact_that_cannot_be_read_is_refused(run: Path, text: str) -> None:
    done = CliRunner().invoke(
        app, ["policy", "explain", _one(run), "--run", str(run), "--declare", text]
    )
    assert isinstance(done.exception, RunRefused)
    assert text in done.exception.text.zh


def test_best_set_with_its_proof(run: Path) -> None:
    who = _one(run)
    told = json.loads(_invoked(run, "best", who, "--json"))
    assert told["chosen"] == [
        {"policy": "steady", "amount_fen": 12_500_000, "paid_fen": 12_500_000}
    ]
    (left,) = told["left_out"]
    assert left["policy"] == "small"
    assert left["against"][0]["combination"] == "one"
    assert left["against"][0]["with"] == ["steady"]
    proof = told["proof"]
    assert proof["branches"] >= 3
    assert proof["bound_fen"] == told["total_fen"] < proof["without_rules_fen"] == 17_500_000
    words = _invoked(run, "best", who)
    assert f"共比较 {proof['branches']} 种情形" in words
    assert "○ 从业人数不低于 1 人  5 万元" in words


def test_html_and_pdf_are_written_and_the_same_twice(run: Path, tmp_path: Path) -> None:
    who = _one(run)
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        _invoked(run, "explain", who, "--html", str(tmp_path / folder / "page.html"),
                 "--pdf", str(tmp_path / folder / "page.pdf"))  # fmt: skip
    for name in ("page.html", "page.pdf"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    reader = PdfReader(tmp_path / "a" / "page.pdf")
    # Typst sets Chinese and figures apart.
    text = "".join(page.extract_text() for page in reader.pages).replace(" ", "")
    assert "政策体检" in text
    assert who in text
    assert "模拟数据" in text
    assert "营业收入连续两年不低于1万元" in text
    fonts = {
        font.get_object()["/BaseFont"]
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert fonts and all("NotoSansSC" in name for name in fonts)
    assert reader.pages[0].mediabox.width == pytest.approx(595.28, abs=1)


def test_who_is_not_there_is_refused(run: Path) -> None:
    done = CliRunner().invoke(app, ["policy", "explain", "没有这家", "--run", str(run)])
    assert done.exit_code != 0
