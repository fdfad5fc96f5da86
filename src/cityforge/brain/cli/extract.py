"""cityforge extract: place, capital and industry out of the free text of a file."""

from pathlib import Path
from typing import Annotated

import typer

from cityforge.brain.cli import terminal
from cityforge.brain.errors import Text


def extract(
    city: Annotated[Path, typer.Argument(help="城市文件夹 · the city folder")],
    file: Annotated[Path, typer.Argument(help="企业名单文件 · a file of enterprises")],
    out: Annotated[Path, typer.Option(help="结果 .parquet/.xlsx/.csv · where to write")],
    dataset: Annotated[
        str | None, typer.Option(help="按哪份数据合同认表头 · contract of the headers")
    ] = None,
) -> None:
    """从住所、注册资本、经营范围文字中提取 · read address, capital and scope"""
    from cityforge.brain.api import extraction

    with terminal.progress() as tell:
        made = extraction.extract(city, file, out=out, dataset=dataset, tell=tell)
    for table in made.tables:
        terminal.show_table(table)
    for remark in made.remarks:
        terminal.say(Text(zh=f"· {remark.zh}", en=f"· {remark.en}"))
    if made.set_aside:
        terminal.say(
            Text(
                zh=f"· 合计行、附注行 {made.set_aside:,} 行，不提取",
                en=f"· {made.set_aside:,} rows of totals and notes are set aside",
            )
        )
    terminal.say(
        Text(
            zh="▲ 区县、行业由文字认出或推断，不是登记事实；推测的不作处置依据",
            en="▲ District and industry are read or inferred from words, not registered facts;"
            " treat nobody on a guess",
        )
    )
    terminal.say(
        Text(
            zh=f"结果：{made.out}（{made.rows:,} 行）", en=f"Wrote {made.out} ({made.rows:,} rows)"
        )
    )
