"""cityforge policy candidates: whom a policy is for, who is one clause short."""

import json
from pathlib import Path
from typing import Annotated

import typer

from cityforge.brain.cli import terminal
from cityforge.brain.errors import Text

_LEVELS = ("public", "internal", "confidential")


def candidates(
    policy: Annotated[str, typer.Argument(help="政策标识 · id of the policy")],
    run: Annotated[Path, typer.Option(help="运行结果文件夹 · snapshot folder")] = Path("runs"),
    xlsx: Annotated[
        Path | None, typer.Option(help="写成 Excel 名单 · write the list as a workbook")
    ] = None,
    show: Annotated[
        str, typer.Option(help="列出数值的最高密级：public、internal、confidential · values up to")
    ] = "internal",
    *,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON · as JSON")] = False,
) -> None:
    """候选企业（免申名单）、覆盖率、只差一条的企业 · candidates, coverage, near misses"""
    from cityforge.brain.api import simulations, snapshots

    if show not in _LEVELS:
        raise typer.BadParameter(f"--show：{' | '.join(_LEVELS)}")
    snapshot = snapshots.find_snapshot(run)
    with terminal.progress() as tell:
        found = simulations.candidates(snapshot, policy, upto=show, tell=tell)
    if xlsx is not None:
        simulations.write_candidates(found, xlsx, language=terminal.language())
    if as_json:
        payload = simulations.candidates_payload(found)
        typer.echo(json.dumps(payload, ensure_ascii=False, indent=2))
        return
    for line in simulations.candidates_words(found):
        terminal.say(line)
    for table in simulations.candidates_tables(found):
        terminal.out.print()
        terminal.show_table(table)
    if xlsx is not None:
        terminal.say(Text(zh=f"已写入 {xlsx}", en=f"Wrote {xlsx}"))
