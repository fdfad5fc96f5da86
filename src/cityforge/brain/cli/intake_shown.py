"""How an import is told: what was read and refused, what would change, what was delivered.

Loaded only by the commands that need it: it draws in the whole library.
"""

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.table import Table

from cityforge.brain.api import intake
from cityforge.brain.cli import terminal
from cityforge.brain.errors import Text

_KINDS = {
    "delivery": Text(zh="报送", en="delivery"),
    "found": Text(zh="原有", en="was there"),
    "undo": Text(zh="撤销", en="undo"),
}


def candidate(held: intake.Candidate) -> None:
    """All of one file: counts, reasons, remarks, difference, alarms."""
    counts = held.counts
    terminal.say(
        Text(
            zh=f"{held.name} →“{held.dataset.title}”：读入 {counts.read:,} 行"
            f" = 通过 {counts.accepted:,} + 隔离 {counts.quarantined:,}",
            en=f"{held.name} -> '{held.dataset.title_en}': read {counts.read:,}"
            f" = accepted {counts.accepted:,} + quarantined {counts.quarantined:,}",
        )
    )
    _refusals(held.refusals)
    difference(held)
    for echo in held.echoes:
        terminal.say(
            Text(
                zh=f"· “{echo.dataset.title}”：{echo.lost:,} 行的企业将不在底册，"
                f"{echo.found:,} 行的企业将进入底册",
                en=f"· '{echo.dataset.title_en}': {echo.lost:,} rows lose their enterprise, "
                f"{echo.found:,} find theirs",
            )
        )
    for note in held.notes:
        terminal.say(Text(zh=f"· {note.zh}", en=f"· {note.en}"))
    if held.repeats is not None:
        terminal.say(
            Text(
                zh=f"· 与第 {held.repeats.number} 次报送（{held.repeats.at}）完全相同",
                en=f"· the very bytes of delivery {held.repeats.number} ({held.repeats.at})",
            )
        )
    for alarm in held.alarms:
        terminal.say(Text(zh=f"▲ {alarm.zh}", en=f"▲ {alarm.en}"))


def _refusals(refusals: Sequence[intake.Refusal]) -> None:
    rows = [
        (
            refusal.column,
            refusal.reason,
            f"{refusal.rows:,}",
            "；".join(_at(row, value) for row, value in refusal.examples),
        )
        for refusal in refusals
    ]
    _draw(
        Text(
            zh="隔离的原因（行号从表头下一行起）",
            en="Why rows were quarantined (row 1 is under the header)",
        ),
        [
            Text(zh="列", en="column"),
            Text(zh="原因", en="reason"),
            Text(zh="行数", en="rows"),
            Text(zh="例", en="such as"),
        ],
        rows,
        figures=(2,),
    )


def _at(row: int, value: str) -> str:
    zh = terminal.language() == "zh"
    shown = value if len(value) <= 24 else value[:23] + "…"
    where = f"第{row:,}行" if zh else f"row {row:,}"
    return f"{where} {shown}".rstrip()


def difference(held: intake.Candidate) -> None:
    """Rows and cells that would change, with sums and first examples."""
    found = held.difference
    if found is None:
        return
    if found.is_empty:
        terminal.say(
            Text(
                zh=f"通过的行没有不同（{found.same:,} 行）",
                en=f"no difference in accepted rows ({found.same:,})",
            )
        )
        return
    terminal.say(
        Text(
            zh=f"与现有相比：新增 {found.added:,} 行，减少 {found.removed:,} 行，"
            f"修改 {found.changed:,} 行，不变 {found.same:,} 行",
            en=f"against what counts now: {found.added:,} rows added, {found.removed:,} removed, "
            f"{found.changed:,} changed, {found.same:,} unchanged",
        )
    )
    for word, examples in (
        (Text(zh="新增", en="added"), found.first_added),
        (Text(zh="减少", en="removed"), found.first_removed),
    ):
        # A first delivery adds everything: examples of that say nothing.
        if examples and found.before:
            keys = "；".join(" ".join(example.key) for example in examples)
            terminal.say(Text(zh=f"  {word.zh}：{keys} 等", en=f"  {word.en}: {keys} …"))
    if found.before:
        _columns(found)


def _columns(found: intake.Difference) -> None:
    rows = []
    for change in found.columns:
        column = change.column
        unit = f"（{column.unit}）" if column.unit else ""
        examples = "\n".join(
            f"{' '.join(e.key)}: {e.old or '—'} → {e.new or '—'}" for e in change.examples
        )
        rows.append(
            (
                Text(zh=column.title + unit, en=column.title_en + unit),
                f"{change.changed:,}",
                f"{change.filled:,} / {change.emptied:,}",
                _sum(change.sum_before),
                _sum(change.sum_after),
                examples,
            )
        )
    _draw(
        Text(zh="变化的列", en="Columns that change"),
        [
            Text(zh="列", en="column"),
            Text(zh="修改", en="cells"),
            Text(zh="补填 / 变空", en="filled / emptied"),
            Text(zh="原合计", en="sum before"),
            Text(zh="新合计", en="sum after"),
            Text(zh="例", en="such as"),
        ],
        rows,
        figures=(1, 2, 3, 4),
    )


def _sum(value: object) -> str:
    return "—" if value is None else f"{value:,f}"


def history(title: Text, known: intake.History) -> None:
    """The deliveries of one dataset, the current one marked."""
    current = known.current
    rows: list[Sequence[str | Text]] = []
    for record in known.records:
        is_current = current is not None and record.number == current.number
        back = record.back_to if record.back_to is not None else "—"
        counts = (
            ("", "", "")
            if record.read is None
            else tuple(f"{n or 0:,}" for n in (record.read, record.accepted, record.quarantined))
        )
        what = record.file or (f"→ {back}" if record.kind == "undo" else str(record.entry or ""))
        mark = "● " if is_current else ""
        rows.append(
            (
                f"{mark}{record.number}",
                _KINDS[record.kind],
                what,
                record.by,
                _moment(record.at),
                *counts,
            )
        )
    _draw(
        Text(zh=f"{title.zh}：历次报送（● 为现行）", en=f"{title.en}: deliveries (● is current)"),
        [
            Text(zh="编号", en="number"),
            Text(zh="种类", en="kind"),
            Text(zh="文件", en="file"),
            Text(zh="经手", en="by"),
            Text(zh="时间 (UTC)", en="at (UTC)"),
            Text(zh="读入", en="read"),
            Text(zh="通过", en="accepted"),
            Text(zh="隔离", en="quarantined"),
        ],
        rows,
        figures=(0, 5, 6, 7),
    )
    if current is None and known.entry is not None:
        terminal.say(
            Text(
                zh=f"现行的是手工写入 sources.yaml 的 {known.entry}",
                en=f"what counts was put into sources.yaml by hand: {known.entry}",
            )
        )


def _moment(at: str) -> str:
    """To the minute, as it stands in the record (UTC)."""
    return at[:16].replace("T", " ")


def _draw(
    title: Text,
    heads: Sequence[Text],
    rows: Sequence[Sequence[str | Text]],
    *,
    figures: Sequence[int],
) -> None:
    """A table in the reader's language; nothing where there are no rows."""
    if not rows:
        return
    language = terminal.language()
    drawn = Table(
        title=title.say(language), title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0)
    )
    for i, head in enumerate(heads):
        is_figure = i in figures
        drawn.add_column(
            head.say(language),
            justify="right" if is_figure else "left",
            overflow="fold",
            no_wrap=is_figure,
        )
    for row in rows:
        texts = [cell if isinstance(cell, str) else cell.say(language) for cell in row]
        # Rich would take [b] in a file's text for markup.
        drawn.add_row(*[text.replace("[", "\\[") for text in texts])
    terminal.out.print(drawn)
