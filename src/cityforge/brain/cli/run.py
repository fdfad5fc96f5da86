"""cityforge run: a city and its data as of a date, into one snapshot."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from cityforge.brain.cli import terminal
from cityforge.brain.errors import Text


def run(
    city: Annotated[Path, typer.Argument(help="城市文件夹 · the city folder")],
    data: Annotated[Path, typer.Option(help="数据文件夹 · the folder of data")],
    as_of: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="截止日 · as-of date")],
    out: Annotated[Path, typer.Option(help="结果文件夹 · where snapshots go")] = Path("runs"),
    threads: Annotated[int | None, typer.Option(help="线程数 · threads")] = None,
    report: Annotated[bool, typer.Option(help="是否生成报告 · draw the report")] = True,
) -> None:
    """运行一座城市：数据进，答案出 · run a city: data in, answers out"""
    from cityforge.brain.api import runs, snapshots

    with terminal.progress() as tell:
        made = runs.run(
            runs.Asked(
                city=city,
                data=data,
                as_of=date(as_of.year, as_of.month, as_of.day),
                out=out,
                threads=threads,
                with_report=report,
            ),
            tell=tell,
        )
    if made.record["simulated"]:
        terminal.say(
            Text(
                zh="▲ 模拟数据：以下结果不代表任何真实企业",
                en="▲ Simulated data: nothing below is about a real enterprise",
            )
        )
    summary = snapshots.summary(made.snapshot)
    terminal.show_table(snapshots.intake_table(summary))
    inferred = snapshots.by_name_table(summary)
    if inferred is not None:
        terminal.show_table(inferred)
    for scheme in summary.schemes:
        terminal.show_table(snapshots.grade_table(scheme))
        terminal.say(scheme.sentence)
    for note in made.notes:
        terminal.say(Text(zh=f"· {note.zh}", en=f"· {note.en}"))
    terminal.say(Text(zh=f"结果：{made.snapshot}", en=f"Snapshot: {made.snapshot}"))
