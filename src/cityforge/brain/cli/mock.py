"""cityforge mock: a simulated city's data, as its bureaus would supply them."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from cityforge.brain.cli import terminal
from cityforge.brain.errors import Text


def mock(
    city: Annotated[Path, typer.Argument(help="城市文件夹 · the city folder")],
    out: Annotated[Path, typer.Option(help="写入的文件夹 · where to write the files")],
    as_of: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="截止日 · as-of date")],
    seed: Annotated[int, typer.Option(help="随机种子 · seed")] = 1,
    above_scale: Annotated[int, typer.Option(help="规上企业数 · above-scale enterprises")] = 1500,
    below_scale: Annotated[int, typer.Option(help="规下企业数 · smaller enterprises")] = 3500,
    frame: Annotated[
        Path | None,
        typer.Option(help="真实登记名单（CSV）· hang the figures on real registrations"),
    ] = None,
) -> None:
    """生成一座城市的模拟数据 · simulate a city's data (everything says 模拟数据)"""
    from cityforge.brain import api

    place, _ = api.load(city)
    day = date(as_of.year, as_of.month, as_of.day)
    with terminal.progress():
        made = api.mock(
            place,
            out,
            seed=seed,
            as_of=day,
            above_scale=above_scale,
            below_scale=below_scale,
            frame=frame,
        )
    zh = terminal.language() == "zh"
    heads = (
        ("公布数", "单位", "公布", "模拟", "偏差", "来源")
        if zh
        else (
            "figure",
            "unit",
            "published",
            "mock",
            "deviation",
            "source",
        )
    )
    table = Table(*heads, title="与公布数的核对" if zh else "Held against published figures")
    for line in made.calibration:
        table.add_row(
            line.title if zh else line.title_en,
            line.unit or "",
            f"{line.published:,.2f}",
            f"{line.mock:,.2f}",
            f"{line.deviation:+.2%}",
            line.source,
        )
    terminal.out.print(table)
    terminal.say(
        Text(
            zh=f"模拟数据已写入 {out}：{len(made.files)} 个文件",
            en=f"Simulated data in {out}: {len(made.files)} files",
        )
    )
