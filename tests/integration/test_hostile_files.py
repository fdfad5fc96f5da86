"""Files that would fill memory or read as something else: a clear error or a bounded success.

Each is read by a process of its own under a limit on its address space.
"""

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

CODE, YEAR, TAX = "统一社会信用代码", "年度", "实缴税收"
SOUND = "91990001MK0000003J"
LIMIT = 6 << 30  # of address space, most of it never touched: threads and mapped libraries
PEAK = 1200  # MiB resident

READ = """
import json, resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[3]), int(sys.argv[3])))
from cityforge.brain.city.dataset import Dataset
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.errors import DataRefused
from cityforge.brain.intake import accept, raw
dataset = Dataset.model_validate(json.loads(sys.argv[2]))
told = {}
scratch = Path(sys.argv[1]).parent / "scratch"
with Engine(threads=2, memory_limit="500MB", scratch=scratch) as engine:
    accept.prepare(engine)
    try:
        table = raw.read(engine, dataset, Path(sys.argv[1]))
        counts = accept.accept(engine, dataset, table, frame=None)
        told = {"read": counts.read, "accepted": counts.accepted, "rest": counts.quarantined}
    except DataRefused as refused:
        told = {"refused": [[p.what.zh, p.what.en, p.hint.zh] for p in refused.problems]}
status = Path("/proc/self/status").read_text(encoding="ascii")
told["peak"] = int(status.split("VmHWM:")[1].split()[0]) // 1024
print(json.dumps(told))
"""

CHOOSE = """
import json, resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[3]), int(sys.argv[3])))
from cityforge.brain.city import checks
from cityforge.brain.errors import DataRefused
from cityforge.brain.intake import choice
told = {}
try:
    told = {"chosen": choice.choose(checks.load(Path(sys.argv[2]))[0], Path(sys.argv[1])).how}
except DataRefused as refused:
    told = {"refused": [[p.what.zh, p.what.en, p.hint.zh] for p in refused.problems]}
status = Path("/proc/self/status").read_text(encoding="ascii")
told["peak"] = int(status.split("VmHWM:")[1].split()[0]) // 1024
print(json.dumps(told))
"""

LANHE = Path(__file__).parents[1] / "cities" / "lanhe"
DATASET = {
    "id": "figures", "title": "年度数据", "title_en": "Figures", "owner": "bureau",
    "grain": "enterprise_year", "key": ["uscc", "year"], "freshness": {"every": "year"},
    "sensitivity": "public", "legal_use": ["describe"],
    "evidence": {"source": "设例", "verified": "assumption"},
    "columns": [
        {"id": "uscc", "title": CODE, "title_en": "code", "kind": "credit_code"},
        {"id": "year", "title": YEAR, "title_en": "year", "kind": "year"},
        {"id": "tax", "title": TAX, "title_en": "tax", "kind": "quantity", "unit": "万元"},
        {"id": "note", "title": "说明", "title_en": "note", "kind": "text"},
    ],
}  # fmt: skip


def run(script: str, *arguments: object) -> dict:
    command = [sys.executable, "-c", script, *map(str, arguments), str(LIMIT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    assert told["peak"] < PEAK
    return told


def read(file: Path) -> dict:
    told = run(READ, file, json.dumps(DATASET))
    if "read" in told:
        assert told["read"] == told["accepted"] + told["rest"]
    return told


def csv_of(*lines: str) -> bytes:
    return "\n".join([f"{CODE},{YEAR},{TAX},说明", *lines, ""]).encode()


def sheet_xml(cells: str) -> str:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{cells}</sheetData></worksheet>'


def workbook() -> bytes:
    made, out = openpyxl.Workbook(), io.BytesIO()
    made.active.append([CODE, YEAR])
    made.active.append([SOUND, 2024])
    made.save(out)
    return out.getvalue()


def with_sheet(cells: str) -> bytes:
    """A workbook whose sheet is replaced by rows of our own XML."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook())) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            is_sheet = part == "xl/worksheets/sheet1.xml"
            new.writestr(part, sheet_xml(cells) if is_sheet else old.read(part))
    return out.getvalue()


def zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        with zipfile.ZipFile(io.BytesIO(workbook())) as old:
            for part in old.namelist():
                if part != "xl/sharedStrings.xml":
                    new.writestr(part, old.read(part))
        with new.open("xl/sharedStrings.xml", "w", force_zip64=True) as part:
            for _ in range(300):
                part.write(b" " * (1 << 20))
    return out.getvalue()


def lying_bomb() -> bytes:
    """The same, its directory saying that nothing much is inside."""
    made = bytearray(zip_bomb())
    size = (300 << 20).to_bytes(4, "little")
    for place in range(len(made) - 4):
        if made[place : place + 4] == size:
            made[place : place + 4] = (5000).to_bytes(4, "little")
    return bytes(made)


def encrypted() -> bytes:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    return head + "EncryptedPackage".encode("utf-16-le") + bytes(4096)


GBK = f"{SOUND},2023,1,泰兴市黄桥镇\n".encode("gbk")
FAR = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{CODE}</t></is></c></row>'
FAR += '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'

REFUSED: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "a zip bomb": ("a.xlsx", zip_bomb, "压缩炸弹"),
    "a bomb that lies": ("a.xlsx", lying_bomb, "无法读取"),
    "a sheet with a cell at the far end": ("a.xlsx", lambda: with_sheet(FAR), "超过 40,000,000 格"),
    "truncated": ("a.xlsx", lambda: workbook()[:-700], "不完整或已损坏"),
    "cut in half": ("a.xlsx", lambda: workbook()[:2000], "不完整或已损坏"),
    "encrypted": ("a.xlsx", encrypted, "密码"),
    "garbage as .xls": ("a.xls", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 9000, "损坏"),
    "a page saved as .xls": ("a.xls", lambda: b"\r\n<html><table><tr><td>x", "网页（HTML）"),
    "a workbook named .csv": ("a.csv", workbook, "扩展名是 .csv，内容却是Excel"),
    "text named .xlsx": ("a.xlsx", lambda: csv_of(), "内容却是纯文本"),
    "text named .parquet": ("a.parquet", lambda: csv_of(), "内容却是纯文本"),
    "a PDF": ("a.xlsx", lambda: b"%PDF-1.7", "PDF"),
    "UTF-16": ("a.csv", lambda: csv_of().decode().encode("utf-16"), "UTF-16"),
    "nothing": ("a.xlsx", lambda: b"", "空文件"),
    "NUL": ("a.csv", lambda: csv_of(f"{SOUND},2024,1,a", "x\0y"), "第 3 行：含有空字符"),
    "GBK, then UTF-8": (
        "a.csv",
        lambda: csv_of().decode().encode("gbk") + GBK * 3 + csv_of(f"{SOUND},2024,1,靖江市"),
        "第 5 行是 UTF-8，第 1 行不是",
    ),
    "UTF-8, then GBK": ("a.csv", lambda: csv_of(f"{SOUND},2024,1,靖江市") + GBK, "第 3 行不是"),
    "an open quote": ("a.csv", lambda: csv_of(f'{SOUND},2024,1,"x', *["y"] * 90_000), "引号"),
    "one header twice": (
        "a.csv", lambda: f"{CODE},{YEAR},{TAX},{TAX}\n".encode(), "都对应“实缴税收”",
    ),
    "20,000 columns": ("a.csv", lambda: (csv_of()[:-1] + b",x" * 20_000), "超过 16384 列"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refused_in_words(case: str, tmp_path: Path) -> None:
    name, make, wanted = REFUSED[case]
    (tmp_path / name).write_bytes(make())
    told = read(tmp_path / name)
    assert wanted in told["refused"][0][0]
    assert all(zh and en and hint for zh, en, hint in told["refused"])


BOUNDED: dict[str, tuple[bytes, tuple[int, int]]] = {
    "10,000 columns": (
        (csv_of()[:-1] + b",x" * 10_000 + f"\n{SOUND},2024,1,a{',7' * 10_000}\n".encode()), (1, 1)
    ),
    "lone CR": (csv_of(f"{SOUND},2024,1,a", f"{SOUND},2023,1,b").replace(b"\n", b"\r"), (2, 2)),
    "line ends of all kinds": (
        csv_of() + f"{SOUND},2024,1,a\r\n{SOUND},2023,1,b\r{SOUND},2022,1,c\n".encode(), (3, 3)
    ),
    "a header and nothing below": (csv_of(), (0, 0)),
    "a cell of 8 MB": (csv_of(f"{SOUND},2024,1,{'x' * (8 << 20)}", f"{SOUND},2023,1,b"), (2, 2)),
}  # fmt: skip


@pytest.mark.parametrize("case", BOUNDED)
def test_read_within_bounds(case: str, tmp_path: Path) -> None:
    content, wanted = BOUNDED[case]
    (tmp_path / "a.csv").write_bytes(content)
    told = read(tmp_path / "a.csv")
    assert (told.get("read"), told.get("accepted")) == wanted


@pytest.mark.parametrize(
    ("name", "make", "wanted"),
    [
        ("报表.xlsx", zip_bomb, "压缩炸弹"),
        ("报表.xlsx", lying_bomb, "不完整或已损坏"),
        ("报表.xlsx", lambda: with_sheet(FAR), "超过 40,000,000 格"),
        ("报表.xls", encrypted, "密码"),
        ("报表.xlsx", lambda: b"\r\n<html><table><tr><td>x", "网页（HTML）"),
        ("报表.xlsx", workbook, "看不出属于哪个数据集"),
    ],
    ids=["a zip bomb", "a bomb that lies", "a far cell", "encrypted", "a page", "sound"],
)
def test_the_guard_stands_before_a_look_at_the_headers(
    name: str, make: Callable[[], bytes], wanted: str, tmp_path: Path
) -> None:
    """A file whose name tells no dataset is looked into before it is read."""
    (tmp_path / name).write_bytes(make())
    told = run(CHOOSE, tmp_path / name, LANHE)
    assert wanted in told["refused"][0][0] and told["peak"] < 300


def test_a_pipe_without_a_telling_name_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "报表.csv")
    assert "不是普通文件" in run(CHOOSE, tmp_path / "报表.csv", LANHE)["refused"][0][0]


def test_a_cell_of_one_gigabyte(tmp_path: Path) -> None:
    """The file is sparse on disk; nothing but its first 16 MB is looked at."""
    with (tmp_path / "a.csv").open("wb") as out:
        out.write(csv_of() + f"{SOUND},2024,1,".encode())
        for _ in range(1024):
            out.write(b"x" * (1 << 20))
    told = read(tmp_path / "a.csv")
    assert "第 2 行：一行超过 16 MB" in told["refused"][0][0]


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.csv")
    assert "不是普通文件" in read(tmp_path / "a.csv")["refused"][0][0]


@pytest.mark.long
def test_ten_million_rows(tmp_path: Path) -> None:
    with (tmp_path / "a.csv").open("wb") as out:
        out.write(csv_of())
        for start in range(0, 10_000_000, 100_000):
            rows = (
                f"{SOUND},{1950 + i % 70},{i}.5,某某公司{i}" for i in range(start, start + 100_000)
            )
            out.write(("\n".join(rows) + "\n").encode())
    told = read(tmp_path / "a.csv")
    assert (told["read"], told["accepted"]) == (10_000_000, 70)
