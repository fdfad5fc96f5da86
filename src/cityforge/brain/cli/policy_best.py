"""cityforge policy best: the set of policies that pays an enterprise most, with its proof."""

from pathlib import Path
from typing import Annotated

import typer

from cityforge.brain.cli import terminal
from cityforge.brain.errors import Text


def best(
    code: Annotated[str, typer.Argument(help="统一社会信用代码或企业全称 · credit code or name")],
    run: Annotated[Path, typer.Option(help="运行结果文件夹 · snapshot folder")] = Path("runs"),
    declare: Annotated[
        list[str] | None,
        typer.Option(
            help="企业自报的事实，如 营业收入=500万元 · a declared fact, as revenue=500万元"
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON · as JSON")] = False,
) -> None:
    """一家企业的最优政策组合，附证明 · the best set of policies for one enterprise, proved"""
    from cityforge.brain.api import check_ups, snapshots

    with terminal.progress() as tell:
        tell(Text(zh="读取运行结果，比较各种组合", en="Reading the run, comparing sets"), 0.1)
        folder = snapshots.find_snapshot(run)
        found = check_ups.of_enterprise(folder, code, declare=declare or ())
    if as_json:
        terminal.out.print_json(data=check_ups.best_payload(found))
        return
    terminal.out.print(
        check_ups.say_best(found, language=terminal.language()), markup=False, soft_wrap=True
    )
