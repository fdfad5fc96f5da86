"""cityforge diagnose: questionnaires given out, judged, and counted over a city."""

from pathlib import Path
from typing import Annotated

import typer

from cityforge.brain.cli import policy_shown, terminal
from cityforge.brain.errors import Text

app = typer.Typer(
    help="问卷诊断：数字化水平、成熟度、智能工厂 · diagnoses by questionnaire",
    no_args_is_help=True,
    rich_markup_mode=None,
)
_City = Annotated[Path, typer.Argument(help="城市文件夹 · the city folder")]
_Run = Annotated[
    Path | None,
    typer.Option("--run", help="运行结果文件夹，用其事实预填 · snapshot whose facts fill in"),
]
_Who = Annotated[
    str | None,
    typer.Option(help="企业的统一社会信用代码或全称 · the enterprise's code or name"),
]
_Json = Annotated[bool, typer.Option("--json", help="输出 JSON · as JSON")]


@app.callback()
def diagnose() -> None:
    """问卷诊断 · diagnoses"""


@app.command("template")
def template(
    city: _City,
    name: Annotated[
        str, typer.Argument(metavar="ID", help="诊断标识，即文件名 · the diagnosis's id")
    ],
    out: Annotated[Path, typer.Option(help="写成 Excel 问卷 · the workbook to write")],
    run: _Run = None,
    enterprise: _Who = None,
) -> None:
    """生成 Excel 问卷，可预填城市已知的答案 · a questionnaire to fill in, as a workbook"""
    from cityforge.brain.api import cities, diagnoses, snapshots

    if (run is None) != (enterprise is None):
        raise typer.BadParameter("--run、--enterprise 须同时写 · both, or neither")
    loaded, book = cities.load(city)
    known = None
    if run is not None and enterprise is not None:
        snapshot = snapshots.find_snapshot(run)
        known = diagnoses.known_of(loaded, book, name, snapshot, enterprise)
    diagnoses.write_template(diagnoses.diagnosis_of(loaded, name), out, known=known)
    terminal.say(Text(zh=f"已写入 {out}", en=f"Written: {out}"))
    if known is not None:
        count = len(known.result.answers.given)
        terminal.say(
            Text(zh=f"按城市数据预填 {count} 题", en=f"{count} filled in from the city's data")
        )


@app.command("enterprise")
def enterprise(
    city: _City,
    answers: Annotated[
        Path, typer.Option(help="回答：.yaml 或 .xlsx · the answers, .yaml or .xlsx")
    ],
    run: _Run = None,
    enterprise: _Who = None,
    as_json: _Json = False,
    html: Annotated[
        Path | None, typer.Option(help="另存为网页 · write the report as HTML here")
    ] = None,
    pdf: Annotated[
        Path | None, typer.Option(help="另存为 PDF · write the report as PDF here")
    ] = None,
) -> None:
    """一家企业的诊断：得分、等级、最省的三种改进 · score, level and the cheapest improvements"""
    from cityforge.brain.api import cities, diagnoses, snapshots

    loaded, book = cities.load(city)
    snapshot = snapshots.find_snapshot(run) if run is not None else None
    found = diagnoses.of_file(loaded, book, answers, run=snapshot, who=enterprise)
    if html is not None:
        diagnoses.write_html(found, html, first=terminal.language())
    if pdf is not None:
        diagnoses.write_pdf(found, pdf, language=terminal.language())
    if as_json:
        policy_shown.as_json(diagnoses.payload(found))
        return
    policy_shown.words_and_tables(diagnoses.words(found), diagnoses.tables(found))
    note = diagnoses.ways_note(found)
    if note.zh:
        terminal.say(note)
    for path in (html, pdf):
        if path is not None:
            terminal.say(Text(zh=f"已写入 {path}", en=f"Written: {path}"))


@app.command("city")
def of_city(
    city: _City,
    answers: Annotated[
        Path, typer.Option(help="回答所在的文件夹 · the folder that holds the answers")
    ],
    run: _Run = None,
    as_json: _Json = False,
) -> None:
    """全市诊断统计：等级分布、最弱的题、覆盖率 · levels by group, weakest questions, coverage"""
    from cityforge.brain.api import cities, diagnoses, snapshots

    loaded, book = cities.load(city)
    snapshot = snapshots.find_snapshot(run) if run is not None else None
    with terminal.progress() as tell:
        found = diagnoses.of_folder(loaded, book, answers, run=snapshot, tell=tell)
    if as_json:
        policy_shown.as_json(diagnoses.city_payload(found))
        return
    terminal.show_problems(found.problems)
    policy_shown.words_and_tables(diagnoses.city_words(found), diagnoses.city_tables(found))
