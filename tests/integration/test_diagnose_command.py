"""`cityforge diagnose` on a run of the made-up city: form, one enterprise, the whole city."""

import json
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from cityforge.brain.cli.main import app
from cityforge.brain.errors import CityForgeError

LANHE = Path(__file__).resolve().parents[1] / "cities" / "lanhe"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("diagnoses")
    for arguments in (
        ["mock", str(LANHE), "--out", str(folder / "data"), "--as-of", "2025-09-30", "--seed", "1"],
        ["run", str(LANHE), "--data", str(folder / "data"), "--as-of", "2025-09-30", "--out",
         str(folder / "runs")],
    ):  # fmt: skip
        done = CliRunner().invoke(app, arguments)
        assert done.exit_code == 0, done.output
    return folder / "runs"


@pytest.fixture(scope="module")
def enterprises(run: Path) -> list[dict[str, object]]:
    """Those of whom all is known that fills answers in."""
    (file,) = run.glob("2*/tables/enterprises.parquet")
    rows: list[dict[str, object]] = pq.read_table(file).to_pylist()
    return [row for row in rows if row["rd_expense"] and row["revenue"] and row["employees"]]


def _said(*arguments: object) -> str:
    done = CliRunner().invoke(app, ["diagnose", *map(str, arguments)])
    assert done.exit_code == 0, done.output
    return done.output


def _answers(folder: Path, name: str, code: object, *, control: int, day: str) -> Path:
    file = folder / f"{name}.yaml"
    file.write_text(
        f"diagnosis: workshop\nenterprise: {{uscc: {code}}}\non: {day}\nanswers:\n"
        f"  plan: adopted\n  links: [design, make]\n  output: flat\n  control: {control}\n",
        encoding="utf-8",
    )
    return file


def test_the_form_is_filled_in_with_what_the_city_knows(
    run: Path, enterprises: list[dict[str, object]], tmp_path: Path
) -> None:
    one, file = enterprises[0], tmp_path / "form.xlsx"
    said = _said("template", LANHE, "workshop", "--out", file, "--run", run,
                 "--enterprise", one["uscc"])  # fmt: skip
    assert "按城市数据预填 1 题" in said
    sheet = openpyxl.load_workbook(file)["问卷"]
    rows = {row[0].value: row for row in sheet.iter_rows()}
    share = round(float(str(one["rd_expense"])) / float(str(one["revenue"])) * 100, 4)
    assert rows["spending"][4].value == pytest.approx(share, abs=1e-4)
    assert "研发费用" in rows["spending"][7].value and "企业申报" in rows["spending"][7].value
    assert rows["plan"][4].value is None


def test_one_enterprise_with_its_facts(
    run: Path, enterprises: list[dict[str, object]], tmp_path: Path
) -> None:
    file = _answers(tmp_path, "a", enterprises[0]["uscc"], control=2, day="2025-09-01")
    told = json.loads(_said("enterprise", LANHE, "--answers", file, "--run", run, "--json"))
    assert told["simulated"] is True
    questions = {q["id"]: q for part in told["parts"] for q in part["questions"]}
    assert questions["spending"]["source"] == "known"
    assert questions["spending"]["facts"] == ["rd_expense", "revenue"]
    assert questions["plan"]["source"] == "answered"
    # 4 + 4 + 3 and 0 to 2 of the spending.
    assert float(told["score"]["low"]) - float(questions["spending"]["worth"]["low"]) == 11
    assert told["enterprise"]["name"] == enterprises[0]["name"]


def test_words_page_and_pdf_without_a_run(tmp_path: Path) -> None:
    file = _answers(tmp_path, "a", "91350100M000100Y43", control=2, day="2025-09-01")
    html, pdf = tmp_path / "d.html", tmp_path / "d.pdf"
    said = _said("enterprise", LANHE, "--answers", file, "--html", html, "--pdf", pdf)
    assert "数字车间体检：良好，得 11–13 分；还有 2 题未答" in said
    assert "模拟数据" not in said
    assert "费用为本市设定的估算" in said
    assert html.stat().st_size > 10_000 and pdf.read_bytes().startswith(b"%PDF")


def test_the_city_counts_the_newest_of_each_and_tells_what_it_cannot_read(
    run: Path, enterprises: list[dict[str, object]], tmp_path: Path
) -> None:
    first, second, third = (one["uscc"] for one in enterprises[:3])
    _answers(tmp_path, "a", first, control=1, day="2025-01-01")
    _answers(tmp_path, "b", first, control=2, day="2025-09-01")
    _answers(tmp_path, "c", second, control=2, day="2025-09-01")
    _answers(tmp_path, "d", third, control=1, day="2025-09-01")
    (tmp_path / "e.yaml").write_text("diagnosis: workshop\nanswers: {plan: maybe}\n", "utf-8")
    told = json.loads(_said("city", LANHE, "--answers", tmp_path, "--run", run, "--json"))
    assert (told["read"], told["not_counted"]) == (5, ["a.yaml", "e.yaml"])
    (one,) = told["diagnoses"]
    assert one["enterprises"] == 3
    levels = [group["levels"] for group in one["groups"]["district"]]
    assert sum(group["2"] for group in levels) == 2
    assert sum(group["1"] for group in levels) == 1
    (coverage,) = one["coverage"]
    (file,) = run.glob("2*/tables/enterprises.parquet")
    above = [row for row in pq.read_table(file).to_pylist() if row["above_scale"]]
    assert coverage["of"] == len(above)
    assert coverage["diagnosed"] == sum(
        row["uscc"] in (first, second, third) for row in above
    )  # fmt: skip
    # Each answered the plan best, and control with 2, 2 and 1 of 4.
    weak = {each["question"]: each["mean"] for each in one["weakest"]}
    assert (weak["plan"], weak["control"]) == ("1", "0.416666667")
    said = _said("city", LANHE, "--answers", tmp_path, "--run", run)
    assert "读入 5 份，计入 3 份；2 份未计入" in said
    assert "不能填“maybe”" in said


def test_coverage_is_unknown_without_a_run(tmp_path: Path) -> None:
    _answers(tmp_path, "a", "91350100M000100Y43", control=1, day="2025-01-01")
    assert "覆盖率不详" in _said("city", LANHE, "--answers", tmp_path)


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (["template", LANHE, "workshops", "--out", "x.xlsx"], "没有诊断“workshops”"),
        (["city", LANHE, "--answers", LANHE / "facts" / "none"], "没有文件夹"),
        (["enterprise", LANHE, "--answers", "absent.yaml"], "发现 1 个问题"),
    ],
    ids=["diagnosis", "folder", "file"],
)
def test_what_is_not_there_is_told(arguments: list[object], wanted: str) -> None:
    done = CliRunner().invoke(app, ["diagnose", *map(str, arguments)])
    assert isinstance(done.exception, CityForgeError)
    assert wanted in done.exception.text.zh
