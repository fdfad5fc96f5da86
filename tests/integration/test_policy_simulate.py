"""`cityforge policy simulate` and `candidates` on a run of the made-up city."""

import json
import shutil
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from cityforge.brain.api import simulations, snapshots
from cityforge.brain.cli.main import app
from cityforge.brain.errors import CityForgeError

LANHE = Path(__file__).resolve().parents[1] / "cities" / "lanhe"
AS_OF = date(2025, 9, 30)
HEAD = """\
id: {id}
title: {title}
title_en: {id} grant
level: city
office: 市经信局
delivery: automatic
versions:
"""
VERSION = """\
  - from: {from_}
    document: {{title: 设例文件, clause: 第二条}}
    evidence: {{source: 设例, verified: assumption}}
    {until}
    rolling: true
    terms: [{{id: share, says: 研发占比, value: {share}}}, {{id: cap, value: 20万元}}]
    conditions:
      all:
        - {{id: large, says: 规上企业, says_en: above scale, expr: above_scale}}
        - {{id: share, says: 研发占比, says_en: R&D share, expr: rd_expense / revenue >= p.share}}
    benefit:
      kind: subsidy
      says: 研发费用的一成
      says_en: a tenth of R&D expense
      amount: least(rd_expense * 10%, p.cap)
      instalments: [0.6, 0.4]
      budgets: [{{year: 2025, amount: 300万元, beyond: proportional}}]
"""
TITLE = """\
  - from: 2025-01-01
    document: {title: 设例文件}
    evidence: {source: 设例, verified: assumption}
    rolling: true
    conditions: {id: large, says: 规上企业, says_en: above scale, expr: above_scale}
    benefit: {kind: title, says: 称号, says_en: title, title: specialised_provincial}
"""
STAFF = """\
  - from: 2025-01-01
    document: {title: 设例文件}
    evidence: {source: 设例, verified: assumption}
    rolling: true
    conditions: {id: staff, says: 从业人数, says_en: staff, expr: employees >= 20人}
    benefit: {kind: award, says: 奖, says_en: award, amount: 5万元}
"""
MODEL = """\
  - from: 2025-01-01
    document: {title: 外地文件}
    evidence: {source: 设例, verified: assumption}
    rolling: true
    conditions: {id: before, says: 前年营收, says_en: revenue before, expr: "revenue[-2] >= 1万元"}
    benefit: {kind: award, says: 奖, says_en: award, amount: 7万元}
"""
POLICIES = {
    "research": ("研发补助", VERSION.format(from_="2024-01-01", until="to: 2024-12-31", share="5%")
                 + VERSION.format(from_="2025-01-01", until="", share="3%")),
    "honour": ("专精特新", TITLE),
    "staff": ("稳岗奖励", STAFF),
}  # fmt: skip


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("simulate")
    city = folder / "lanhe"
    shutil.copytree(LANHE, city)
    (city / "policies").mkdir()
    (city / "combinations").mkdir()
    for name, (title, text) in POLICIES.items():
        whole = HEAD.format(id=name, title=title) + text
        (city / "policies" / f"{name}.yaml").write_text(whole, encoding="utf-8")
    model = HEAD.format(id="elsewhere", title="参照外地").replace("level", "model: true\nlevel")
    (city / "policies" / "elsewhere.yaml").write_text(model + MODEL, encoding="utf-8")
    (city / "combinations" / "one.yaml").write_text(
        "id: one\ntitle: 只取其一\ntitle_en: One of them\nkind: exclusive\n"
        "policies: [research, staff]\nsays: 不重复享受\n"
        "evidence: {source: 设例, verified: assumption}\n",
        encoding="utf-8",
    )
    day = AS_OF.isoformat()
    _invoke(["mock", str(city), "--out", str(folder / "data"), "--as-of", day, "--seed", "1"])
    _invoke(["run", str(city), "--data", str(folder / "data"), "--as-of", day,
             "--out", str(folder / "runs")])  # fmt: skip
    return folder / "runs"


def _invoke(arguments: Sequence[str], *, code: int = 0) -> str:
    """What a command prints, or says as it refuses."""
    done = CliRunner().invoke(app, list(arguments))
    if isinstance(done.exception, CityForgeError):
        assert done.exception.exit_code == code, done.exception
        return done.exception.text.zh
    assert done.exit_code == code, done.output
    return done.output


def _policy(runs: Path, command: str, *more: str, language: str = "zh", code: int = 0) -> str:
    told = ["--lang", language, "policy", command, *more, "--run", str(runs)]
    return _invoke(told, code=code)


def _json(runs: Path, command: str, *more: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_policy(runs, command, *more, "--json"))
    return found


def _rows(runs: Path) -> list[dict[str, Any]]:
    (file,) = runs.glob("2*/tables/applicants.parquet")
    found: list[dict[str, Any]] = pq.read_table(file).to_pylist()
    return found


def _entitled(row: dict[str, Any], share: str) -> bool:
    above, expense, revenue = row["above_scale"], row["rd_expense"], row["revenue"]
    return bool(above and revenue and expense is not None and expense / revenue >= Decimal(share))


def _fen(row: dict[str, Any]) -> int:
    yuan = min(row["rd_expense"] * 1000, Decimal(200_000))  # a tenth, of 万元
    return int((yuan * 100).to_integral_value("ROUND_HALF_UP"))


def test_the_sums_are_those_of_the_table(runs: Path) -> None:
    found = _json(runs, "simulate", "research")
    entitled = [row for row in _rows(runs) if _entitled(row, "0.03")]
    assert found["sums"]["eligible"] == len(entitled) > 0
    assert found["sums"]["low_fen"] == sum(_fen(row) for row in entitled)
    assert found["simulated"] is True
    assert [year["year"] for year in found["years"]] == [2025, 2026]
    assert sum(year["due_fen"] for year in found["years"]) == found["sums"]["low_fen"]
    for groups in found["groups"].values():
        assert sum(group["low_fen"] for group in groups) == found["sums"]["low_fen"]
        assert sum(group["eligible"] for group in groups) == len(entitled)


def test_another_threshold_against_the_present(runs: Path) -> None:
    found = _json(runs, "simulate", "research", "--set", "share=2.5%")
    rows = _rows(runs)
    more = {row["uscc"] for row in rows if _entitled(row, "0.025")}
    now = {row["uscc"] for row in rows if _entitled(row, "0.03")}
    changes = {one["change"]: one["count"] for one in found["comparison"]["changes"]}
    assert (changes["in"], changes["out"]) == (len(more - now), 0)
    assert changes["in"] > 0
    assert {one["uscc"] for one in found["comparison"]["most"]} <= more - now


def test_the_version_of_another_day(runs: Path) -> None:
    found = _json(runs, "simulate", "research", "--version", "2024-06-01")
    assert found["policy"]["version"] == "2024-01-01"
    assert found["sums"]["eligible"] == sum(_entitled(row, "0.05") for row in _rows(runs))
    assert found["comparison"]["from"]["version"] == "2025-01-01"
    assert _json(runs, "simulate", "research")["comparison"] is None


def test_a_sweep_in_steps(runs: Path) -> None:
    found = _json(runs, "simulate", "research", "--sweep", "share=2%..4%:0.5%")["sweep"]
    assert [point["value"] for point in found["points"]] == ["2%", "2.5%", "3%", "3.5%", "4%"]
    assert [point["eligible"] for point in found["points"]] == [
        sum(_entitled(row, share) for row in _rows(runs))
        for share in ("0.02", "0.025", "0.03", "0.035", "0.04")
    ]
    assert found["points"][2]["difference_fen"] == 0


def test_a_draft_beside_what_the_run_had(runs: Path, tmp_path: Path) -> None:
    draft = tmp_path / "lanhe"
    shutil.copytree(runs.parent / "lanhe", draft)
    file = draft / "policies" / "research.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("value: 3%", "value: 2.5%"), "utf-8")
    found = _json(runs, "simulate", "research", "--city", str(draft))
    assert found["draft"] is True
    rows = _rows(runs)
    assert found["comparison"]["before"]["eligible"] == sum(_entitled(r, "0.03") for r in rows)
    assert found["comparison"]["after"]["eligible"] == sum(_entitled(r, "0.025") for r in rows)
    new = HEAD.format(id="fresh", title="新政策") + STAFF.replace("20人", "50人")
    (draft / "policies" / "fresh.yaml").write_text(new, encoding="utf-8")
    fresh = _json(runs, "simulate", "fresh", "--city", str(draft))
    assert fresh["comparison"] is None
    assert fresh["sums"]["eligible"] == sum((row["employees"] or 0) >= 50 for row in rows)
    every = _json(runs, "simulate", "--city", str(draft))
    assert {one["id"] for one in every["policies"]} == {"honour", "research", "staff", "fresh"}


def test_a_draft_that_does_not_check_is_refused(runs: Path, tmp_path: Path) -> None:
    draft = tmp_path / "lanhe"
    shutil.copytree(runs.parent / "lanhe", draft)
    file = draft / "policies" / "research.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("above_scale", "no_fact"), "utf-8")
    _policy(runs, "simulate", "research", "--city", str(draft), code=10)


def test_it_reads(runs: Path) -> None:
    told = _policy(
        runs, "simulate", "research", "--set", "share=2.5%", "--sweep", "cap=10万元,30万元"
    )
    assert told.startswith(
        "▲ 模拟数据\n研发补助（research，2025-01-01 起施行；改研发占比（share）为 2.5%）"
    )
    for words in ("与现行相比：新增", "2025 年预算 300 万元", "按市（区）", "按行业", "按规模",
                  "谁增谁减", "变化最大的企业", "逐值测算", "不是对任何企业的决定"):  # fmt: skip
        assert words in told
    english = _policy(runs, "simulate", "research", language="en")
    assert "▲ Simulated data" in english
    assert "Budget of 2025: 3,000,000 yuan" in english


def test_all_policies_together(runs: Path) -> None:
    found = _json(runs, "simulate")
    rows = _rows(runs)
    research = [_fen(row) if _entitled(row, "0.03") else 0 for row in rows]
    staff = [5_000_000 if (row["employees"] or 0) >= 20 else 0 for row in rows]
    assert found["claimed_fen"] == sum(research) + sum(staff)
    assert found["paid_fen"] == sum(map(max, zip(research, staff, strict=True)))
    assert found["paid_fen"] < found["claimed_fen"]
    told = _policy(runs, "simulate")
    assert "按组合规则取最优后" in told


def test_a_model_from_elsewhere_is_worked_out_only_by_name(runs: Path) -> None:
    found = _json(runs, "simulate", "elsewhere")
    entitled = [row for row in _rows(runs) if (row["revenue[-2]"] or 0) >= 1]
    assert found["sums"]["eligible"] == len(entitled) > 0
    assert (found["policy"]["model"], found["absent"]) == (True, [])
    for command in ("simulate", "candidates"):
        assert "外地政策范本" in _policy(runs, command, "elsewhere")
        assert "外地政策范本" not in _policy(runs, command, "staff")
        listed = _json(runs, command)["policies"]
        assert "elsewhere" not in {one["id"] for one in listed}
    (file,) = runs.glob("2*/tables/policy_counts.parquet")
    assert "elsewhere" not in pq.read_table(file).column("policy").to_pylist()
    who = _rows(runs)[0]["uscc"]
    assert "范本" in _policy(runs, "explain", who, "--policy", "elsewhere", code=13)


def test_candidates_of_a_title_are_those_that_lack_it(runs: Path, tmp_path: Path) -> None:
    file = tmp_path / "out" / "名单.xlsx"
    told = _policy(runs, "candidates", "honour", "--xlsx", str(file))
    rows = [row for row in _rows(runs) if row["above_scale"]]
    held = [row for row in rows if row["register:specialised_provincial"]]
    assert f"候选 {len(rows) - len(held):,} 家" in told
    assert f"已享受 {len(held):,} 家（按名录）" in told
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["候选企业", "只差一条", "条件"]
    for sheet in book:
        assert sheet.cell(1, 1).value == "▲ 模拟数据"
        assert sheet.freeze_panes[1:] == str(int(sheet.auto_filter.ref.split(":")[0][1:]) + 1)
        assert sheet.print_title_rows and sheet.page_setup.orientation == "landscape"
    lines = list(book["候选企业"].iter_rows(values_only=True))
    head = next(i for i, line in enumerate(lines) if line[0] == "序号")
    assert lines[head] == (
        "序号", "企业名称", "统一社会信用代码", "属地", "行业", "规模", "测算金额（元）", "依据",
        "需核实",
    )  # fmt: skip
    assert {line[2] for line in lines[head + 1 :]} == {
        row["uscc"] for row in rows if not row["register:specialised_provincial"]
    }


def test_the_lines_of_a_grouping_make_its_total(runs: Path) -> None:
    """Districts, industries and sizes in which nobody could be paid are counted too."""
    found = simulations.simulate(snapshots.find_snapshot(runs), simulations.Asked("research"))
    grouped = [one for one in simulations.policy_tables(found) if one.title.zh.startswith("按")]
    assert {one.title.zh for one in grouped} == {"按市（区）", "按行业", "按规模"}
    for one in grouped:
        counts = [[int(str(row[i]).replace(",", "")) for i in (1, 2, 3)] for row in one.rows]
        *lines, total = counts
        assert [sum(column) for column in zip(*lines, strict=True)] == total


def test_every_policy_in_brief(runs: Path) -> None:
    found = {one["id"]: one for one in _json(runs, "candidates")["policies"]}
    assert list(found) == ["honour", "research", "staff"]
    for name, one in found.items():
        alone = _json(runs, "candidates", name)
        assert one["candidates"] == len(alone["candidates"])
        assert (one["coverage"], one["total_fen"]) == (alone["coverage"], alone["total_fen"])
    told = _policy(runs, "candidates")
    candidacies = sum(one["candidates"] for one in found.values())
    assert told.startswith("▲ 模拟数据\n截至 2025-09-30，3 项政策，候选 ")
    assert f"候选 {candidacies:,} 家次" in told


def test_the_counts_are_those_the_run_wrote(runs: Path) -> None:
    (file,) = runs.glob("2*/tables/policy_counts.parquet")
    counted = pq.read_table(file).to_pylist()
    for name in POLICIES:
        sums = _json(runs, "simulate", name)["sums"]
        own = [line for line in counted if line["policy"] == name]
        for key, column in (("eligible", "eligible"), ("not_yet", "not_yet"),
                            ("unknown", "unknown"), ("low_fen", "amount")):  # fmt: skip
            assert sums[key] == sum(line[column] for line in own)


def test_a_list_holds_no_confidential_value(runs: Path) -> None:
    found = _json(runs, "candidates", "research")
    assert found["candidates"]
    for one in found["candidates"]:
        facts = [fact for each in one["basis"] for fact in each["facts"]]
        assert all(fact["hidden"] and fact["value"] is None for fact in facts)
        assert one["provisional"] is True
    assert not any("万元" in one["lacks"] for one in found["near"])
    shown = _json(runs, "candidates", "research", "--show", "confidential")
    values = {fact["column"]: fact["value"] for fact in shown["candidates"][0]["basis"][1]["facts"]}
    (row,) = [row for row in _rows(runs) if row["uscc"] == shown["candidates"][0]["uscc"]]
    assert values == {"rd_expense": str(row["rd_expense"]), "revenue": str(row["revenue"])}


def test_amounts_in_the_workbook_are_exact(runs: Path, tmp_path: Path) -> None:
    file = tmp_path / "research.xlsx"
    _policy(runs, "candidates", "research", "--xlsx", str(file), language="en")
    sheet = openpyxl.load_workbook(file)["Candidates"]
    paid = {line[2]: line[6] for line in sheet.iter_rows(values_only=True) if line[2]}
    for row in _rows(runs):
        if _entitled(row, "0.03"):
            assert round(Decimal(str(paid[row["uscc"]])) * 100) == _fen(row)


def test_a_name_that_looks_like_a_formula_stays_text(runs: Path, tmp_path: Path) -> None:
    (folder,) = runs.glob("2*")
    copy = tmp_path / "runs" / folder.name
    shutil.copytree(folder, copy)
    table = copy / "tables" / "applicants.parquet"
    read = pq.read_table(table)
    place = read.column_names.index("name")
    evil = read.set_column(place, "name", [["=1+1"] * read.num_rows])
    pq.write_table(evil, table)
    file = tmp_path / "evil.xlsx"
    _policy(copy, "candidates", "staff", "--xlsx", str(file))
    cell = openpyxl.load_workbook(file)["候选企业"].cell(10, 2)
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        (["reserch"], 13, "research"),
        (["research", "--set", "rate=1%"], 13, "share、cap"),
        (["research", "--set", "share=5亩"], 10, ""),
        (["research", "--set", "share"], 2, ""),
        (["research", "--sweep", "share=2%..4%"], 11, "2%..4%:0.5%"),
        (["research", "--version", "2020-01-01"], 13, "没有"),
        (["research", "--arrival", "late"], 2, ""),
        (["--set", "share=1%"], 2, ""),
    ],
)
def test_what_cannot_be_asked_is_refused(
    runs: Path, more: list[str], code: int, words: str
) -> None:
    assert words in _policy(runs, "simulate", *more, code=code)


def test_unknown_candidates_are_refused(runs: Path) -> None:
    assert "staff" in _policy(runs, "candidates", "stuff", code=13)
    _policy(runs, "candidates", "staff", "--show", "secret", code=2)
