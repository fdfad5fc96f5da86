"""cityforge evaluate what-if: what a change of a scheme would do before it is decided."""

from pathlib import Path
from typing import Annotated

import typer

from cityforge.brain.cli import policy_shown, terminal
from cityforge.brain.errors import Text


def what_if(
    changes: Annotated[
        list[str],
        typer.Option(
            "--set",
            help="改动，如 weight.tax_per_mu=40、band.A=15 · a change of the scheme",
        ),
    ],
    scheme: Annotated[str | None, typer.Argument(help="评价方案标识 · the scheme's id")] = None,
    run: Annotated[Path, typer.Option(help="运行结果文件夹 · snapshot folder")] = Path("runs"),
    year: Annotated[int | None, typer.Option(help="评价年度 · year of evaluation")] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON · as JSON")] = False,
) -> None:
    """改权重、基准、分档会怎样：谁升谁降、对哪些行业不利 · what a change of the scheme would do"""
    from cityforge.brain.api import evaluations as api
    from cityforge.brain.api import snapshots

    snapshot = api.read_snapshot(snapshots.find_snapshot(run))
    with terminal.progress() as tell:
        tell(Text(zh="评价", en="Evaluating"), 0.3)
        found = api.what_if(snapshot, scheme, changes, year=year)
    if as_json:
        policy_shown.as_json(
            {
                "changes": changes,
                **api.payload.compared(found.first, found.second, found.moves),
            }
        )
        return
    policy_shown.words_and_tables(
        api.words.compared(found.moves, simulated=snapshot.simulated, changes=changes),
        api.tables.compared(snapshot.city, found.first, found.second, found.moves),
    )
