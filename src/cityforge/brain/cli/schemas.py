"""cityforge schemas: the JSON Schemas of a city's files, for editors."""

from pathlib import Path
from typing import Annotated

import typer


def schemas(
    folder: Annotated[Path, typer.Argument(help="写入的文件夹 · where to write them")],
) -> None:
    """写出城市文件的 JSON Schema，供编辑器使用 · write the JSON Schemas for editors"""
    from cityforge.brain.api import cities

    cities.write_schemas(folder)
