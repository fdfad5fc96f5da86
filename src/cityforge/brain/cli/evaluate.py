"""cityforge evaluate: a scheme on the facts of a run, why, what if, who moves."""

import typer

from cityforge.brain.cli import (
    evaluate_compare,
    evaluate_correct,
    evaluate_lint,
    evaluate_proceeding,
    evaluate_run,
    evaluate_what_if,
    evaluate_why,
    evaluate_write,
)

app = typer.Typer(
    help="企业评价：等次、原因、怎样升等、方案变动的影响 · grades, why, what would change them",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def evaluate() -> None:
    """企业评价 · evaluation"""


app.command("run")(evaluate_run.run)
app.command("why")(evaluate_why.why)
app.command("compare")(evaluate_compare.compare)
app.command("what-if")(evaluate_what_if.what_if)
app.command("correct")(evaluate_correct.correct)
app.command("write")(evaluate_write.write)
app.command("letter")(evaluate_write.letter)
app.command("lint")(evaluate_lint.lint)
app.command("diff")(evaluate_lint.diff)
app.add_typer(evaluate_proceeding.app, name="proceeding")
