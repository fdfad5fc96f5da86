"""docs/reference/errors.md: what a caller may catch, and the exit code of each kind."""

import inspect

from cityforge.brain import errors
from generator import markdown
from generator.markdown import code, table

_WORDS = {
    "CityForgeError": "本程序有意报告的各种错误的总称",
    "ValueRefused": "一个值（代码、期间、数量）读不出来",
    "ProblemsFound": "文件或文件夹中有问题，一次列全",
    "CityRefused": "城市文件夹不能运行",
    "DataRefused": "数据不能按合同读入",
    "EngineFailed": "表格引擎出错，或快照不能写入",
    "RunRefused": "所要的运行或快照不存在或不合用",
}
EXITS = (
    ("0", "正常", "fine"),
    ("1", "程序缺陷，请报告", "a bug; please report it"),
    ("2", "命令写法有误", "usage"),
    ("10", "城市文件夹有错误，或样例不符", "the city folder has errors, or an example is wrong"),
    ("11", "数据或值有误", "data or a value"),
    ("12", "引擎出错，或复算不一致", "the engine failed, or a replay differs"),
    ("13", "要的运行、快照或参数不合用", "what was asked of a run does not fit"),
)

SHAPE = """
## 一个问题的样子 · the shape of a Problem

`文件:行:列  什么不对`，下一行 `→ 怎么改`。行、列从 1 起；表达式里的问题指到字符。
检查从不在第一个错误处停下：一次列出全部问题，同一处错误不引出一串。

`file:line:column  what is wrong`, then `→ what to do`. Lines and columns count from 1; inside an
expression the column points at the character. A check never stops at the first error.
"""


def page() -> str:
    """Exit codes and the tree of errors."""
    rows = [
        [
            code(name),
            code(kind.__mro__[1].__name__),
            str(kind.exit_code),
            _WORDS[name],
            (inspect.getdoc(kind) or "").splitlines()[0],
        ]
        for name, kind in vars(errors).items()
        if inspect.isclass(kind) and issubclass(kind, errors.CityForgeError)
    ]
    heads = ["错误 · error", "属于 · is a", "退出码 · exit", "中文", "English"]
    exits = table(["退出码 · exit code", "含义", "meaning"], EXITS)
    return markdown.page(
        "退出码与错误 · Exit codes and errors",
        f"## 退出码 · exit codes\n\n{exits}",
        SHAPE,
        f"## 程序接口的错误 · errors of the library\n\n{table(heads, rows)}",
    )
