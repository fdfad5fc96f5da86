"""cityforge policy new: the file of a new policy, from a template."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from cityforge.brain.cli import terminal
from cityforge.brain.errors import Text


def new(
    city: Annotated[Path, typer.Argument(help="城市文件夹 · the city folder")],
    name: Annotated[str, typer.Argument(metavar="ID", help="政策标识，即文件名 · the policy's id")],
    title: Annotated[str, typer.Option(help="政策名称 · the policy's title")],
    template: Annotated[
        str,
        typer.Option(
            "--from",
            help="样板：award 称号奖励、title 认定、rate 比例、tiers 分档、interest 贴息、"
            "instalments 分期 · the template",
        ),
    ] = "rate",
    day: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="生效日期，缺省今天 · first day in force; today"),
    ] = None,
) -> None:
    """由样板新建一项政策文件，不覆盖已有的 · write a new policy's file; nothing is overwritten"""
    from cityforge.brain.api import cities, intake, policies

    first = day.date() if day is not None else date.fromisoformat(intake.now()[:10])
    file = policies.new(*cities.load(city), name, title=title, template=template, day=first)
    words = policies.TEMPLATES[template]
    terminal.say(
        Text(
            zh=f"已写入 {file}（{words.zh}）。改好后运行：cityforge check {city}，"
            f"再运行 cityforge policy lint {city} --policy {name}",
            en=f"written: {file} ({words.en}). Fill it, then: cityforge check {city}, "
            f"and cityforge policy lint {city} --policy {name}",
        )
    )
