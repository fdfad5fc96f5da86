"""cityforge policy: which policies an enterprise may have, and why."""

from pathlib import Path
from typing import Annotated

import typer

from cityforge.brain.cli import policy_candidates, policy_lint, policy_simulate, terminal

app = typer.Typer(
    help="政策计算：企业可享什么政策，为什么 · which policies an enterprise may have, and why",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def policy() -> None:
    """政策计算 · policies"""


@app.command("explain")
def explain(
    code: Annotated[str, typer.Argument(help="统一社会信用代码或企业全称 · credit code or name")],
    run: Annotated[Path, typer.Option(help="运行结果文件夹 · snapshot folder")] = Path("runs"),
) -> None:
    """一家企业的政策体检：可享、还差、缺资料 · the policy check-up of one enterprise"""
    from cityforge.brain.api import policies, snapshots

    text = policies.explain(snapshots.find_snapshot(run), code, language=terminal.language())
    terminal.out.print(text, markup=False, soft_wrap=True)


app.command("simulate")(policy_simulate.simulate)
app.command("candidates")(policy_candidates.candidates)
app.command("lint")(policy_lint.lint)
