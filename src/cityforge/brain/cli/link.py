"""cityforge link: records of one enterprise joined, doubts put to people, decisions kept."""

import json
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from cityforge.brain.cli import spark_asked, terminal
from cityforge.brain.errors import Problem, Text

app = typer.Typer(
    help="关联：同一企业的记录归到一起，疑点交人核对 · join records of one enterprise",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Data = Annotated[Path, typer.Argument(help="数据文件夹 · the folder of data")]
Store = Annotated[
    Path | None, typer.Option(help="关联结果文件夹，缺省为数据文件夹下 links · folder of links")
]
By = Annotated[str, typer.Option(help="谁作的决定 · who decides")]
Note = Annotated[str, typer.Option(help="备注 · a note")]


@app.command("run")
def run(
    city: Annotated[Path, typer.Argument(help="城市文件夹 · the city folder")],
    data: Annotated[Path, typer.Option(help="数据文件夹 · the folder of data")],
    store: Store = None,
    engine: Annotated[
        str, typer.Option(help="duckdb、local[2] 或 spark://… · duckdb, local[2] or spark://…")
    ] = "duckdb",
) -> None:
    """关联底册和各数据集中带名称的记录 · link the records of every dataset that holds a name"""
    from cityforge.brain.api import links

    linker = None if engine == spark_asked.HERE else spark_asked.api(engine).link_on_spark(engine)
    with terminal.progress() as tell:
        made = links.link(city, data, out=_store(data, store), linker=linker, tell=tell)
    if made.simulated:
        terminal.say(Text(zh="▲ 模拟数据", en="▲ Simulated data"))
    zh = terminal.language() == "zh"
    table = Table(box=SIMPLE_HEAD, title_justify="left")
    table.add_column("依据" if zh else "rung")
    table.add_column("记录" if zh else "records", justify="right")
    for rung, count in made.rungs.items():
        table.add_row(links.link_rungs[rung].say(terminal.language()), f"{count:,}")
    terminal.out.print(table)
    rows = sum(made.rows.values())
    terminal.say(
        Text(
            zh=f"{rows:,} 行（{made.without_name:,} 行没有名称）→ {made.records:,} 条记录 → "
            f"{made.entities:,} 家企业（机器 {made.machine_entities:,}）；"
            f"待核对 {made.review:,} 对；{made.seconds:.1f} 秒",
            en=f"{rows:,} rows ({made.without_name:,} without a name) -> {made.records:,} records "
            f"-> {made.entities:,} entities (machine: {made.machine_entities:,}); "
            f"{made.review:,} pairs to review; {made.seconds:.1f} s",
        )
    )
    _warn(made.notes, made.problems)
    terminal.say(Text(zh=f"结果：{made.version}", en=f"Links: {made.version}"))


@app.command("review")
def review(
    data: Data,
    limit: Annotated[int | None, typer.Option(min=1, help="最多几对 · at most so many")] = None,
    out: Annotated[
        Path | None, typer.Option(help="写成带下拉的 Excel · write an Excel sheet")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="打印 JSON · print JSON")] = False,
    store: Store = None,
) -> None:
    """列出待核对的记录对，把握大的在前 · the pairs that people must decide, best first"""
    from cityforge.brain.api import links

    queue = links.link_queue(_store(data, store), limit=limit)
    if as_json:
        typer.echo(json.dumps(links.link_queue_json(queue), ensure_ascii=False, indent=2))
        return
    if out:
        links.write_link_sheet(queue, out)
        count = len(queue.cases)
        terminal.say(Text(zh=f"{count} 对已写入 {out}", en=f"{count} pair(s) in {out}"))
    else:
        if queue.simulated:
            terminal.say(Text(zh="▲ 模拟数据", en="▲ Simulated data"))
        for number, case in enumerate(queue.cases, start=1):
            terminal.say(
                Text(
                    zh=f"{number}. {case.score:.3f} {case.why.zh}",
                    en=f"{number}. {case.score:.3f} {case.why.en}",
                )
            )
            for side in (case.left, case.right):
                _line(side)
    terminal.say(Text(zh=f"共 {queue.open} 对待核对", en=f"{queue.open} pair(s) to review"))
    _warn([queue.note] if queue.note else [], queue.problems)


@app.command("decide")
def decide(
    data: Data,
    sheet: Annotated[Path, typer.Option("--from", help="填好的核对表 · the filled sheet")],
    by: By,
    store: Store = None,
) -> None:
    """导入填好的核对表 · take a filled review sheet in"""
    from cityforge.brain.api import links

    taken = links.take_link_sheet(_store(data, store), sheet, by=by)
    terminal.show_problems(taken.problems)
    new = len(taken.taken)
    terminal.say(
        Text(
            zh=f"读入 {taken.read} 行：采用 {new}，原已如此 {taken.unchanged}，"
            f"待定 {taken.left_open}，不能采用 {taken.refused}",
            en=f"{taken.read} row(s) read: {new} taken, {taken.unchanged} decided before, "
            f"{taken.left_open} left open, {taken.refused} refused",
        )
    )
    if taken.refused:
        raise typer.Exit(11)


@app.command("same")
def same(
    data: Data,
    left: Annotated[str, typer.Argument(help="记录编号 · a record's id")],
    right: Annotated[str, typer.Argument(help="记录编号 · a record's id")],
    by: By,
    note: Note = "",
    store: Store = None,
) -> None:
    """两条记录是同一企业 · two records are one enterprise"""
    _decide(_store(data, store), "same", by=by, note=note, records=[left, right])


@app.command("different")
def different(
    data: Data,
    left: Annotated[str, typer.Argument(help="记录编号 · a record's id")],
    right: Annotated[str, typer.Argument(help="记录编号 · a record's id")],
    by: By,
    note: Note = "",
    store: Store = None,
) -> None:
    """两条记录不是同一企业，永不再关联 · two records are two enterprises, never linked again"""
    _decide(_store(data, store), "different", by=by, note=note, records=[left, right])


@app.command("merge")
def merge(
    data: Data,
    entities: Annotated[list[str], typer.Argument(help="实体编号，至少两个 · entities")],
    by: By,
    note: Note = "",
    store: Store = None,
) -> None:
    """合并实体 · make entities one"""
    if len(entities) < 2:
        raise typer.BadParameter(
            Text(zh="至少写两个实体", en="name at least two").say(terminal.language())
        )
    _decide(_store(data, store), "merge", by=by, note=note, entities=entities)


@app.command("split")
def split(
    data: Data,
    entity: Annotated[str, typer.Argument(help="实体编号 · the entity")],
    records: Annotated[list[str], typer.Option(help="拆出的记录，可重复 · records to take out")],
    by: By,
    note: Note = "",
    store: Store = None,
) -> None:
    """从实体中拆出记录 · take records out of an entity"""
    names = [name for text in records for name in text.split(",") if name]
    _decide(_store(data, store), "split", by=by, note=note, records=names, entities=[entity])


@app.command("undo")
def undo(
    data: Data,
    ids: Annotated[list[str], typer.Argument(help="决定的编号 · ids of decisions")],
    by: By,
    with_later: Annotated[
        bool, typer.Option("--with-later", help="连同以其为前提的 · with what rests on them")
    ] = False,
    store: Store = None,
) -> None:
    """撤销决定；撤销也可以撤销 · undo decisions; an undo can be undone"""
    from cityforge.brain.api import links

    taken = links.undo_links(_store(data, store), ids, by=by, with_later=with_later)
    names = "、".join(taken.decision.undoes)
    made = taken.decision.id
    terminal.say(Text(zh=f"{made}：已撤销 {names}", en=f"{made}: undone {names}"))


@app.command("history")
def history(
    data: Data,
    entity: Annotated[str | None, typer.Option(help="只看一个实体 · of one entity")] = None,
    store: Store = None,
) -> None:
    """人工决定的记录 · what people decided"""
    from cityforge.brain.api import links

    lines = links.link_history(_store(data, store), entity=entity)
    for line in lines:
        decision = line.decision
        zh, en = f"（{line.undone_by} 已撤销）", f" (undone by {line.undone_by})"
        gone = Text(zh=zh, en=en) if line.undone_by else Text(zh="", en="")
        note = f" · {decision.note}" if decision.note else ""
        head = f"{decision.id}  {decision.at}  {decision.by}  "
        terminal.say(
            Text(
                zh=f"{head}{line.says.zh}{gone.zh}{note}",
                en=f"{head}{line.says.en}{gone.en}{note}",
            )
        )
    terminal.say(Text(zh=f"共 {len(lines)} 条", en=f"{len(lines)} line(s)"))


@app.command("why")
def why(
    data: Data,
    record: Annotated[str, typer.Argument(help="记录编号 · a record's id")],
    store: Store = None,
) -> None:
    """一条记录为什么归在这个实体 · why a record is in its entity"""
    from cityforge.brain.api import links

    story = links.link_story(_store(data, store), record)
    _line(story.record)
    terminal.say(Text(zh=f"实体 {story.entity}", en=f"entity {story.entity}"))
    if story.machine_entity != story.entity:
        machine = story.machine_entity
        terminal.say(Text(zh=f"机器原归入 {machine}", en=f"the machine had it in {machine}"))
    for other in story.companions:
        _line(other.record)
        for step in other.steps:
            ends = f"{step.left} — {step.right}"
            terminal.say(Text(zh=f"      {ends}：{step.why.zh}", en=f"      {ends}: {step.why.en}"))
    if not story.companions:
        terminal.say(Text(zh="没有同伴", en="no companions"))
    for decision in story.kept_apart:
        said = links.decision_in_words(decision)
        terminal.say(
            Text(
                zh=f"· {decision.id}（{decision.by}）：{said.zh}",
                en=f"· {decision.id} ({decision.by}): {said.en}",
            )
        )


def _decide(
    folder: Path,
    kind: Literal["same", "different", "merge", "split"],
    *,
    by: str,
    note: str,
    records: list[str] | None = None,
    entities: list[str] | None = None,
) -> None:
    from cityforge.brain.api import links

    taken = links.decide_link(
        folder, kind, by=by, note=note, records=records or [], entities=entities or []
    )
    decision, said = taken.decision, links.decision_in_words(taken.decision)
    if taken.is_new:
        terminal.say(Text(zh=f"{decision.id}：{said.zh}", en=f"{decision.id}: {said.en}"))
    else:
        terminal.say(
            Text(
                zh=f"{decision.id} 已这样决定，没有改变：{said.zh}",
                en=f"{decision.id} said so already, nothing changes: {said.en}",
            )
        )


def _store(data: Path, store: Path | None) -> Path:
    return store or data / "links"


def _line(record: object) -> None:
    shown = [getattr(record, name) for name in ("name", "code", "address", "source", "record")]
    text = "  ".join(value or "—" for value in shown)
    terminal.say(Text(zh=f"   {text}", en=f"   {text}"))


def _warn(notes: list[Text], problems: list[Problem]) -> None:
    for note in notes:
        terminal.say(Text(zh=f"▲ {note.zh}", en=f"▲ {note.en}"))
    terminal.show_problems(problems)
