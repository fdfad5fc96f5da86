"""cityforge evaluate correct: what moves when a fact of an enterprise is put right."""

from pathlib import Path
from typing import Annotated

import typer

from cityforge.brain.cli import policy_shown, terminal
from cityforge.brain.errors import Text


def correct(
    code: Annotated[str, typer.Argument(help="统一社会信用代码 · credit code")],
    facts: Annotated[
        list[str],
        typer.Option("--set", help="更正的数，如 tax_paid=350000.00 · a fact put right"),
    ],
    scheme: Annotated[str | None, typer.Option(help="评价方案标识 · the scheme's id")] = None,
    run: Annotated[Path, typer.Option(help="运行结果文件夹 · snapshot folder")] = Path("runs"),
    year: Annotated[int | None, typer.Option(help="评价年度 · year of evaluation")] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON · as JSON")] = False,
) -> None:
    """更正一家企业的数会怎样：本企业和受影响的其他企业 · who moves when a fact is put right"""
    from cityforge.brain.api import evaluations as api
    from cityforge.brain.api import snapshots

    snapshot = api.read_snapshot(snapshots.find_snapshot(run))
    with terminal.progress() as tell:
        tell(Text(zh="重新评价", en="Evaluating again"), 0.3)
        found = api.correct(snapshot, scheme, code, facts, year=year)
    if as_json:
        policy_shown.as_json(api.payload.compared(found.first, found.second, found.moves))
        return
    policy_shown.words_and_tables(
        api.words.compared(found.moves, simulated=snapshot.simulated, changes=facts),
        api.tables.corrected(snapshot.city, found.second, found.moves),
    )
