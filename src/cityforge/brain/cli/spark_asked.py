"""The option `--engine` where a command may run on Spark."""

import re
from types import ModuleType

from cityforge.brain.errors import EngineFailed, Text

HERE = "duckdb"
_MASTER = re.compile(r"local(\[(\d+|\*)(,\d+)?\])?|spark://[^/,:]+:\d+(,[^/,:]+:\d+)*")


def api(master: str) -> ModuleType:
    """The public face of what runs on Spark.

    Raises EngineFailed where the engine's name is none, or the extra `spark` is not installed.
    """
    if not _MASTER.fullmatch(master):
        raise EngineFailed(
            Text(
                zh=f"没有引擎“{master}”：写 {HERE}、local[2] 或 spark://主机:端口",
                en=f"no engine '{master}': write {HERE}, local[2] or spark://host:port",
            )
        )
    try:
        from cityforge.brain.api import spark
    except ModuleNotFoundError as error:
        raise EngineFailed(
            Text(
                zh=f"没有安装 {error.name}：uv pip install 'cityforge[spark]'",
                en=f"{error.name} is not installed: uv pip install 'cityforge[spark]'",
            )
        ) from error
    return spark
