"""cityforge evaluate why: one enterprise's grade, what would change it, how sure, who is alike."""

from pathlib import Path
from typing import Annotated

import typer

from cityforge.brain.cli import policy_shown, terminal
from cityforge.brain.errors import Text


def why(
    code: Annotated[str, typer.Argument(help="统一社会信用代码或企业全称 · credit code or name")],
    scheme: Annotated[str | None, typer.Option(help="评价方案标识 · the scheme's id")] = None,
    run: Annotated[Path, typer.Option(help="运行结果文件夹 · snapshot folder")] = Path("runs"),
    year: Annotated[int | None, typer.Option(help="评价年度 · year of evaluation")] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON · as JSON")] = False,
) -> None:
    """一家企业：为什么是这一等、怎样能升等、把握多大、与谁相近 · one enterprise's grade"""
    from cityforge.brain.api import evaluations as api
    from cityforge.brain.api import snapshots

    snapshot = api.read_snapshot(snapshots.find_snapshot(run))
    with terminal.progress() as tell:
        tell(Text(zh="评价", en="Evaluating"), 0.3)
        found = api.evaluate(snapshot, api.scheme_of(snapshot, scheme), year=year)
        one = api.enterprise(found, code)
    if as_json:
        policy_shown.as_json(api.payload.enterprise(found, one))
        return
    policy_shown.words_and_tables(
        api.words.enterprise(found, one, simulated=snapshot.simulated),
        api.tables.enterprise(found, one),
    )
