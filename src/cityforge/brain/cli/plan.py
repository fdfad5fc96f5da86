"""cityforge plan: official plans read, checked, compared, imported and viewed."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cityforge.brain.cli import terminal
from cityforge.brain.errors import Text

app = typer.Typer(
    help="读行动计划：举措、目标、责任单位 · read action plans",
    no_args_is_help=True,
    rich_markup_mode=None,
)


class Format(StrEnum):
    """How a reading is printed."""

    TREE = "tree"
    JSON = "json"
    YAML = "yaml"


File = Annotated[Path, typer.Argument(help="计划文本：txt、docx、html、pdf · the plan's text")]
Overlay = Annotated[
    Path | None, typer.Option("--corrections", help="人工更正的 YAML · corrections made by people")
]


@app.command("read")
def read(
    file: File,
    format: Annotated[Format, typer.Option(help="输出格式 · output format")] = Format.TREE,
    corrections: Overlay = None,
) -> None:
    """读一份计划，打印读出的全部内容 · read a plan and print all that was read"""
    from cityforge.brain.api import plans

    reading = plans.read_plan(file, corrections=corrections)
    text = {
        Format.TREE: lambda: plans.plan_tree(reading, terminal.language()),
        Format.JSON: lambda: plans.plan_json(reading),
        Format.YAML: lambda: plans.plan_yaml(reading),
    }[format]()
    typer.echo(text, nl=False)


@app.command("check")
def check(
    file: File,
    city: Annotated[
        Path | None, typer.Option(help="城市文件夹，用来核对责任单位 · a city, for its units")
    ] = None,
    corrections: Overlay = None,
) -> None:
    """找计划内部的矛盾 · find conflicts inside a plan"""
    from cityforge.brain.api import plans

    problems = plans.check_plan(file, city=city, corrections=corrections)
    terminal.show_problems(problems)
    errors = sum(1 for problem in problems if problem.severity == "error")
    warnings = len(problems) - errors
    terminal.say(
        Text(
            zh=f"矛盾 {errors} 处，提醒 {warnings} 处",
            en=f"{errors} conflicts, {warnings} warnings",
        )
    )
    if errors:
        raise typer.Exit(10)


@app.command("diff")
def diff(
    old: Annotated[Path, typer.Argument(help="旧文本 · the old text")],
    new: Annotated[Path, typer.Argument(help="新文本 · the new text")],
) -> None:
    """比较两个版本：改了哪些举措和目标 · what a revision changed"""
    from cityforge.brain.api import plans

    sentences = plans.compare_plans(plans.read_plan(old), plans.read_plan(new))
    for sentence in sentences:
        terminal.say(Text(zh=f"· {sentence.zh}", en=f"· {sentence.en}"))
    count = len(sentences)
    terminal.say(Text(zh=f"共 {count} 处不同", en=f"{count} differences"))


@app.command("import")
def import_(
    file: File,
    city: Annotated[Path, typer.Argument(help="城市文件夹 · the city folder")],
    corrections: Overlay = None,
    yes: Annotated[bool, typer.Option("--yes", help="不再询问，直接写入 · write at once")] = False,
    title_en: Annotated[str | None, typer.Option(help="英文标题 · the title in English")] = None,
    from_year: Annotated[int | None, typer.Option(help="起始年 · first year of the plan")] = None,
    to_year: Annotated[int | None, typer.Option(help="终止年 · last year of the plan")] = None,
) -> None:
    """把计划写入城市的 plan.yaml，保留人工修改 · import a plan, keeping people's edits"""
    from cityforge.brain.api import plans

    proposal = plans.propose_plan(
        plans.read_plan(file, corrections=corrections),
        city,
        title_en=title_en,
        from_year=from_year,
        to_year=to_year,
    )
    for sentence in proposal.differences:
        terminal.say(Text(zh=f"· {sentence.zh}", en=f"· {sentence.en}"))
    for name in proposal.unknown_units:
        terminal.say(
            Text(
                zh=f"· units.yaml 里没有“{name}”，未写入",
                en=f"· units.yaml does not know {name}: left out",
            )
        )
    if not proposal.differences:
        terminal.say(Text(zh="没有不同，无需写入", en="nothing differs"))
        return
    question = Text(zh="写入 plan.yaml？", en="Write plan.yaml?").say(terminal.language())
    if yes or typer.confirm(question):
        proposal.write()
        terminal.say(Text(zh="已写入 plan.yaml", en="plan.yaml written"))


@app.command("view")
def view(
    file: File,
    out: Annotated[Path, typer.Option(help="写入的网页 · the page to write")] = Path("plan.html"),
    corrections: Overlay = None,
) -> None:
    """生成核对网页：左边原文，右边读法 · a page with the text beside its reading"""
    from cityforge.brain.api import plans

    plans.write_plan_view(plans.read_plan(file, corrections=corrections), out)
    terminal.say(Text(zh=f"已写入 {out}", en=f"written: {out}"))
