"""cityforge evaluate write: a result as bureaus publish it, report it and hand it on."""

from pathlib import Path
from typing import Annotated, Literal, cast

import typer

from cityforge.brain.cli import terminal
from cityforge.brain.errors import Text


def write(
    scheme: Annotated[str | None, typer.Argument(help="评价方案标识 · the scheme's id")] = None,
    run: Annotated[Path, typer.Option(help="运行结果文件夹 · snapshot folder")] = Path("runs"),
    year: Annotated[int | None, typer.Option(help="评价年度 · year of evaluation")] = None,
    excel: Annotated[Path | None, typer.Option(help="结果表 .xlsx · results as a workbook")] = None,
    word: Annotated[Path | None, typer.Option(help="评价报告 .docx · the report")] = None,
    pdf: Annotated[Path | None, typer.Option(help="评价报告 .pdf · the report")] = None,
    publicity: Annotated[
        Path | None, typer.Option(help="公示名单 .csv、.xlsx 或 .pdf · the list for publicity")
    ] = None,
    follow_up: Annotated[
        Path | None, typer.Option(help="末等企业整治跟踪表 .xlsx · follow-up of the last grade")
    ] = None,
    electricity: Annotated[
        Path | None, typer.Option(help="供电企业用的等次文件 .csv · the file for the grid")
    ] = None,
    water: Annotated[
        Path | None, typer.Option(help="供水企业用的等次文件 .csv · the file for water works")
    ] = None,
) -> None:
    """写出结果表、报告、公示名单、跟踪表、等次文件 · write results, report, lists, grade files"""
    from cityforge.brain.api import evaluation_files as api
    from cityforge.brain.api import snapshots

    language = terminal.language()
    snapshot = api.read_snapshot(snapshots.find_snapshot(run))
    wanted = {
        "excel": excel,
        "word": word,
        "pdf": pdf,
        "publicity": publicity,
        "follow_up": follow_up,
        "electricity": electricity,
        "water": water,
    }
    asked = {name: file for name, file in wanted.items() if file is not None}
    if not asked:
        raise typer.BadParameter("--excel、--word、--pdf …：写明要哪些文件 · name a file to write")
    with terminal.progress() as tell:
        tell(Text(zh="评价", en="Evaluating"), 0.1)
        results = api.of_years(snapshot, api.scheme_of(snapshot, scheme), year=year)
        for i, (name, file) in enumerate(asked.items()):
            tell(Text(zh=f"写 {file.name}", en=f"Writing {file.name}"), 0.3 + 0.7 * i / len(asked))
            if name == "excel":
                api.write_workbook(results, file, language=language)
            elif name == "word":
                api.write_report_word(results, file, language=language)
            elif name == "pdf":
                api.write_report_pdf(results, file, language=language)
            elif name == "publicity":
                api.PUBLICITY[_ending(file)](results, file, language=language)
            elif name == "follow_up":
                api.write_follow_up(results, file, language=language)
            else:
                resource = cast(Literal["electricity", "water"], name)
                api.write_grade_file(results, file, resource=resource, language=language)
    for file in asked.values():
        terminal.say(Text(zh=f"已写出：{file}", en=f"written: {file}"))


def _ending(file: Path) -> str:
    ending = file.suffix.lower()
    if ending not in (".csv", ".xlsx", ".pdf"):
        raise typer.BadParameter("--publicity：.csv、.xlsx 或 .pdf · .csv, .xlsx or .pdf")
    return ending


def letter(
    code: Annotated[str, typer.Argument(help="统一社会信用代码或企业全称 · credit code or name")],
    scheme: Annotated[str | None, typer.Option(help="评价方案标识 · the scheme's id")] = None,
    run: Annotated[Path, typer.Option(help="运行结果文件夹 · snapshot folder")] = Path("runs"),
    year: Annotated[int | None, typer.Option(help="评价年度 · year of evaluation")] = None,
    html: Annotated[Path | None, typer.Option(help="网页 .html · as a page")] = None,
    pdf: Annotated[Path | None, typer.Option(help="PDF 一页 · as one sheet")] = None,
) -> None:
    """给企业的一页告知书：结果、原因、怎样升等、怎样提异议 · one sheet for an enterprise"""
    from cityforge.brain.api import evaluation_files as api
    from cityforge.brain.api import snapshots

    if html is None and pdf is None:
        raise typer.BadParameter("--html 或 --pdf · name --html or --pdf")
    snapshot = api.read_snapshot(snapshots.find_snapshot(run))
    with terminal.progress() as tell:
        tell(Text(zh="评价", en="Evaluating"), 0.2)
        results = api.of_years(snapshot, api.scheme_of(snapshot, scheme), year=year)
        sure = api.sureness_of(results.now)
        for file, written in ((html, api.write_letter_html), (pdf, api.write_letter_pdf)):
            if file is not None:
                written(results, code, file, sure=sure, language=terminal.language())
    for file in (html, pdf):
        if file is not None:
            terminal.say(Text(zh=f"已写出：{file}", en=f"written: {file}"))
