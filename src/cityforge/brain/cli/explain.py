"""cityforge explain: one enterprise's grade in words."""

from pathlib import Path
from typing import Annotated

import typer

from cityforge.brain.cli import terminal


def explain(
    code: Annotated[str, typer.Argument(help="统一社会信用代码或企业全称 · credit code or name")],
    run: Annotated[Path, typer.Option(help="运行结果文件夹 · snapshot folder")] = Path("runs"),
    scheme: Annotated[str | None, typer.Option(help="评价方案 · the scheme's id")] = None,
) -> None:
    """用文字说明一家企业的评价等次 · say in words how an enterprise got its grade"""
    from cityforge.brain.api import snapshots

    text = snapshots.explain(
        snapshots.find_snapshot(run), code, scheme=scheme, language=terminal.language()
    )
    terminal.out.print(text, markup=False, soft_wrap=True)
