"""`cityforge policy match`: what a run matched, and matched anew into a folder."""

import json
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from cityforge.brain.cli.main import app
from cityforge.brain.policies.matches import COUNTS, MATCHES, PLANES, Matches

CITY = Path(__file__).resolve().parents[1] / "cities" / "lanhe"
POLICY = """\
id: {id}
title: {id}
title_en: {id} award
level: city
model: {model}
office: 市经信局
delivery: automatic
versions:
  - from: 2024-01-01
    document: {{title: 设例文件, clause: 第二条}}
    evidence: {{source: 设例, verified: assumption}}
    {window}
    conditions: {{id: it, says: 条件, expr: "{when}"}}
    benefit: {{kind: award, says: 奖励, says_en: award, amount: {amount}}}
"""
POLICIES = {
    "small": ("employees <= 300人", "5万元", "rolling: true"),
    "large": ("revenue >= 2000万元", "12.5万元", "rolling: true"),
    "elsewhere": ("employees <= 300人", "7万元", "rolling: true"),
    "older": (
        "revenue >= 2000万元",
        "9万元",
        "windows: [{opens: 2025-09-01, closes: 2025-12-31, year: 2023}]",
    ),
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import shutil

    folder = tmp_path_factory.mktemp("matched")
    city = folder / "lanhe"
    shutil.copytree(CITY, city)
    (city / "policies").mkdir()
    for name, (when, amount, window) in POLICIES.items():
        model = "true" if name == "elsewhere" else "false"
        text = POLICY.format(id=name, when=when, amount=amount, window=window, model=model)
        (city / "policies" / f"{name}.yaml").write_text(text, encoding="utf-8")
    as_of = date(2025, 9, 30).isoformat()
    runner = CliRunner()
    asked = ["mock", str(city), "--out", str(folder / "data"), "--as-of", as_of, "--seed", "4"]
    asked += ["--above-scale", "40", "--below-scale", "60"]
    assert runner.invoke(app, asked).exit_code == 0
    asked = ["run", str(city), "--data", str(folder / "data"), "--as-of", as_of]
    made = runner.invoke(app, [*asked, "--out", str(folder / "runs"), "--no-report"])
    assert made.exit_code == 0, made.output
    return folder / "runs"


def _match(*words: str | Path) -> str:
    found = CliRunner().invoke(app, ["policy", "match", *map(str, words)])
    assert found.exit_code == 0, found.output
    return found.output


def _tables(run: Path) -> Path:
    return run / (run / "latest").read_text().strip() / "tables"


def test_the_counts_of_a_run_are_shown(run: Path) -> None:
    told = json.loads(_match("--run", run, "--json"))
    assert told["simulated"] is True
    facts = pq.read_table(_tables(run) / "applicants.parquet").to_pylist()
    for one in told["policies"]:
        assert one["eligible"] + one["not_yet"] + one["unknown"] == len(facts)
    small = next(one for one in told["policies"] if one["policy"] == "small")
    heads = [row["employees"] for row in facts]
    assert small["eligible"] == sum(n is not None and n <= 300 for n in heads)
    assert small["unknown"] == heads.count(None)
    assert small["amount_fen"] == 5_000_000 * small["eligible"]
    text = _match("--run", run)
    assert "模拟数据" in text and "small" in text


def test_a_window_that_names_a_year_is_judged_by_that_year(run: Path) -> None:
    found = Matches(_tables(run))
    older = pq.read_table(_tables(run) / "applicants_2023.parquet").to_pylist()
    for row in older:
        lines = found.of_enterprise(row["uscc"]).to_pylist()
        answer = next((one["answer"] for one in lines if one["policy"] == "older"), "not_yet")
        revenue = row["revenue"]
        wanted = "unknown" if revenue is None else "eligible" if revenue >= 2000 else "not_yet"
        assert answer == wanted


def test_matched_anew_it_gives_the_same(run: Path, tmp_path: Path) -> None:
    _match("--run", run, "--out", tmp_path / "again")
    for name in (MATCHES, PLANES, COUNTS):
        again = (tmp_path / "again" / f"{name}.parquet").read_bytes()
        assert again == (_tables(run) / f"{name}.parquet").read_bytes()
    told = json.loads(
        _match("--run", run, "--out", tmp_path / "one", "--policy", "large", "--json")
    )
    assert [one["policy"] for one in told["policies"]] == ["large"]
    lines = pq.read_table(tmp_path / "one" / f"{MATCHES}.parquet")
    assert set(lines["policy"].to_pylist()) <= {"large"}


def test_a_model_is_matched_where_it_is_named(run: Path, tmp_path: Path) -> None:
    every = json.loads(_match("--run", run, "--json"))
    assert "elsewhere" not in {one["policy"] for one in every["policies"]}
    named = ("--run", run, "--out", tmp_path / "one", "--policy", "elsewhere", "--json")
    (found,) = json.loads(_match(*named))["policies"]
    small = next(one for one in every["policies"] if one["policy"] == "small")
    assert (found["policy"], found["eligible"]) == ("elsewhere", small["eligible"])
    assert (found["model"], small["model"]) == (True, False)
    again = ("--run", run, "--out", tmp_path / "two", "--policy", "elsewhere")
    assert "▲ 外地政策范本" in _match(*again)


def test_a_policy_is_named_by_its_id_or_its_title(run: Path) -> None:
    every = json.loads(_match("--run", run, "--json"))["policies"]
    small = next(one for one in every if one["policy"] == "small")
    for name in ("small", small["title"], small["title_en"]):
        assert json.loads(_match("--run", run, "--policy", name, "--json"))["policies"] == [small]


def test_a_slip_is_told(run: Path, tmp_path: Path) -> None:
    runner = CliRunner()

    def refused(*words: str | Path) -> str:
        found = runner.invoke(app, ["policy", "match", "--run", str(run), *map(str, words)])
        assert found.exit_code != 0
        return f"{found.output} {found.exception}"

    assert "absent" in refused("--out", tmp_path / "a", "--policy", "absent")
    assert "no policy 'absent'" in refused("--policy", "absent")
    assert "is a model from elsewhere" in refused("--policy", "elsewhere")
    assert "local[2]" in refused("--out", tmp_path / "b", "--engine", "oracle")
    assert "--out" in refused("--engine", "local[2]")
    _match("--run", run, "--out", tmp_path / "c")
    assert "c" in refused("--out", tmp_path / "c")
