"""cityforge policy match: every policy against every enterprise."""

from pathlib import Path
from typing import Annotated

import typer

from cityforge.brain.cli import policy_shown, spark_asked, terminal
from cityforge.brain.errors import Text


def match(
    run: Annotated[Path, typer.Option(help="运行结果文件夹 · snapshot folder")] = Path("runs"),
    policy: Annotated[
        list[str] | None, typer.Option(help="只看这些政策，标识或名称 · only these, by id or title")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="重新匹配（范本也可），写到此文件夹 · match anew, into this folder"),
    ] = None,
    engine: Annotated[
        str, typer.Option(help="duckdb、local[2] 或 spark://… · duckdb, local[2] or spark://host")
    ] = spark_asked.HERE,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON · as JSON")] = False,
) -> None:
    """每项政策有多少企业符合、暂不符合、信息不足 · how many may have each policy"""
    from cityforge.brain.api import matched, snapshots

    snapshot = matched.read_snapshot(snapshots.find_snapshot(run))
    if out is not None:
        by = None if engine == spark_asked.HERE else spark_asked.api(engine).match_on_spark(engine)
        with terminal.progress() as tell:
            doing = Text(zh="匹配政策", en="Matching policies")
            tell(doing, 0.0)
            rows = matched.match_again(
                snapshot, out, only=policy or (), by=by, say=lambda share: tell(doing, share)
            )
    elif engine != spark_asked.HERE:
        raise typer.BadParameter("--engine：写明 --out · name --out, too")
    found = matched.read_matched(snapshot, out)
    if policy:
        found = matched.only_named(snapshot, found, policy)
    if as_json:
        policy_shown.as_json(
            {
                "as_of": snapshot.as_of.isoformat(),
                "simulated": snapshot.simulated,
                "policies": [one.payload for one in found],
            }
        )
        return
    for line in matched.matched_marks(snapshot, found):
        terminal.say(line)
    terminal.show_table(matched.matched_table(found))
    terminal.say(matched.matched_sentence(snapshot, found))
    if out is not None:
        written = sum(rows.values())
        terminal.say(Text(zh=f"写入 {out}：{written:,} 行", en=f"{out}: {written:,} rows written"))
