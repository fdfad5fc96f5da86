"""Intake of a large file, raw and held to its contract: beside readers that only read.

    python bench/intake.py --rows 1000000 --rounds 5
    python bench/intake.py --rows 10000000 --rounds 1 --no-excel

Each measured run is a process of its own; the runs take turns, the ratio is taken round by round.
CSV: ours (`raw.read`, and with `accept.accept`) beside DuckDB's read_csv of the same file, every
column text. Excel (to its own limit of rows): ours beside calamine and openpyxl (read-only mode),
which only walk over the cells. The peak includes Python and the libraries.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import openpyxl
from python_calamine import CalamineWorkbook

from cityforge.brain.city.dataset import Dataset
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.intake import accept, raw
from cityforge.brain.values import credit_code

MEMORY = "700MB"
EXCEL_ROWS = 1_048_575
COLUMNS = [
    ("uscc", "统一社会信用代码", {"kind": "credit_code"}),
    ("year", "年度", {"kind": "year"}),
    ("name", "企业名称", {"kind": "text"}),
    ("industry", "行业代码", {"kind": "industry_code"}),
    ("on", "成立日期", {"kind": "date"}),
    ("big", "是否规上", {"kind": "boolean"}),
    ("revenue", "营业收入（千元）", {"kind": "quantity", "unit": "万元", "scale": 4}),
    ("tax", "实缴税收", {"kind": "quantity", "unit": "万元"}),
    ("staff", "从业人数", {"kind": "quantity", "unit": "人", "scale": 0}),
    ("note", "备注", {"kind": "text"}),
]


def contract() -> Dataset:
    return Dataset.model_validate(
        {
            "id": "figures", "title": "年度数据", "title_en": "Figures", "owner": "bureau",
            "grain": "enterprise_year", "key": ["uscc", "year"], "freshness": {"every": "year"},
            "sensitivity": "public", "legal_use": ["describe"],
            "evidence": {"source": "made up", "verified": "assumption"},
            "columns": [
                {"id": name, "title": title.split("（")[0], "title_en": name, **more}
                for name, title, more in COLUMNS
            ],
        }
    )  # fmt: skip


def row(number: int) -> list[str]:
    """One row; an enterprise has ten years."""
    first17 = f"91990001MA{number // 10:07d}"
    code = first17 + credit_code.check_digit(first17)
    return [
        code, str(2010 + number % 10), f"铸城{number // 10}精密机械有限公司", "3484",
        f"20{number % 20:02d}-0{number % 9 + 1}-15", "是" if number % 3 else "否",
        f"{number * 7 % 1_000_000}.5", f"{number * 3 % 5000}.25", str(number % 900), "",
    ]  # fmt: skip


def make_csv(file: Path, rows: int) -> None:
    with file.open("w", encoding="utf-8") as out:
        out.write(",".join(title for _, title, _ in COLUMNS) + "\n")
        for start in range(0, rows, 50_000):
            part = range(start, min(rows, start + 50_000))
            out.write("\n".join(",".join(row(number)) for number in part) + "\n")


def make_xlsx(file: Path, rows: int) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append([title for _, title, _ in COLUMNS])
    for number in range(rows):
        cells = row(number)
        sheet.append([*cells[:6], *(float(cell) for cell in cells[6:9])])
    book.save(file)


def ours(file: Path, *, is_held: bool) -> None:
    with Engine(threads=2, memory_limit=MEMORY, scratch=file.parent / "scratch") as engine:
        accept.prepare(engine)
        dataset = contract()
        table = raw.read(engine, dataset, file)
        if is_held:
            counts = accept.accept(engine, dataset, table, frame=None)
            if counts.accepted != counts.read:
                sys.exit(f"rows were quarantined: {counts}")


def duckdb_alone(file: Path) -> None:
    settings = {"threads": 2, "memory_limit": MEMORY, "temp_directory": str(file.parent / "other")}
    with duckdb.connect(":memory:", config=settings) as connection:
        connection.execute(
            f"CREATE TABLE t AS SELECT * FROM read_csv('{file}', all_varchar = true)"
        ).fetchall()


def calamine_alone(file: Path) -> None:
    sheet = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0)
    for _ in sheet.iter_rows():
        pass


def openpyxl_alone(file: Path) -> None:
    book = openpyxl.load_workbook(file, read_only=True)
    for _ in book.worksheets[0].iter_rows(values_only=True):
        pass


RUNS = {
    "raw": lambda file: ours(file, is_held=False),
    "raw+accept": lambda file: ours(file, is_held=True),
    "duckdb": duckdb_alone,
    "calamine": calamine_alone,
    "openpyxl": openpyxl_alone,
}


def peak_mebibytes() -> float:
    """The peak of this process alone: what getrusage tells may be the parent's before the fork."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def measure(which: str, file: Path) -> tuple[float, float]:
    command = [sys.executable, __file__, "--only", which, "--file", str(file)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, peak = done.stdout.split()
    return float(seconds), float(peak)


def turns(names: list[str], file: Path, rows: int, rounds: int) -> None:
    """Every reader in turn, so many rounds; printed beside the last of them."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
    for _ in range(rounds):
        for name, results in taken.items():
            results.append(measure(name, file))
    print(f"{file.suffix} {rows:,} rows, {file.stat().st_size / 2**20:,.0f} MiB, {rounds} rounds")
    beside = names[-1]
    for name, results in taken.items():
        seconds = statistics.median(second for second, _ in results)
        ratio = statistics.median(a[0] / b[0] for a, b in zip(results, taken[beside], strict=True))
        peak = max(memory for _, memory in results)
        print(
            f"  {name:10} median {seconds:7.2f} s  {rows / seconds:11,.0f} rows/s"
            f"  peak {peak:6,.0f} MiB  {ratio:5.2f} x {beside}"
        )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-excel", action="store_true")
    parser.add_argument("--only", choices=list(RUNS))
    parser.add_argument("--file", type=Path)
    asked = parser.parse_args()
    if asked.only:
        began = time.perf_counter()
        RUNS[asked.only](asked.file)
        print(time.perf_counter() - began, peak_mebibytes())
        return
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "figures.csv"
        make_csv(file, asked.rows)
        turns(["raw", "raw+accept", "duckdb"], file, asked.rows, asked.rounds)
        file.unlink()
        if not asked.no_excel:
            rows = min(asked.rows, EXCEL_ROWS)
            book = Path(name) / "figures.xlsx"
            make_xlsx(book, rows)
            names = ["raw", "raw+accept", "openpyxl", "calamine"]
            turns(names, book, rows, min(asked.rounds, 3))


if __name__ == "__main__":
    main()
