"""cityforge check: every Problem of a city folder at once, and its examples."""

from pathlib import Path
from typing import Annotated

import typer

from cityforge.brain.cli import terminal
from cityforge.brain.errors import Text


def check(
    city: Annotated[Path, typer.Argument(help="城市文件夹 · the city folder")],
) -> None:
    """检查城市文件夹，一次列出全部问题并运行样例 · check a city folder and its examples"""
    # Heavy: imported when a command runs, so that --help answers at once.
    from cityforge.brain.api import cities

    checked, examples = cities.check(city)
    terminal.show_problems(checked.problems)
    for example in examples:
        mark = "✓" if example.passed else "✗"
        style = "green" if example.passed else "red"
        terminal.out.print(mark, style=style, end=" ")
        title = example.title
        terminal.say(Text(f"{title.zh}：{example.says.zh}", f"{title.en}: {example.says.en}"))
    failed = [example for example in examples if not example.passed]
    errors = len(checked.errors)
    warnings = len(checked.problems) - errors
    terminal.say(
        Text(
            zh=f"{errors} 个错误，{warnings} 个提醒；样例 {len(examples)} 个，"
            f"不符 {len(failed)} 个",
            en=f"{errors} error(s), {warnings} warning(s); {len(examples)} example(s), "
            f"{len(failed)} wrong",
        )
    )
    if errors or failed:
        raise typer.Exit(10)
