"""cityforge policy candidates: whom a policy is for, who is one clause short."""

from pathlib import Path
from typing import Annotated

import typer

from cityforge.brain.cli import policy_shown, terminal
from cityforge.brain.errors import Text

_LEVELS = ("public", "internal", "confidential")


def candidates(
    policy: Annotated[
        str | None,
        typer.Argument(help="政策标识或名称；不写则概览各项 · id or title; without: all in brief"),
    ] = None,
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
    if policy is None:
        if xlsx is not None:
            raise typer.BadParameter("--xlsx：先写政策标识 · name a policy")
        with terminal.progress() as tell:
            every = simulations.candidates_of_all(snapshot, tell=tell)
        if as_json:
            policy_shown.as_json(simulations.overview_payload(every))
            return
        policy_shown.words_and_tables(
            simulations.overview_words(every), [simulations.overview_table(every)]
        )
        return
    with terminal.progress() as tell:
        found = simulations.candidates(snapshot, policy, upto=show, tell=tell)
    if xlsx is not None:
        simulations.write_candidates(found, xlsx, language=terminal.language())
    if as_json:
        policy_shown.as_json(simulations.candidates_payload(found))
        return
    policy_shown.words_and_tables(
        simulations.candidates_words(found), simulations.candidates_tables(found)
    )
    if xlsx is not None:
        terminal.say(Text(zh=f"已写入 {xlsx}", en=f"Wrote {xlsx}"))
