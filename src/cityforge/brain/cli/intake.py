"""cityforge intake: bureaus' files taken in, compared, called back, asked for."""

import getpass
from pathlib import Path
from typing import Annotated

import typer

from cityforge.brain.cli import intake_profile, terminal
from cityforge.brain.errors import Text

app = typer.Typer(
    help="收数据：导入、比较、撤销、模板 · take data in, compare, undo, templates",
    no_args_is_help=True,
    rich_markup_mode=None,
)

app.command("profile")(intake_profile.profile)

City = Annotated[Path, typer.Argument(help="城市文件夹 · the city folder")]
Data = Annotated[Path, typer.Option(help="数据文件夹 · the folder of data")]
Named = Annotated[str | None, typer.Option("--dataset", help="哪个数据集 · which dataset")]
By = Annotated[str | None, typer.Option(help="经手人 · who does this")]


@app.command("import")
def import_(
    city: City,
    files: Annotated[list[Path], typer.Argument(help="报送的文件 · the files delivered")],
    data: Data,
    dataset: Named = None,
    by: By = None,
    yes: Annotated[bool, typer.Option("--yes", help="不再询问 · do not ask")] = False,
    even_so: Annotated[
        bool, typer.Option("--even-so", help="有 ▲ 警告也接收 · take it in spite of ▲ alarms")
    ] = False,
    rejects: Annotated[
        Path | None, typer.Option(help="退回文件写到这里 · where to write what goes back")
    ] = None,
) -> None:
    """导入部门文件：先看差异，再接收 · take files in: first the difference, then the deed"""
    from cityforge.brain.api import intake
    from cityforge.brain.cli import intake_asked

    place, _ = intake.load(city)
    wishes = intake_asked.Wishes(by or getpass.getuser(), yes, even_so, rejects)
    chosen = intake_asked.choose(place, files, dataset)
    taken = [intake_asked.import_one(place, data, *pair, wishes) for pair in chosen]
    if not all(taken):
        raise typer.Exit(11)


@app.command("diff")
def diff(
    city: City,
    data: Data,
    file: Annotated[
        Path | None, typer.Argument(help="与现行版本比较的文件 · the file to hold against now")
    ] = None,
    dataset: Named = None,
    old: Annotated[int | None, typer.Option("--from", help="旧的编号 · older delivery")] = None,
    new: Annotated[int | None, typer.Option("--to", help="新的编号 · newer delivery")] = None,
    out: Annotated[
        Path | None, typer.Option(help="写出全部差异（xlsx 或 csv） · write all that differs")
    ] = None,
) -> None:
    """只比较，不写入数据文件夹 · compare only; the data stay untouched"""
    from cityforge.brain.api import intake
    from cityforge.brain.cli import intake_shown

    place, _ = intake.load(city)
    with terminal.progress() as tell:
        if file is not None:
            chosen = intake.choose_dataset(place, file, asked=dataset).dataset
            held = intake.consider(place, data, chosen, file, tell=tell, to_take=False)
        elif dataset in place.datasets and old is not None and new is not None:
            chosen = place.datasets[dataset]
            held = intake.compare_deliveries(place, data, chosen, old=old, new=new, tell=tell)
        else:
            words = Text(
                zh="给出文件，或 --dataset 与 --from、--to", en="a FILE, or --dataset, --from, --to"
            )
            raise typer.BadParameter(words.say(terminal.language()))
        with held as candidate:
            tell(Text(zh="完成", en="Done"), 1.0)
            if candidate.is_current:
                terminal.say(Text(zh="与现行文件完全相同", en="the very file that counts now"))
                return
            intake_shown.candidate(candidate)
            if out is not None:
                for written in intake.write_difference(candidate, out):
                    terminal.say(Text(zh=f"已写入 {written}", en=f"written: {written}"))


@app.command("undo")
def undo(
    city: City,
    data: Data,
    dataset: Annotated[str, typer.Option(help="哪个数据集 · which dataset")],
    to: Annotated[
        int | None, typer.Option(help="退回到哪一次；缺省为前一次 · which delivery to go back to")
    ] = None,
    by: By = None,
) -> None:
    """撤销导入，退回前一次报送 · back to the delivery before; can itself be undone"""
    from cityforge.brain.api import intake

    place, _ = intake.load(city)
    chosen = intake.named_dataset(place, dataset)
    record = intake.undo_import(data, chosen.id, to=to, by=by or getpass.getuser(), at=intake.now())
    back = Text(zh="没有文件", en="no file at all")
    if record.back_to is not None:
        back = Text(zh=f"第 {record.back_to} 次报送", en=f"delivery {record.back_to}")
    undone = f"cityforge intake undo … --dataset {chosen.id} --to {record.replaces}"
    terminal.say(
        Text(
            zh=f"“{chosen.title}”已退回到{back.zh}；反悔用：{undone}",
            en=f"'{chosen.title_en}' is back to {back.en}; to take that back: {undone}",
        )
    )


@app.command("log")
def log(city: City, data: Data, dataset: Named = None) -> None:
    """历次报送：谁、何时、多少行 · all deliveries: who, when, how many rows"""
    from cityforge.brain.api import intake
    from cityforge.brain.cli import intake_shown

    place, _ = intake.load(city)
    datasets = [intake.named_dataset(place, dataset)] if dataset else list(place.datasets.values())
    shown = 0
    for one in datasets:
        known = intake.deliveries(data, one.id)
        shown += len(known.records)
        if known.records:
            intake_shown.history(Text(zh=one.title, en=one.title_en), known)
    if not shown:
        terminal.say(Text(zh="还没有导入过", en="nothing was imported yet"))


@app.command("template")
def template(
    city: City,
    out: Annotated[Path, typer.Option(help="写入的文件夹 · where to write")],
    dataset: Named = None,
) -> None:
    """为各部门生成填报模板（Excel） · workbooks for the bureaus to fill"""
    from cityforge.brain.api import intake

    place, _ = intake.load(city)
    chosen = [intake.named_dataset(place, dataset)] if dataset else []
    year = int(intake.now()[:4])
    for file in intake.write_templates(place, out, year=year, datasets=chosen):
        terminal.say(Text(zh=f"已写入 {file}", en=f"written: {file}"))
