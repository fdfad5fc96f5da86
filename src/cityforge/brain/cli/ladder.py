"""cityforge ladder: gradient cultivation of a city, of one rung, of one enterprise."""

from pathlib import Path
from typing import Annotated

import typer

from cityforge.brain.cli import policy_shown, terminal
from cityforge.brain.errors import Text

_LEVELS = ("public", "internal", "confidential")


def ladder(
    rung: Annotated[
        str | None, typer.Argument(help="级的标识；不写则看全景 · id of a rung; without: all")
    ] = None,
    run: Annotated[Path, typer.Option(help="运行结果文件夹 · snapshot folder")] = Path("runs"),
    enterprise: Annotated[
        str | None, typer.Option(help="一家企业：统一社会信用代码或全称 · credit code or name")
    ] = None,
    ladder: Annotated[
        str | None, typer.Option(help="梯度标识，默认第一个 · id of the ladder; the first without")
    ] = None,
    library: Annotated[
        bool,
        typer.Option("--library", help="培育库：谁进、谁升、谁出、为什么 · who moved, and why"),
    ] = False,
    before: Annotated[
        Path | None,
        typer.Option(help="与这次较早的运行比较，默认与一年前 · an earlier run to compare with"),
    ] = None,
    excel: Annotated[
        Path | None, typer.Option(help="写成 Excel，含全部名单 · write all lists as a workbook")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="在此文件夹写网页 · write the page into this folder")
    ] = None,
    show: Annotated[
        str, typer.Option(help="列出数值的最高密级：public、internal、confidential · values up to")
    ] = "internal",
    *,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON · as JSON")] = False,
) -> None:
    """梯度培育：谁在哪一级、下一级还差什么、培育库、到期、推算 · who stands where, what is next"""
    from cityforge.brain.api import ladders, snapshots

    if show not in _LEVELS:
        raise typer.BadParameter(f"--show：{' | '.join(_LEVELS)}")
    folder = snapshots.find_snapshot(run)
    if enterprise is not None:
        for option, value in (("--excel", excel), ("--out", out), ("--before", before)):
            if value is not None:
                raise typer.BadParameter(f"{option}：全市才有 · of the whole city only")
        _enterprise(folder, enterprise, ladder, rung, as_json=as_json)
        return
    with terminal.progress() as tell:
        earlier = snapshots.find_snapshot(before) if before is not None else None
        found = ladders.of_city(folder, ladder, before=earlier, upto=show, tell=tell)
    step = ladders.step_of(found.ground, rung) if rung is not None else None
    written = []
    if excel is not None:
        written.append(ladders.write_workbook(found, excel, language=terminal.language()))
    if out is not None:
        written.append(ladders.write_page(found, out, first=terminal.language()))
    if as_json:
        named = [rung] if rung else [one.id for one in found.steps] if library else []
        policy_shown.as_json(ladders.city_payload(found, people=named))
        return
    if step is not None:
        tables = [ladders.states_table(found, step), ladders.clauses_table(found, step)]
        if step.rule is None:
            tables = tables[:1]
        if library or step.rule is not None:
            tables.append(ladders.library_table(found, step))
        if step.id in found.moves:
            tables.append(ladders.moved_table(found, step))
        tables.append(ladders.expiring_table(found, step))
        policy_shown.words_and_tables(
            ladders.rung_words(found, step.id), [table for table in tables if table.rows]
        )
        terminal.out.print()
        terminal.say(ladders.city_notes(found)[-1])
    elif library:
        tables = [ladders.moves_table(found)] if found.moves else []
        tables += [
            ladders.moved_table(found, one, most=10)
            for one in found.steps
            if one.rule is not None and one.id in found.moves
        ]
        policy_shown.words_and_tables(
            ladders.city_words(found), [table for table in tables if table.rows]
        )
        _notes(ladders.city_notes(found))
    else:
        tables = [
            ladders.funnel_table(found),
            ladders.districts_table(found),
            ladders.gaps_table(found),
            *([ladders.moves_table(found)] if found.moves else []),
            ladders.outlook_table(found),
            ladders.progress_table(found),
            ladders.expiring_table(found, most=10),
        ]
        policy_shown.words_and_tables(
            ladders.city_words(found), [table for table in tables if table.rows]
        )
        _notes(ladders.city_notes(found))
    for file in written:
        terminal.say(Text(zh=f"已写入 {file}", en=f"Wrote {file}"))


def _enterprise(
    folder: Path, who: str, name: str | None, rung: str | None, *, as_json: bool
) -> None:
    from cityforge.brain.api import ladders

    found = ladders.of_enterprise(folder, who, name)
    if as_json:
        policy_shown.as_json(ladders.enterprise_payload(found))
        return
    if rung is None:
        policy_shown.words_and_tables(
            ladders.enterprise_words(found), ladders.enterprise_tables(found)
        )
        return
    step = ladders.step_of(found.ground, rung)
    place = next(place for place in found.places if place.step.id == step.id)
    policy_shown.words_and_tables(
        ladders.place_words(found, place), ladders.place_tables(found, place)
    )


def _notes(lines: list[Text]) -> None:
    terminal.out.print()
    for line in lines:
        terminal.say(line)
