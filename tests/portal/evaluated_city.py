"""A made-up city with its data and one run: what evaluations and corrections are tried on."""

import re
import shutil
from pathlib import Path

import pyarrow.parquet as pq
from django_tasks_db.models import DBTaskResult
from typer.testing import CliRunner

from cityforge.brain.cli.main import app

LANHE = Path(__file__).resolve().parents[1] / "cities" / "lanhe"
SCHEME, BUREAU = "lanhe_2025", "jxj"
PDF = b"%PDF-1.4 proof"


def made(folder: Path, *, declared: bool = True) -> Path:
    """The folder that holds `city`, `data` and `runs`.

    declared  whether enterprises declare the dataset that everything is evaluated by themselves
    """
    city = folder / "city"
    shutil.copytree(LANHE, city)
    if not declared:
        file = city / "datasets" / "performance.yaml"
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("declared: true\n", ""), encoding="utf-8")
    for words in (
        ("mock", city, "--out", folder / "data", "--as-of", "2025-09-30", "--seed", 4,
         "--above-scale", 80, "--below-scale", 20),
        ("run", city, "--data", folder / "data", "--as-of", "2025-09-30", "--out",
         folder / "runs", "--no-report"),
    ):  # fmt: skip
        found = CliRunner().invoke(app, [str(word) for word in words])
        assert found.exit_code == 0, found.output
    return folder


def rows(runs: Path, table: str = f"evaluation_{SCHEME}") -> list[dict[str, object]]:
    """A table of the run in force; of an evaluation the newest year's rows."""
    run = (runs / "latest").read_text(encoding="utf-8").strip()
    found = pq.read_table(runs / run / "tables" / f"{table}.parquet").to_pylist()
    years = {row["year"] for row in found if "year" in row and table.startswith("evaluation")}
    return [row for row in found if not years or row["year"] == max(years)]


def graded(runs: Path, grade: str) -> dict[str, object]:
    """The first enterprise of a grade."""
    return next(row for row in rows(runs) if row["grade"] == grade)


def deliver(data: Path) -> None:
    """Other data of the year: the taxes of a third of the enterprises are forgotten."""
    file = next(data.glob("performance.*"))
    head, *lines = file.read_text(encoding="utf-8-sig").splitlines()
    at = head.split(",").index("税收")
    for number in range(0, len(lines), 3):
        cells = lines[number].split(",")
        cells[at] = ""
        lines[number] = ",".join(cells)
    file.write_text("\n".join([head, *lines]), encoding="utf-8")


def work() -> list[str]:
    """Do what is queued as a worker does; the status of each task."""
    done = []
    for found in DBTaskResult.objects.ready():
        found.claim("test")
        try:
            found.task.call(*found.args_kwargs["args"])
            found.set_successful(None)
        except BaseException as error:
            found.set_failed(error)
        done.append(str(found.status))
    return done


def plain(text: str) -> str:
    """A page without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))
