"""cityforge evaluate over a run of the made-up city: grades, why, what if, corrections, files."""

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from typer.testing import CliRunner

from cityforge.brain.cli.main import app

CITY = Path(__file__).resolve().parents[1] / "cities" / "lanhe"
SCHEME = "lanhe_2025"


def invoke(*words: object, code: int = 0) -> str:
    found = CliRunner().invoke(app, [str(word) for word in words])
    assert found.exit_code == code, found.output
    return found.output


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("evaluated")
    data, out = folder / "data", folder / "runs"
    invoke("mock", CITY, "--out", data, "--as-of", "2025-09-30", "--seed", 4,
           "--above-scale", 160, "--below-scale", 60)  # fmt: skip
    invoke("run", CITY, "--data", data, "--as-of", "2025-09-30", "--out", out, "--no-report")
    return out


def result(runs: Path) -> list[dict[str, object]]:
    told = json.loads(invoke("evaluate", "run", SCHEME, "--run", runs, "--no-effects", "--json"))
    return list(told["enterprises"])


def test_it_gives_what_the_run_wrote(runs: Path) -> None:
    import pyarrow.parquet as pq

    [file] = runs.glob(f"2025*/tables/evaluation_{SCHEME}.parquet")
    written = [row for row in pq.read_table(file).to_pylist() if row["year"] == 2024]
    assert result(runs) == written


def test_effects_and_words(runs: Path) -> None:
    shown = invoke("evaluate", "run", SCHEME, "--run", runs)
    assert "模拟数据" in shown and "可腾出" in shown and "改变一项即可升等" in shown
    told = json.loads(invoke("evaluate", "run", SCHEME, "--run", runs, "--json"))
    assert {one["fact"] for one in told["held"]} >= {"tax_paid", "land_mu"}
    assert told["sureness"] is None  # the scheme states no errors


def test_why_and_the_change_that_it_names(runs: Path) -> None:
    """What would lift an enterprise is put right, and lifts it."""
    below = [row for row in result(runs) if row["grade"] == "丙"]
    code = str(below[0]["uscc"])
    told = json.loads(invoke("evaluate", "why", code, "--run", runs, "--json"))
    assert told["ways"]["target"] == "乙" and told["why"]["grade"] == "丙"
    held = told["ways"]["held"]
    assert held == {"others": True, "bases": True, "bases_would_move": True}
    change = told["ways"]["single"][0]
    # Twice as far, as the base value of this scheme moves a little with it.
    before, after = float(change["before"]), float(change["after"])
    further = before + 2 * (after - before)
    if further <= 0:
        further = after / 2
    set_ = f"{change['fact']}={further:.0f}"
    moved = json.loads(invoke("evaluate", "correct", code, "--set", set_, "--run", runs, "--json"))
    mine = next(row for row in moved["movers"] if row["uscc"] == code)
    assert mine["way"] == "up"
    assert "不是" not in invoke("evaluate", "why", code, "--run", runs)


def test_comparing_and_what_if(runs: Path) -> None:
    same = json.loads(invoke("evaluate", "compare", SCHEME, SCHEME, "--run", runs, "--json"))
    assert same["movers"] == []
    years = json.loads(invoke("evaluate", "compare", SCHEME, "--run", runs, "--json"))
    assert years["first"]["year"] == 2023 and years["movers"]
    changed = json.loads(
        invoke("evaluate", "what-if", SCHEME, "--set", "band.甲=10", "--run", runs, "--json")
    )
    assert {row["way"] for row in changed["movers"]} == {"down"}
    refused = CliRunner().invoke(
        app, ["evaluate", "what-if", SCHEME, "--set", "weight.rd_ratio=50", "--run", str(runs)]
    )
    assert refused.exit_code != 0


def test_files_are_written(runs: Path, tmp_path: Path) -> None:
    names = {"--excel": "a.xlsx", "--word": "a.docx", "--pdf": "a.pdf", "--publicity": "p.csv",
             "--follow-up": "f.xlsx"}  # fmt: skip
    files = [word for option, name in names.items() for word in (option, tmp_path / name)]
    invoke("evaluate", "write", SCHEME, "--run", runs, *files)
    rated = sum(row["status"] == "rated" for row in result(runs))
    book = load_workbook(tmp_path / "a.xlsx", read_only=True)
    longest = max(sum(1 for _ in sheet.iter_rows()) for sheet in book.worksheets)
    assert longest > rated
    assert "模拟数据" in PdfReader(tmp_path / "a.pdf").pages[0].extract_text()
    code = next(str(row["uscc"]) for row in result(runs) if row["grade"] == "丙")
    invoke("evaluate", "letter", code, "--run", runs, "--pdf", tmp_path / "l.pdf")
    letter = PdfReader(tmp_path / "l.pdf")
    assert len(letter.pages) == 1 and code in letter.pages[0].extract_text()


def test_proceedings_from_objection_to_publicity(runs: Path, tmp_path: Path) -> None:
    who = ("--by", "张三", "--role", "评价办", "--run", runs)
    proof = tmp_path / "proof.pdf"
    proof.write_bytes(b"%PDF-1.4 proof")
    code = next(str(row["uscc"]) for row in result(runs) if row["grade"] == "丙")
    day = "2025-06-01"
    invoke("evaluate", "proceeding", "begin", *who, "--at", day, "--days", "published=5")
    for stage in ("listed", "collected", "checked"):
        invoke("evaluate", "proceeding", "step", stage, *who, "--at", day)
    told_by = ("--by", "企业", "--run", runs, "--at", day)
    said = invoke("evaluate", "proceeding", "object", code, "--set", "tax_paid=99999",
                  "--reason", "漏计", "--evidence", proof, *told_by)  # fmt: skip
    objection = said.strip().rsplit("：", 1)[1]
    later = "2025-07-01"
    refused = CliRunner().invoke(
        app, ["evaluate", "proceeding", "publish", "publicity", *map(str, who), "--at", later]
    )
    assert refused.exit_code != 0
    invoke("evaluate", "proceeding", "step", "objected", *who, "--at", later)
    invoke("evaluate", "proceeding", "rerun", "--why", "初评", *who, "--at", later)
    invoke("evaluate", "proceeding", "rule", objection, "upheld", "--grounds", "核实", *who,
           "--at", later)  # fmt: skip
    shown = invoke("evaluate", "proceeding", "rerun", "--why", "采纳", *who, "--at", later)
    assert "第 2 版结果" in shown and "本企业数据更正" in shown
    for stage in ("computed", "reviewed"):
        invoke("evaluate", "proceeding", "step", stage, *who, "--at", later)
    listed = invoke("evaluate", "proceeding", "publish", "publicity", *who, "--at", later)
    assert "第 2 版" in listed
    told = json.loads(invoke("evaluate", "proceeding", "show", "--run", runs, "--json"))
    assert told["stage"] == "published" and len(told["versions"]) == 2
    assert told["changes"][0]["uscc"] == code


def test_looking_over_and_telling_apart(tmp_path: Path) -> None:
    shown = invoke("evaluate", "lint", CITY, "--scheme", SCHEME)
    assert "1 个方案" in shown
    assert "没有不同" in invoke("evaluate", "diff", CITY, CITY, SCHEME)
    taizhou = CITY.parents[2] / "cities" / "taizhou"
    told = invoke("evaluate", "diff", taizhou, taizhou, "js_huaian_2024", "--with", "js_default")
    assert told.count("·") > 3


def test_an_outline_says_what_is_missing(tmp_path: Path, runs: Path) -> None:
    refused = CliRunner().invoke(app, ["evaluate", "run", "nowhere", "--run", str(runs)])
    assert refused.exit_code != 0
