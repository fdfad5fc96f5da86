"""cityforge evaluate run: one scheme on the facts of a run, with its effects on the city."""

from pathlib import Path
from typing import Annotated

import typer

from cityforge.brain.cli import policy_shown, terminal
from cityforge.brain.errors import Text


def run(
    scheme: Annotated[
        str | None, typer.Argument(help="评价方案标识，含样本方案 · a scheme's id, models too")
    ] = None,
    run: Annotated[Path, typer.Option(help="运行结果文件夹 · snapshot folder")] = Path("runs"),
    year: Annotated[int | None, typer.Option(help="评价年度 · year of evaluation")] = None,
    draws: Annotated[
        int, typer.Option(help="等次把握推演次数 · draws for how sure grades are", min=1)
    ] = 200,
    *,
    effects: Annotated[
        bool, typer.Option(help="资源分布、可腾出量、公平性、把握 · resources, fairness, sureness")
    ] = True,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON · as JSON")] = False,
) -> None:
    """按方案评价，看等次、资源分布、公平性和把握 · evaluate a scheme, see what its grades hold"""
    from cityforge.brain.api import evaluations as api
    from cityforge.brain.api import snapshots

    snapshot = api.read_snapshot(snapshots.find_snapshot(run))
    with terminal.progress() as tell:
        tell(Text(zh="评价", en="Evaluating"), 0.2)
        found = api.evaluate(snapshot, api.scheme_of(snapshot, scheme), year=year)
        seen = None
        if effects:
            tell(Text(zh="推演", en="Drawing"), 0.5)
            seen = api.effects(found, draws=draws)
    if as_json:
        policy_shown.as_json(api.payload.evaluation(found, seen))
        return
    policy_shown.words_and_tables(
        api.words.evaluation(found, seen, simulated=snapshot.simulated),
        api.tables.evaluation(snapshot.city, found, seen),
    )
