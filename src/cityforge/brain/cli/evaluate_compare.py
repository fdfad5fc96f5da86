"""cityforge evaluate compare: who moves between two schemes, or two years of one."""

from pathlib import Path
from typing import Annotated

import typer

from cityforge.brain.cli import policy_shown, terminal
from cityforge.brain.errors import Text


def compare(
    first: Annotated[str, typer.Argument(help="方案一 · first scheme")],
    second: Annotated[
        str | None, typer.Argument(help="方案二；不写则与上年比 · second; without: the year before")
    ] = None,
    run: Annotated[Path, typer.Option(help="运行结果文件夹 · snapshot folder")] = Path("runs"),
    year: Annotated[int | None, typer.Option(help="评价年度 · year of evaluation")] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON · as JSON")] = False,
) -> None:
    """两个方案或两个年度比较：谁升谁降、为什么 · who moves between two schemes or two years"""
    from cityforge.brain.api import evaluations as api
    from cityforge.brain.api import snapshots

    snapshot = api.read_snapshot(snapshots.find_snapshot(run))
    now = snapshot.year if year is None else year
    with terminal.progress() as tell:
        tell(Text(zh="评价", en="Evaluating"), 0.3)
        if second is None:
            found = api.compare(snapshot, first, first, years=(now - 1, now))
        else:
            found = api.compare(snapshot, first, second, years=(now, now))
    if as_json:
        policy_shown.as_json(api.payload.compared(found.first, found.second, found.moves))
        return
    policy_shown.words_and_tables(
        api.words.compared(found.moves, simulated=snapshot.simulated),
        api.tables.compared(snapshot.city, found.first, found.second, found.moves),
    )
