"""cityforge mock: a simulated city's data, as its bureaus would supply them."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
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
    from cityforge.brain.api import cities

    place, _ = cities.load(city)
    day = date(as_of.year, as_of.month, as_of.day)
    with terminal.progress():
        made = cities.mock(
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
        ("公布数", "单位", "公布", "模拟", "偏差", "核实")
        if zh
        else ("figure", "unit", "published", "mock", "deviation", "verified")
    )
    table = Table(
        title="与公布数的核对" if zh else "Held against published figures",
        title_justify="left",
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
    )
    for i, head in enumerate(heads):
        table.add_column(head, justify="right" if i in (2, 3, 4) else "left", overflow="fold")
    for met in made.calibration:
        figure = met.target.figure
        table.add_row(
            figure.title if zh else figure.title_en,
            figure.unit or "",
            f"{figure.value:,.2f}",
            "—" if met.mock is None else f"{met.mock:,.2f}",
            (met.note.say(terminal.language()) if met.note else "—")
            if met.deviation is None
            else f"{met.deviation:+.2%}",
            _VERIFIED[figure.evidence.verified.value].say(terminal.language()),
        )
    terminal.out.print(table)
    for note in made.notes:
        terminal.say(Text(zh=f"· {note.zh}", en=f"· {note.en}"))
    terminal.say(
        Text(
            zh=f"模拟数据已写入 {out}：{made.enterprises:,} 家企业"
            f"（规上 {made.above_scale:,} 家），"
            f"{len(made.rows)} 张表 {sum(made.rows.values()):,} 行，"
            f"其中设错 {len(made.faults):,} 处",
            en=f"Simulated data in {out}: {made.enterprises:,} enterprises "
            f"({made.above_scale:,} above scale), {len(made.rows)} tables, "
            f"{sum(made.rows.values()):,} rows, {len(made.faults):,} planted faults",
        )
    )


_VERIFIED = {
    "official": Text(zh="官方", en="official"),
    "third_party_copy": Text(zh="转载", en="copy"),
    "general_knowledge": Text(zh="通行", en="general"),
    "assumption": Text(zh="设定", en="assumed"),
}
