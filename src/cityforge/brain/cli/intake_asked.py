"""Importing one file in talk with a person: show, warn, ask, take. Loaded only when needed."""

from dataclasses import dataclass
from pathlib import Path

import typer

from cityforge.brain.api import intake
from cityforge.brain.cli import intake_shown, terminal
from cityforge.brain.errors import CityForgeError, Text


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person said beforehand: who, no questions, in spite of alarms, rejects where."""

    by: str
    yes: bool
    even_so: bool
    rejects: Path | None


def choose(
    city: intake.City, files: list[Path], dataset: str | None
) -> list[tuple[Path, intake.Choice]]:
    """The dataset of each file; the frame first, for the others are held against it."""
    chosen = [(file, intake.choose_dataset(city, file, asked=dataset)) for file in files]
    titles = [choice.dataset.title for _, choice in chosen]
    twice = sorted({title for title in titles if titles.count(title) > 1})
    if twice:
        names = "、".join(twice)
        raise typer.BadParameter(
            Text(
                zh=f"两个文件属于同一数据集：{names}；请分次导入",
                en=f"two files of one dataset: {names}; import one after the other",
            ).say(terminal.language())
        )
    return sorted(chosen, key=lambda pair: not pair[1].dataset.frame)


def import_one(
    city: intake.City, data: Path, file: Path, choice: intake.Choice, wishes: Wishes
) -> bool:
    """Import one file; False when it was refused, with the reason told."""
    dataset = choice.dataset
    if choice.how == "headers":
        terminal.say(
            Text(
                zh=f"{file.name}：按表头（{choice.matched} 列相符）认作“{dataset.title}”",
                en=f"{file.name}: taken for '{dataset.title_en}' by {choice.matched} headers",
            )
        )
    try:
        with (
            terminal.progress() as tell,
            intake.consider(city, data, dataset, file, tell=tell, to_take=True) as held,
        ):
            tell(Text(zh="完成", en="Done"), 1.0)
            return _decide(held, wishes)
    except CityForgeError as error:
        terminal.show_error(error)
        return False


def _decide(held: intake.Candidate, wishes: Wishes) -> bool:
    if held.is_current:
        terminal.say(
            Text(
                zh=f"{held.name}：与现行文件完全相同，没有变化",
                en=f"{held.name}: the very file that counts now; nothing changes",
            )
        )
        return True
    intake_shown.candidate(held)
    _send_back(held, wishes.rejects)
    if held.changes_nothing and not wishes.yes:
        terminal.say(
            Text(
                zh="没有变化，未接收；仍要换成这个文件请加 --yes",
                en="nothing changes: not taken; with --yes this file takes the other's place",
            )
        )
        return True
    if held.alarms and not wishes.even_so:
        terminal.say(
            Text(
                zh="有 ▲ 警告，未接收；核实后仍要接收请加 --even-so",
                en="not taken for the ▲ alarms; if it is right after all, add --even-so",
            )
        )
        return False
    if not (wishes.yes or _is_wanted()):
        return False
    record = intake.take_delivery(held, by=wishes.by, at=intake.now())
    terminal.say(
        Text(
            zh=f"已接收：“{held.dataset.title}”第 {record.number} 次报送"
            f"（{held.counts.accepted:,} 行通过，{held.counts.quarantined:,} 行隔离）",
            en=f"taken: delivery {record.number} of '{held.dataset.title_en}' "
            f"({held.counts.accepted:,} accepted, {held.counts.quarantined:,} quarantined)",
        )
    )
    return True


def _is_wanted() -> bool:
    question = Text(zh="接收？", en="Take it?").say(terminal.language())
    try:
        wanted = typer.confirm(question)
    except typer.Abort:
        wanted = False
        terminal.say(Text(zh="（在脚本中请加 --yes）", en="(in a script, add --yes)"))
    if not wanted:
        terminal.say(Text(zh="未接收，一切照旧", en="not taken; all stays as it was"))
    return wanted


def _send_back(held: intake.Candidate, folder: Path | None) -> None:
    if not held.counts.quarantined:
        return
    if folder is None:
        terminal.say(
            Text(
                zh="· 加 --rejects 文件夹，可写出带错误原因的退回文件",
                en="· --rejects FOLDER writes the file with its errors, to send back",
            )
        )
        return
    for file in intake.write_rejects(held, folder, language=terminal.language()):
        terminal.say(Text(zh=f"退回文件：{file}", en=f"to send back: {file}"))
