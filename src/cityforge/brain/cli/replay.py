"""cityforge replay: the same bytes of every table again, from the record of a run."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from cityforge.brain.cli import terminal
from cityforge.brain.errors import Text


def replay(
    snapshot: Annotated[Path, typer.Argument(help="运行结果文件夹 · a snapshot, or their folder")],
    data: Annotated[Path | None, typer.Option(help="数据现在的位置 · where the data stand")] = None,
    threads: Annotated[int | None, typer.Option(help="线程数 · threads")] = None,
) -> None:
    """按运行记录复算并逐表比对字节 · run a record again and compare every table byte by byte"""
    from cityforge.brain.api import runs, snapshots

    with terminal.progress() as tell:
        found = runs.replay(
            snapshots.find_snapshot(snapshot), data=data, threads=threads, tell=tell
        )
    zh = terminal.language() == "zh"
    table = Table(
        "表" if zh else "table", "行数" if zh else "rows", "SHA-256", "结果" if zh else ""
    )
    same = ("一致" if zh else "same", "不一致" if zh else "DIFFERS")
    for one in found:
        table.add_row(one.table, f"{one.rows:,}", one.then[:16], same[0] if one.same else same[1])
    terminal.out.print(table)
    if not all(one.same for one in found):
        raise typer.Exit(12)
    terminal.say(
        Text(zh=f"{len(found)} 张表逐字节一致", en=f"all {len(found)} tables are the same bytes")
    )
