"""Importing through the command line: taken, repeated, compared, called back, refused."""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from ruamel.yaml import YAML

from cityforge.brain.city import checks
from cityforge.brain.intake import left_over, sources

ROOT = Path(__file__).parents[2]
CITY = ROOT / "tests" / "cities" / "lanhe"
AS_OF = "2025-09-30"
Command = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def mocked(cityforge: Command, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mocked")
    size = ["--above-scale", 40, "--below-scale", 40, "--as-of", AS_OF]
    code, said = cityforge("mock", CITY, "--out", folder / "mock", "--seed", 5, *size)
    assert code == 0, said
    return folder / "mock"


@pytest.fixture
def data(cityforge: Command, mocked: Path, tmp_path: Path) -> Path:
    """A data folder with the frame and one delivery of performance."""
    folder = tmp_path / "data"
    files = [mocked / "performance.csv", mocked / "market_entities.csv"]
    code, said = cityforge(
        "intake", "import", CITY, *files, "--data", folder, "--yes", "--by", "甲"
    )
    assert code == 0, said
    assert said.index("市场主体") < said.index("企业年度绩效"), "the frame is first"
    return folder


def lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8-sig").splitlines()


def edited(mocked: Path, folder: Path, name: str = "performance.csv") -> Path:
    """The delivery with one revenue changed and the last row gone."""
    head, first, *rest = lines(mocked / "performance.csv")
    cells = first.split(",")
    cells[head.split(",").index("营业收入")] = "98765.4321"
    file = folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("\n".join([head, ",".join(cells), *rest[:-1]]) + "\n", encoding="utf-8")
    return file


def listed(data: Path) -> dict:
    return YAML(typ="safe").load((data / "sources.yaml").read_text(encoding="utf-8"))


def state(data: Path) -> dict[str, str]:
    return {
        str(file.relative_to(data)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(data.rglob("*"))
        if file.is_file()
    }


def test_a_delivery_is_kept_unchanged_and_simulated_data_stay_simulated(data, mocked) -> None:
    entry = listed(data)["files"]["performance"]
    assert entry.startswith("deliveries/performance/0001-")
    assert (data / entry).read_bytes() == (mocked / "performance.csv").read_bytes()
    record = YAML(typ="safe").load((data / "deliveries/performance/0001.yaml").read_text("utf-8"))
    assert (record["file"], record["by"]) == ("performance.csv", "甲")
    assert record["read"] == record["accepted"] + record["quarantined"]
    assert listed(data)["simulated"] is True


def test_the_same_file_again_changes_nothing(cityforge, data, mocked) -> None:
    before = state(data)
    code, said = cityforge("intake", "import", CITY, mocked / "performance.csv", "--data", data)
    assert code == 0 and "没有变化" in said
    assert state(data) == before


def test_diff_tells_and_writes_nothing(cityforge, data, mocked, tmp_path) -> None:
    before = state(data)
    file, out = edited(mocked, tmp_path / "new"), tmp_path / "diff.xlsx"
    code, said = cityforge("intake", "diff", CITY, file, "--data", data, "--out", out)
    assert code == 0, said
    assert "新增 0 行，减少 1 行，修改 1 行" in said
    assert state(data) == before
    book = openpyxl.load_workbook(out)
    assert [sheet.max_row - 1 for sheet in book] == [0, 1, 1]
    heads = [cell.value for cell in book["修改"][1]]
    assert float(book["修改"].cell(2, heads.index("营业收入（新）") + 1).value) == 98765.4321


def test_taken_undone_and_the_undo_undone(cityforge, data, mocked, tmp_path) -> None:
    first = listed(data)["files"]["performance"]
    file = edited(mocked, tmp_path / "new")
    assert cityforge("intake", "import", CITY, file, "--data", data, "--yes")[0] == 0
    second = listed(data)["files"]["performance"]
    assert second != first
    undo = ["intake", "undo", CITY, "--data", data, "--dataset", "performance"]
    assert cityforge(*undo)[0] == 0
    assert listed(data)["files"]["performance"] == first
    assert cityforge(*undo, "--to", 2)[0] == 0
    assert listed(data)["files"]["performance"] == second
    code, said = cityforge("intake", "log", CITY, "--data", data, "--dataset", "performance")
    assert code == 0 and "● 4" in said and said.count("撤销") == 2
    compare = ["intake", "diff", CITY, "--data", data, "--dataset", "performance"]
    code, said = cityforge(*compare, "--from", 1, "--to", 2)
    assert code == 0 and "减少 1 行，修改 1 行" in said
    assert cityforge(*undo)[0] == 0 and cityforge(*undo)[0] == 0
    assert "performance" not in listed(data)["files"], "back before the first delivery"
    assert cityforge(*undo)[0] == 11
    code, said = cityforge(*undo, "--to", 9)
    assert code == 11 and "没有第 9 次报送" in said


def test_an_older_delivery_again_is_told(cityforge, data, mocked, tmp_path) -> None:
    file = edited(mocked, tmp_path / "new")
    assert cityforge("intake", "import", CITY, file, "--data", data, "--yes")[0] == 0
    again = ["intake", "import", CITY, mocked / "performance.csv", "--data", data, "--yes"]
    code, said = cityforge(*again)
    assert code == 0 and "与第 1 次报送" in said and "第 3 次报送" in said


def test_other_bytes_with_the_same_rows_are_not_taken_unasked(
    cityforge, data, mocked, tmp_path
) -> None:
    before = state(data)
    file = tmp_path / "企业年度绩效.csv"
    text = (mocked / "performance.csv").read_text(encoding="utf-8-sig")
    file.write_text("绩效报送表\n" + text, encoding="gb18030")
    code, said = cityforge("intake", "import", CITY, file, "--data", data)
    assert code == 0 and "通过的行没有不同" in said and "未接收" in said
    assert state(data) == before


@pytest.mark.parametrize(
    ("spoil", "alarm"),
    [
        (lambda rows: [rows[0]], "没有一行通过"),
        (lambda rows: [rows[0], *(f"X{row}" for row in rows[1:])], "没有一行通过"),
        (lambda rows: rows[: len(rows) // 2], "将消失"),
        (lambda rows: [*rows, *rows[1:], *rows[1:]], "多半的行被隔离"),
    ],
)
def test_alarms_need_even_so(cityforge, data, mocked, tmp_path, spoil, alarm) -> None:
    file = tmp_path / "performance.csv"
    file.write_text("\n".join(spoil(lines(mocked / "performance.csv"))) + "\n", encoding="utf-8")
    before = state(data)
    asked = ["intake", "import", CITY, file, "--data", data, "--yes"]
    code, said = cityforge(*asked)
    assert code == 11 and "▲" in said and alarm in said and "--even-so" in said
    assert state(data) == before
    assert cityforge(*asked, "--even-so")[0] == 0
    assert state(data) != before


def test_no_answer_takes_nothing(cityforge, data, mocked, tmp_path) -> None:
    before = state(data)
    file = edited(mocked, tmp_path / "new")
    code, said = cityforge("intake", "import", CITY, file, "--data", data)
    assert code == 11 and "未接收" in said
    assert state(data) == before


def test_what_stood_there_before_the_first_import_can_be_called_back(
    cityforge, mocked, tmp_path
) -> None:
    data = Path(shutil.copytree(mocked, tmp_path / "data"))
    text = (data / "sources.yaml").read_text(encoding="utf-8")
    (data / "sources.yaml").write_text("# 我们的说明\n" + text, encoding="utf-8")
    was = (data / "performance.csv").read_bytes()
    file = edited(mocked, tmp_path / "new")
    assert cityforge("intake", "import", CITY, file, "--data", data, "--yes")[0] == 0
    said = (data / "sources.yaml").read_text(encoding="utf-8")
    assert said.startswith("# 我们的说明\n") and "simulated: true" in said and "seed: 5" in said
    (data / "performance.csv").write_text("someone went on working here", encoding="utf-8")
    undo = ["intake", "undo", CITY, "--data", data, "--dataset", "performance"]
    assert cityforge(*undo)[0] == 0
    assert (data / listed(data)["files"]["performance"]).read_bytes() == was


def test_a_run_tells_what_the_files_left_lying_are(cityforge, data, mocked, tmp_path) -> None:
    city = checks.load(CITY)[0]

    def left(name: str) -> str:
        (note,) = left_over.notes(city, sources.find(city, data))
        return note.zh.removeprefix(f"文件 {name} ")

    lying = data / "performance.csv"
    shutil.copyfile(mocked / "performance.csv", lying)
    assert left(lying.name) == "与“企业年度绩效”现行的第 1 次报送相同，读的是存档中的那一份"
    asked = ("intake", "import", CITY, edited(mocked, tmp_path / "new"), "--data", data)
    assert cityforge(*asked, "--yes")[0] == 0
    earlier = "是“企业年度绩效”以前的报送（第 1 次，已存档），未读取；现行的是第 2 次"
    assert left(lying.name) == earlier
    asked = ("run", CITY, "--data", data, "--as-of", AS_OF, "--out", tmp_path / "runs")
    code, said = cityforge(*asked, "--no-report")
    assert code == 0 and f"· 文件 performance.csv {earlier}" in said
    lying.write_text(lying.read_text("utf-8-sig") + "\n", encoding="utf-8")
    assert "历次报送都不同，未读取" in left(lying.name)
    lying.rename(data / "企业年度绩效.csv")
    assert "未读取：sources.yaml 写明“企业年度绩效”读 0002-" in left("企业年度绩效.csv")
    (data / "企业年度绩效.csv").rename(data / "其他.csv")
    assert left("其他.csv") == "不属于任何数据集，未读取"


def test_a_new_frame_tells_what_it_does_to_the_others(cityforge, data, mocked, tmp_path) -> None:
    frame = lines(mocked / "market_entities.csv")
    file = tmp_path / "market_entities.csv"
    file.write_text("\n".join(frame[:-3]) + "\n", encoding="utf-8")
    code, said = cityforge("intake", "diff", CITY, file, "--data", data)
    assert code == 0
    gone = [row.split(",")[0] for row in frame[-3:]]
    lost = sum(row.split(",")[0] in gone for row in lines(mocked / "performance.csv"))
    assert lost and f"{lost} 行的企业将不在底册，0 行的企业将进入底册" in said


def test_what_cannot_be_told_or_read_is_refused(cityforge, data, tmp_path) -> None:
    before = state(data)
    strange = tmp_path / "strange.csv"
    strange.write_text("甲,乙\n1,2\n", encoding="utf-8")
    code, said = cityforge("intake", "import", CITY, strange, "--data", data, "--yes")
    assert code == 11 and "--dataset" in said
    asked = ["intake", "import", CITY, strange, "--data", data, "--yes", "--dataset"]
    assert cityforge(*asked, "performance")[0] == 11
    code, said = cityforge(*asked, "performence")
    assert code == 11 and "performance" in said
    assert cityforge("intake", "import", CITY, tmp_path, "--data", data, "--dataset", "honours")[0]
    assert state(data) == before


def test_headers_tell_the_dataset(cityforge, data, mocked, tmp_path) -> None:
    file = edited(mocked, tmp_path / "new", "2025年第三季度.csv")
    code, said = cityforge("intake", "diff", CITY, file, "--data", data)
    assert code == 0 and "“企业年度绩效”" in said
