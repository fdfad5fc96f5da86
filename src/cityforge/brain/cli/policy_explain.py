"""cityforge policy explain: the policy check-up of one enterprise."""

from pathlib import Path
from typing import Annotated

import typer

from cityforge.brain.cli import terminal
from cityforge.brain.errors import Text


def explain(
    code: Annotated[str, typer.Argument(help="统一社会信用代码或企业全称 · credit code or name")],
    run: Annotated[Path, typer.Option(help="运行结果文件夹 · snapshot folder")] = Path("runs"),
    policy: Annotated[
        str | None,
        typer.Option(help="只看一项政策（标识或名称），逐条 · one policy, clause by clause"),
    ] = None,
    declare: Annotated[
        list[str] | None,
        typer.Option(
            help="企业自报的事实，如 营业收入=500万元 · a declared fact, as revenue=500万元"
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON · as JSON")] = False,
    html: Annotated[
        Path | None, typer.Option(help="另存为网页 · write the page as HTML here")
    ] = None,
    pdf: Annotated[
        Path | None, typer.Option(help="另存为 PDF · write the page as PDF here")
    ] = None,
) -> None:
    """一家企业的政策体检：可享、还差、缺什么 · the policy check-up of one enterprise"""
    from cityforge.brain.api import check_ups, snapshots

    language = terminal.language()
    with terminal.progress() as tell:
        tell(Text(zh="读取运行结果，逐项对照", en="Reading the run, judging each policy"), 0.1)
        folder = snapshots.find_snapshot(run)
        found = check_ups.of_enterprise(folder, code, declare=declare or ())
        one = check_ups.one_of(found, policy) if policy is not None else None
        tell(Text(zh="成文", en="Writing"), 0.6)
        if html is not None:
            check_ups.write_html(found, html, first=language)
        if pdf is not None:
            check_ups.write_pdf(found, pdf, language=language)
    if as_json:
        data = check_ups.payload(found) if one is None else check_ups.one_payload(found, one)
        terminal.out.print_json(data=data)
        return
    if one is None:
        text = check_ups.say(found, language=language)
    else:
        text = check_ups.say_one(found, one, language=language)
    terminal.out.print(text, markup=False, soft_wrap=True)
    for path in (html, pdf):
        if path is not None:
            terminal.say(Text(zh=f"已写入 {path}", en=f"Written: {path}"))
