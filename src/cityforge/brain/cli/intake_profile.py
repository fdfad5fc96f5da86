"""cityforge intake profile: what came, how fresh, how sound, whom to ask for what."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from cityforge.brain.cli import terminal
from cityforge.brain.errors import Text


def profile(
    city: Annotated[Path, typer.Argument(help="城市文件夹 · the city folder")],
    data: Annotated[Path, typer.Option(help="数据文件夹 · the folder of data")],
    as_of: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="截止日 · as-of date")],
    out: Annotated[Path | None, typer.Option(help="写成一个网页 · write one HTML page")] = None,
    dataset: Annotated[
        str | None, typer.Option(help="只看一个数据集 · look at one dataset")
    ] = None,
    threads: Annotated[int | None, typer.Option(help="线程数 · threads")] = None,
) -> None:
    """数据概况：新不新、全不全、对不对得上 · profile the data: fresh, complete, in agreement?"""
    from cityforge.brain.api import intake

    place, _ = intake.load(city)
    if dataset is not None:
        dataset = intake.named_dataset(place, dataset).id
    day = date(as_of.year, as_of.month, as_of.day)
    with terminal.progress() as tell:
        found = intake.profile_data(place, data, as_of=day, threads=threads, tell=tell)
        if out is not None:
            tell(Text(zh="生成网页", en="Drawing the page"), 0.98)
            intake.write_profile(found, out)
    if found.simulated:
        terminal.say(
            Text(
                zh="▲ 模拟数据：以下结果不代表任何真实企业",
                en="▲ Simulated data: nothing below is about a real enterprise",
            )
        )
    for table in intake.profile_tables(found, dataset=dataset):
        terminal.show_table(table)
    if dataset is None:
        terminal.say(intake.profile_sentence(found))
    for each in found.datasets:
        if dataset in (None, each.id):
            terminal.show_problems(each.refused)
    if out is not None:
        terminal.say(Text(zh=f"网页：{out}", en=f"Page: {out}"))
