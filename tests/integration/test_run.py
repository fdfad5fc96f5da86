"""The road from a city folder to an explained grade, for both cities, through the command line."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

ROOT = Path(__file__).parents[2]
CITIES = {"reference": ROOT / "cities" / "taizhou", "made_up": ROOT / "tests" / "cities" / "lanhe"}
AS_OF = "2025-09-30"
Command = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module", params=sorted(CITIES))
def road(
    request: pytest.FixtureRequest, cityforge: Command, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A folder with `city`, `data` and `runs`: one city mocked and run."""
    folder = tmp_path_factory.mktemp(str(request.param))
    shutil.copytree(CITIES[str(request.param)], folder / "city")
    size = ["--above-scale", 120, "--below-scale", 180]
    code, said = cityforge(
        "mock", folder / "city", "--out", folder / "data", "--as-of", AS_OF, "--seed", 3, *size
    )
    assert code == 0, said
    code, said = run(cityforge, folder)
    assert code == 0, said
    return folder


def run(cityforge: Command, folder: Path, *more: object) -> tuple[int, str]:
    return cityforge(
        "run",
        folder / "city",
        "--data",
        folder / "data",
        "--as-of",
        AS_OF,
        "--out",
        folder / "runs",
        *more,
    )


def latest(folder: Path) -> Path:
    return folder / "runs" / (folder / "runs" / "latest").read_text().strip()


def tables(snapshot: Path) -> dict[str, str]:
    record = json.loads((snapshot / "run.json").read_text(encoding="utf-8"))
    return {name: table["sha256"] for name, table in record["tables"].items()}


def test_every_row_and_every_enterprise_is_accounted_for(road: Path) -> None:
    snapshot = latest(road)
    record = json.loads((snapshot / "run.json").read_text(encoding="utf-8"))
    assert record["simulated"] is True
    for dataset in record["intake"]:
        assert dataset["read"] == dataset["accepted"] + dataset["quarantined"]
        data = (road / "data" / dataset["file"]).read_text(encoding="utf-8-sig")
        assert dataset["read"] == len(data.splitlines()) - 1
    enterprises = pq.read_table(snapshot / "tables" / "enterprises.parquet")
    for scheme in record["schemes"]:
        result = pq.read_table(snapshot / "tables" / f"evaluation_{scheme['id']}.parquet")
        for year in scheme["years"]:
            of_year = result.filter(pc.equal(result["year"], year))
            assert of_year["uscc"].to_pylist() == sorted(enterprises["uscc"].to_pylist())
            rated = of_year.filter(pc.equal(of_year["status"], "rated"))
            others = of_year.filter(pc.not_equal(of_year["status"], "rated"))
            assert rated.num_rows > 20
            assert rated["grade"].null_count == rated["rank"].null_count == 0
            assert others["grade"].null_count == others.num_rows
            assert others["reason"].null_count == others["reason_en"].null_count == 0


def test_ranks_of_a_group_are_one_to_n_by_falling_score(road: Path) -> None:
    snapshot = latest(road)
    record = json.loads((snapshot / "run.json").read_text(encoding="utf-8"))
    for scheme in record["schemes"]:
        result = pq.read_table(snapshot / "tables" / f"evaluation_{scheme['id']}.parquet")
        groups: dict[tuple[object, ...], list[tuple[int, float, int]]] = {}
        for row in result.filter(pc.equal(result["status"], "rated")).to_pylist():
            key = (row["year"], row["part"], row["district"])
            groups.setdefault(key, []).append((row["rank"], -row["total"], row["ranked"]))
        for members in groups.values():
            members.sort()
            assert [rank for rank, _, _ in members] == list(range(1, len(members) + 1))
            assert [score for _, score, _ in members] == sorted(score for _, score, _ in members)
            assert {ranked for _, _, ranked in members} == {len(members)}


def test_one_enterprise_is_explained_in_both_languages(road: Path, cityforge: Command) -> None:
    snapshot = latest(road)
    table = next((snapshot / "tables").glob("evaluation_*.parquet"))
    scheme = table.stem.removeprefix("evaluation_")
    result = pq.read_table(table)
    row = result.filter(pc.equal(result["status"], "rated")).to_pylist()[-1]
    asked = ("explain", row["uscc"], "--run", road / "runs", "--scheme", scheme)
    code, zh = cityforge(*asked)
    assert code == 0 and row["name"] in zh and f"{row['grade']} 类" in zh and "模拟数据" in zh
    code, en = cityforge("--lang", "en", *asked)
    assert code == 0 and f"{row['total']:,.2f}" in en and "imulated" in en
    code, said = cityforge("explain", "91320000000000000X", "--run", road / "runs")
    assert code == 13 and "91320000000000000X" in said


def test_the_same_run_again_is_the_same_snapshot(road: Path, cityforge: Command) -> None:
    before = latest(road)
    written = (before / "report.html").stat().st_mtime_ns
    code, said = run(cityforge, road)
    assert code == 0, said
    assert latest(road) == before
    assert (before / "report.html").stat().st_mtime_ns == written
    assert not list((road / "runs").glob(".partial*"))


@pytest.mark.parametrize("threads", [1, 2])
def test_a_replay_gives_the_same_bytes(road: Path, cityforge: Command, threads: int) -> None:
    code, said = cityforge("replay", road / "runs", "--threads", threads)
    assert code == 0, said
    assert "不一致" not in said and "逐字节一致" in said


def test_another_folder_gives_the_same_tables(
    road: Path, cityforge: Command, tmp_path: Path
) -> None:
    for part in ("city", "data"):
        shutil.copytree(road / part, tmp_path / part)
    code, said = run(cityforge, tmp_path, "--threads", 1, "--no-report")
    assert code == 0, said
    assert latest(tmp_path).name == latest(road).name
    assert tables(latest(tmp_path)) == tables(latest(road))


def test_a_replay_refuses_inputs_that_changed(
    road: Path, cityforge: Command, tmp_path: Path
) -> None:
    moved = tmp_path / "data"
    shutil.copytree(road / "data", moved)
    code, said = cityforge("replay", road / "runs", "--data", moved)
    assert code == 0, said
    record = json.loads((latest(road) / "run.json").read_text(encoding="utf-8"))
    changed = moved / record["intake"][1]["file"]
    changed.write_bytes(changed.read_bytes() + b"\n")
    code, said = cityforge("replay", road / "runs", "--data", moved)
    assert code == 13 and changed.name in said


def test_a_replay_tells_which_figure_was_tampered_with(
    road: Path, cityforge: Command, tmp_path: Path
) -> None:
    copy = tmp_path / "snapshot"
    shutil.copytree(latest(road), copy)
    record = json.loads((copy / "run.json").read_text(encoding="utf-8"))
    record["tables"]["quarantine"]["sha256"] = "0" * 64
    (copy / "run.json").write_text(json.dumps(record), encoding="utf-8")
    code, said = cityforge("replay", copy)
    assert code == 12
    assert said.count("不一致") == 1


def test_without_the_frame_nothing_is_written(
    road: Path, cityforge: Command, tmp_path: Path
) -> None:
    shutil.copytree(road / "city", tmp_path / "city")
    (tmp_path / "data").mkdir()
    code, said = run(cityforge, tmp_path)
    assert code == 11 and "底册" in said
    assert not (tmp_path / "runs" / "latest").exists()


def test_a_city_with_a_fault_is_not_run(road: Path, cityforge: Command, tmp_path: Path) -> None:
    shutil.copytree(road / "city", tmp_path / "city")
    shutil.copytree(road / "data", tmp_path / "data")
    units = tmp_path / "city" / "units.yaml"
    units.write_text(units.read_text(encoding="utf-8") + "oops: 1\n", encoding="utf-8")
    code, said = run(cityforge, tmp_path)
    assert code == 10 and "units.yaml" in said and "oops" in said
    assert not (tmp_path / "runs" / "latest").exists()


@pytest.mark.shared
def test_real_registrations_are_all_accounted_for(
    cityforge: Command, shared: Path, tmp_path: Path
) -> None:
    """5,657 real rows: 5,364 credit codes, 283 old numbers, 10 malformed."""
    frame = shared / "data" / "enterprises" / "taizhou_registrations.csv"
    city = CITIES["reference"]
    shutil.copytree(city, tmp_path / "city")
    code, said = cityforge(
        "mock", city, "--out", tmp_path / "data", "--as-of", AS_OF, "--frame", frame
    )
    assert code == 0, said
    code, said = run(cityforge, tmp_path, "--no-report")
    assert code == 0, said
    snapshot = latest(tmp_path)
    record = json.loads((snapshot / "run.json").read_text(encoding="utf-8"))
    counts = next(d for d in record["intake"] if d["dataset"] == "registrations")
    assert (counts["read"], counts["accepted"], counts["quarantined"]) == (5657, 5647, 10)
    kinds = pq.read_table(snapshot / "tables" / "enterprises.parquet", columns=["uscc"])
    lengths = [len(code) for code in kinds["uscc"].to_pylist()]
    assert (lengths.count(18), lengths.count(15)) == (5364, 283)
    quarantine = pq.read_table(snapshot / "tables" / "quarantine.parquet").to_pylist()
    reasons = {row["reason"] for row in quarantine if row["dataset"] == "registrations"}
    assert reasons == {"credit_code"}
    result = pq.read_table(snapshot / "tables" / "evaluation_js_huaian_2024.parquet")
    of_year = result.filter(pc.equal(result["year"], 2024))
    assert of_year.num_rows == 5647
    graded = of_year.filter(pc.is_valid(of_year["grade"]))
    assert set(graded["district"].to_pylist()) == {
        "jingjiang",
        "taixing",
        "xinghua",
        "hailing",
        "jiangyan",
        "gaogang",
    }


@pytest.mark.shared
def test_the_real_file_is_taken_as_it_is_and_every_row_accounted_for(
    cityforge: Command, shared: Path, tmp_path: Path
) -> None:
    """Capital in fifteen spellings: ten malformed codes and one unreadable sum go back."""
    file = shared / "data" / "enterprises" / "taizhou_registrations.csv"
    shutil.copytree(CITIES["reference"], tmp_path / "city")
    code, said = cityforge(
        *("intake", "import", tmp_path / "city", file, "--dataset", "registrations", "--yes"),
        *("--data", tmp_path / "data", "--by", "test", "--rejects", tmp_path / "back"),
    )
    assert code == 0, said
    assert "读入 5,657 行 = 通过 5,646 + 隔离 11" in said
    returned = next(path for path in (tmp_path / "back").iterdir() if "仅错误行" in path.name)
    assert len(returned.read_text(encoding="utf-8-sig").splitlines()) == 1 + 11
    code, said = run(cityforge, tmp_path, "--no-report")
    assert code == 0, said
    found = pq.read_table(latest(tmp_path) / "tables" / "enterprises.parquet")
    lengths = [len(uscc) for uscc in found["uscc"].to_pylist()]
    assert (lengths.count(18), lengths.count(15)) == (5363, 283)
    # 5,429 state a capital: one cannot be read, 70 are foreign and stay so.
    assert len(lengths) - found["registered_capital"].null_count == 5429 - 1 - 70 - CODELESS


CODELESS = 10  # of the rows whose code is malformed, those that state a capital in 人民币
