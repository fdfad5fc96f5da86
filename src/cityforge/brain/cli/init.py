"""cityforge init: a new city's skeleton."""

from pathlib import Path
from typing import Annotated

import typer

from cityforge.brain.cli import terminal
from cityforge.brain.errors import Text


def init(
    folder: Annotated[Path, typer.Argument(help="新文件夹 · the new folder")],
    name: Annotated[str, typer.Option(help="城市名称 · the city's name")] = "示例市",
    name_en: Annotated[str, typer.Option(help="英文名称 · its English name")] = "Sample City",
) -> None:
    """新建一个城市文件夹的样板 · write the skeleton of a new city folder"""
    from cityforge.brain.api import cities

    files = cities.init(folder, title=name, title_en=name_en)
    for file in files:
        terminal.out.print(f"  {file}", markup=False)
    terminal.say(
        Text(
            zh=f"已建 {len(files)} 个文件。改好后运行：cityforge check {folder}",
            en=f"{len(files)} files written. Edit them, then: cityforge check {folder}",
        )
    )
