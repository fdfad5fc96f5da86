"""Where the files of others stand that a report carries inside: charts and fonts, and its own."""

from pathlib import Path

from cityforge.brain.errors import RunRefused, Text

HERE = Path(__file__).parent
VENDOR = HERE / "vendor"

ECHARTS = "echarts.min.js"
REGULAR = "NotoSansSC_400Regular.ttf"
SEMIBOLD = "NotoSansSC_600SemiBold.ttf"


def vendor(name: str) -> Path:
    """A front-end file that npm fetched; they are not committed, so it may be absent.

    Raises RunRefused with the command that brings it.
    """
    path = VENDOR / name
    if not path.is_file():
        raise RunRefused(
            Text(
                zh=f"缺少前端文件 {name}，无法生成报告；请在项目根目录运行 make assets",
                en=f"The report needs {name}, which is absent; run 'make assets' in the checkout.",
            )
        )
    return path


def own(name: str) -> str:
    """The text of one of the report's own files: template, style, script, messages."""
    return (HERE / name).read_text(encoding="utf-8")
