"""cityforge policy: which policies an enterprise may have, and why."""

import typer

from cityforge.brain.cli import (
    policy_best,
    policy_candidates,
    policy_explain,
    policy_lint,
    policy_match,
    policy_new,
    policy_simulate,
)

app = typer.Typer(
    help="政策计算：企业可享什么政策，为什么 · which policies an enterprise may have, and why",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def policy() -> None:
    """政策计算 · policies"""


app.command("match")(policy_match.match)
app.command("explain")(policy_explain.explain)
app.command("best")(policy_best.best)
app.command("simulate")(policy_simulate.simulate)
app.command("candidates")(policy_candidates.candidates)
app.command("lint")(policy_lint.lint)
app.command("new")(policy_new.new)
