"""cityforge ladder over runs of the made-up city: the funnel, one enterprise, moves, files."""

import json
import shutil
from collections import Counter
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from cityforge.brain.cli.main import app

CITY = Path(__file__).resolve().parents[1] / "cities" / "lanhe"
AS_OF, BEFORE = date(2025, 9, 30), date(2024, 9, 30)
POLICY = """\
id: specialised
title: 专精特新认定
title_en: Specialised
level: city
office: 市经信局
delivery: reviewed
versions:
  - from: 2020-01-01
    document: {title: 设例}
    evidence: {source: 设例, verified: assumption}
    rolling: true
    conditions:
      all:
        - {id: revenue, says: 收入 2000 万元以上, says_en: revenue, expr: revenue >= 2000万元}
        - {id: staff, says: 人数 20 人以上, says_en: staff, expr: employees >= 20人}
        - {id: research, says: "研发占比", says_en: research, expr: rd_expense / revenue >= 3%}
    benefit: {kind: title, says: 称号, says_en: title, title: specialised_provincial}
"""


def _invoke(*words: object, code: int = 0) -> str:
    found = CliRunner().invoke(app, [str(word) for word in words])
    assert found.exit_code == code, found.output
    return found.output


def _made(folder: Path, city: Path, as_of: date) -> Path:
    data, runs = folder / "data", folder / f"runs-{as_of.year}"
    if not data.exists():
        _invoke("mock", city, "--out", data, "--as-of", AS_OF, "--seed", 4,
                "--above-scale", 120, "--below-scale", 150)  # fmt: skip
    _invoke("run", city, "--data", data, "--as-of", as_of, "--out", runs, "--no-report")
    return runs


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The city with a rule for one rung, run as of two days."""
    folder = tmp_path_factory.mktemp("climbed")
    city = folder / "lanhe"
    shutil.copytree(CITY, city)
    (city / "policies").mkdir()
    (city / "policies" / "specialised.yaml").write_text(POLICY, encoding="utf-8")
    stairs = city / "ladders" / "stairs.yaml"
    ruled = stairs.read_text("utf-8").replace(
        "from: [above_scale]\n        unspecified: [虚构城市未设标准]", "policy: specialised"
    )
    assert "policy: specialised" in ruled
    stairs.write_text(ruled, encoding="utf-8")
    for as_of in (BEFORE, AS_OF):
        _made(folder, city, as_of)
    return folder


@pytest.fixture(scope="module")
def told(folder: Path) -> dict:
    return json.loads(_invoke("ladder", "--run", folder / "runs-2025", "--library", "--json"))


def _tables(folder: Path, year: int = 2025) -> Path:
    runs = folder / f"runs-{year}"
    return runs / (runs / "latest").read_text().strip() / "tables"


def _rung(told: dict, name: str) -> dict:
    return next(rung for rung in told["rungs"] if rung["id"] == name)


def _plain(row: dict) -> str:
    """The state of one enterprise before the rung, by the rule read out plainly."""
    if row["register:specialised_provincial"]:
        return "held"
    revenue, staff, research = row["revenue"], row["employees"], row["rd_expense"]
    share = None if not revenue or research is None else float(research) / float(revenue)
    known = [(revenue, 2000), (staff, 20), (share, 0.03)]
    shares = [float(value) / limit for value, limit in known if value is not None]
    failing = [each for each in shares if each < 1]
    if len(failing) > 1 or any(each < 0.8 for each in failing):
        return "not_met"
    if any(value is None for value, _ in known):
        return "needs_data"
    return "opportunity" if failing else "promising"


def test_every_enterprise_is_counted_once_and_where_it_belongs(folder: Path, told: dict) -> None:
    rows = pq.read_table(_tables(folder) / "applicants.parquet").to_pylist()
    states = _rung(told, "specialised")["states"]
    states["held"] += states.pop("expiring")
    wanted = Counter(_plain(row) for row in rows)
    assert {state: n for state, n in states.items() if n} == dict(wanted)
    assert min(wanted.values()) > 0 and len(wanted) == 5
    assert told["simulated"] is True
    districts = _rung(told, "specialised")["districts"]
    assert sum(one["promising"] for one in districts.values()) == wanted["promising"]


def test_a_rung_without_a_rule_is_told_and_never_judged(told: dict) -> None:
    rung = _rung(told, "above_scale")
    assert rung["rule"] is None and rung["unspecified"] and rung["outlook"] is None
    assert {state for state, n in rung["states"].items() if n} <= {
        "held", "unspecified", "not_applicable",
    }  # fmt: skip


def test_the_library_is_listed_with_who_moved_and_why(folder: Path, told: dict) -> None:
    rung = _rung(told, "specialised")
    assert len(rung["library_listed"]) == rung["library"] == rung["states"]["promising"]
    assert len(rung["moves_listed"]) == sum(
        rung["moves"][way] for way in ("in", "up", "out", "lost")
    )
    past = {
        row["uscc"]: row
        for row in pq.read_table(_tables(folder) / "ladder_before.parquet").to_pylist()
    }
    for move in rung["moves_listed"]:
        before = past.get(move["uscc"])
        assert (move["before"] is None) == (before is None)
        if before is not None:
            assert move["before"].replace("expiring", "held") == _plain(before)
        assert move["why"]["zh"]
    assert {move["way"] for move in rung["moves_listed"]} >= {"in", "out", "up"}


def test_the_year_before_in_a_run_is_the_run_of_that_day(folder: Path) -> None:
    """What the run kept of a year ago is what a run as of that day says."""
    kept = pq.read_table(_tables(folder) / "ladder_before.parquet")
    ran = pq.read_table(_tables(folder, 2024) / "applicants.parquet")
    known = {row["uscc"]: row for row in ran.to_pylist()}
    columns = [
        "revenue",
        "employees",
        "rd_expense",
        "above_scale",
        "register:specialised_provincial",
    ]
    rows = kept.select(["uscc", *columns]).to_pylist()
    assert len(rows) > 200
    for row in rows:
        assert {name: known[row["uscc"]][name] for name in columns} == {
            name: row[name] for name in columns
        }


def test_compared_with_an_earlier_run_the_moves_are_the_same(folder: Path, told: dict) -> None:
    other = json.loads(
        _invoke("ladder", "--run", folder / "runs-2025", "--before", folder / "runs-2024",
                "--library", "--json")
    )  # fmt: skip
    assert other["before"] == told["before"] == BEFORE.isoformat()
    mine, theirs = _rung(told, "specialised")["moves"], _rung(other, "specialised")["moves"]
    assert {**mine, "in": 0} == {**theirs, "in": 0}
    assert mine["in"] >= theirs["in"]


@pytest.mark.parametrize("state", ["held", "promising", "opportunity", "needs_data", "not_met"])
def test_one_enterprise_stands_where_the_city_counts_it(folder: Path, state: str) -> None:
    rows = pq.read_table(_tables(folder) / "applicants.parquet").to_pylist()
    code = next(row["uscc"] for row in rows if _plain(row) == state)
    found = json.loads(
        _invoke("ladder", "--enterprise", code, "--run", folder / "runs-2025", "--json")
    )
    rung = _rung(found, "specialised")
    assert rung["state"].replace("expiring", "held") == state
    answers = Counter(one["answer"] for one in rung["criteria"])
    if state == "promising":
        assert answers == {"met": 3} and rung["next"] is True
    if state == "opportunity":
        (gap,) = [one for one in rung["criteria"] if one["answer"] == "unmet"]
        (short,) = gap["shortfalls"]
        assert 0 < short["difference"] <= 0.2 * short["threshold"] + 1e-9
    if state == "needs_data":
        assert all(one["lacking"] for one in rung["criteria"] if one["answer"] == "unknown")
        assert answers["unknown"] >= 1
    text = _invoke("ladder", "--enterprise", code, "--run", folder / "runs-2025")
    assert "模拟数据" in text and code in text
    clauses = _invoke("ladder", "specialised", "--enterprise", code, "--run", folder / "runs-2025")
    assert "逐条" in clauses


def test_targets_of_the_plan_are_set_beside_the_titles(folder: Path, told: dict) -> None:
    titles = pq.read_table(_tables(folder) / "ladder_titles.parquet").to_pylist()
    own = [row for row in titles if row["register"] == "specialised_provincial"]
    progress = {one["target"]: one for one in told["progress"]}
    assert progress["specialised_enterprises"]["held"] == len(own)
    new = sum(BEFORE < row["first_on"] <= AS_OF for row in own)
    assert (
        progress["new_specialised"] | {"held": new, "annual": True} == progress["new_specialised"]
    )


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (
            "zh",
            ["▲ 模拟数据", "梯度全景", "培育库变动", "对照行动计划", "一年后为推算", "标准未取得"],
        ),
        (
            "en",
            ["▲ Simulated data", "The ladder", "The library from", "estimate", "No rule at hand"],
        ),
    ],
)
def test_the_whole_is_shown_in_both_languages(folder: Path, lang: str, words: list[str]) -> None:
    text = _invoke("--lang", lang, "ladder", "--run", folder / "runs-2025")
    assert [word for word in words if word not in text] == []


def test_the_files_hold_the_lists_and_the_mark(folder: Path, told: dict, tmp_path: Path) -> None:
    sheet, out = tmp_path / "l.xlsx", tmp_path / "page"
    _invoke("ladder", "--run", folder / "runs-2025", "--excel", sheet, "--out", out)
    book = load_workbook(sheet)
    assert book.sheetnames[:3] == ["全景", "分地区", "卡点"]
    listed = [row for row in book["培育库名单"].iter_rows(values_only=True) if row[2]]
    assert len(listed) - 1 == sum(rung["library"] for rung in told["rungs"])
    assert all(book[name]["A1"].value == "▲ 模拟数据" for name in book.sheetnames)
    page = (out / "stairs.html").read_text("utf-8")
    assert "模拟数据" in page and "Simulated data" in page and "<script" not in page
    again = tmp_path / "again"
    _invoke("ladder", "--run", folder / "runs-2025", "--out", again)
    assert (again / "stairs.html").read_bytes() == (out / "stairs.html").read_bytes()


def test_confidential_values_are_listed_only_when_asked(folder: Path) -> None:
    def lacks(level: str) -> str:
        found = json.loads(_invoke("ladder", "specialised", "--run", folder / "runs-2025",
                                   "--show", level, "--json"))  # fmt: skip
        return json.dumps(_rung(found, "specialised")["moves_listed"], ensure_ascii=False)

    assert "不列" in lacks("internal") and "不列" not in lacks("confidential")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere"], "没有这一级"),
        (["--enterprise", "91000000000000000X"], "没有代码或名称唯一"),
        (["--ladder", "stair"], "没有梯度"),
        (["--before", "runs-2025"], "不早于本次"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(
    folder: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], said: str
) -> None:
    monkeypatch.chdir(folder)
    found = CliRunner().invoke(app, ["ladder", *words, "--run", "runs-2025"])
    assert found.exit_code != 0
    assert said in str(getattr(found.exception, "text", found.exception))


def test_a_city_without_policies_has_its_ladder_too(tmp_path: Path) -> None:
    runs = _made(tmp_path, CITY, AS_OF)
    told = json.loads(_invoke("ladder", "--run", runs, "--json"))
    assert sum(_rung(told, "specialised")["states"].values()) > 200
    assert told["before"] is None and told["expiring"] == []
