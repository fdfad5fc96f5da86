"""A delivered file held against what counts now, before anything is taken: read, refused, changed.

Nothing is written here but the shelf's own staging; `take` alone makes a delivery count.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlglot import exp

from cityforge.brain.city.dataset import Dataset
from cityforge.brain.city.folder import City
from cityforge.brain.engines.duckdb import ASIDE, Engine
from cityforge.brain.errors import DataRefused, Problem, Text
from cityforge.brain.intake import accept, datasets, difference, raw, resolving, shelf, sources
from cityforge.brain.intake.accept import QUARANTINE, WHOLE_ROW, Accepted
from cityforge.brain.intake.difference import Difference
from cityforge.brain.intake.raw import Raw
from cityforge.brain.intake.shelf import History, Record
from cityforge.brain.intake.sources import Sources

Tell = Callable[[Text, float], None]

KEPT = "difference"  # the engine's table with both versions side by side
VANISHED = Fraction(1, 5)  # more of the present keys gone than this is no ordinary correction
REFUSED = Fraction(1, 2)  # more of the rows quarantined than this is most likely another table
_EXAMPLES = 3
_UNREAD = Accepted(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason in one column: how many rows, and the first of them as (row, value)."""

    column: Text
    reason: Text
    rows: int
    examples: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Echo:
    """What a new frame does to another dataset: rows that lose, and that find, their enterprise."""

    dataset: Dataset
    lost: int
    found: int


@dataclass(slots=True)
class Candidate:
    """A file beside what counts now. Its tables live in `engine`, while the context is open.

    `repeats` is an earlier delivery of the very same bytes. Where the file `is_current`, it was
    not read again and the rest is empty.
    """

    city: City
    data: Path
    dataset: Dataset
    file: Path
    name: str
    sha256: str
    engine: Engine
    standing: Path | None
    repeats: Record | None = None
    is_current: bool = False
    is_simulated: bool = False
    raw: Raw | None = None
    counts: Accepted = _UNREAD
    refusals: tuple[Refusal, ...] = ()
    difference: Difference | None = None
    is_refused_alike: bool = False
    echoes: tuple[Echo, ...] = ()
    notes: list[Text] = field(default_factory=list)

    @property
    def changes_nothing(self) -> bool:
        """The same accepted rows, and the same reasons for the others."""
        if self.is_current:
            return True
        return self.difference is not None and self.difference.is_empty and self.is_refused_alike

    @property
    def alarms(self) -> list[Text]:
        """Why nobody should take this without thinking twice."""
        if self.is_current or self.difference is None:
            return []
        found: list[Text] = []
        counts, gone, before = self.counts, self.difference.removed, self.difference.before
        if not counts.accepted:
            found.append(Text(zh="没有一行通过", en="not one row was accepted"))
        elif counts.quarantined > REFUSED * counts.read:
            found.append(
                Text(
                    zh=f"多半的行被隔离：{counts.quarantined:,} / {counts.read:,}",
                    en=f"most rows are quarantined: {counts.quarantined:,} of {counts.read:,}",
                )
            )
        if gone > VANISHED * before:
            found.append(
                Text(
                    zh=f"现有 {before:,} 行中有 {gone:,} 行（{gone / before:.0%}）将消失",
                    en=f"{gone:,} of the present {before:,} rows ({gone / before:.0%}) vanish",
                )
            )
        return found


@contextmanager
def considered(
    city: City, data: Path, dataset: Dataset, file: Path, *, tell: Tell, to_take: bool
) -> Iterator[Candidate]:
    """Read a file and compare it with what counts now.

    to_take   lock the folder and stage the file, so that it can be taken; else nothing is written

    Raises DataRefused when the file cannot be read by the contract, or the folder's own cannot.
    """
    _check_plain(file)
    if not to_take:
        with _considered(city, data, dataset, file, tell) as candidate:
            yield candidate
        return
    is_simulated = shelf.is_simulated(file.resolve().parent)
    data.mkdir(parents=True, exist_ok=True)
    with (
        shelf.locked(data),
        shelf.staged(data, file) as copy,
        _considered(city, data, dataset, copy, tell) as candidate,
    ):
        candidate.is_simulated = is_simulated
        if is_simulated and not shelf.is_simulated(data):
            candidate.notes.append(
                Text(
                    zh="文件出自模拟数据：接收后，整个数据文件夹标为模拟数据",
                    en="from simulated data: once taken, the whole folder says 模拟数据",
                )
            )
        yield candidate


@contextmanager
def compared(
    city: City, data: Path, dataset: Dataset, *, old: int, new: int, tell: Tell
) -> Iterator[Candidate]:
    """Two kept deliveries of a dataset held against each other; nothing is written."""
    known = shelf.history(data, dataset.id)
    files = [_kept(data, known, number) for number in (old, new)]
    contract = resolving.contract(city, dataset)
    found = sources.find(city, data)
    with _engine() as engine:
        candidate = Candidate(
            city, data, dataset, files[1], files[1].name, "", engine, standing=None
        )
        _fill(candidate, found, lambda: raw.read(engine, contract, files[0]), tell)
        yield candidate


def take(candidate: Candidate, *, by: str, at: str) -> Record:
    """Make a candidate count; returns its record. The caller has asked, and minded the alarms."""
    record = Record(
        number=0,
        kind="delivery",
        dataset=candidate.dataset.id,
        entry=None,
        by=by,
        at=at,
        file=candidate.name,
        sha256=candidate.sha256,
        bytes=candidate.file.stat().st_size,
        read=candidate.counts.read,
        accepted=candidate.counts.accepted,
        quarantined=candidate.counts.quarantined,
    )
    return shelf.take(
        candidate.data,
        candidate.file,
        record,
        standing=candidate.standing,
        simulated=candidate.is_simulated,
    )


@contextmanager
def _considered(
    city: City, data: Path, dataset: Dataset, file: Path, tell: Tell
) -> Iterator[Candidate]:
    found = sources.find(city, data)
    sha256 = shelf.digest(file)
    known = shelf.history(data, dataset.id)
    standing = found.files.get(dataset.id)
    with _engine() as engine:
        candidate = Candidate(
            city, data, dataset, file, file.name, sha256, engine, standing=standing
        )
        candidate.repeats = next((r for r in known.records if r.sha256 == sha256), None)
        candidate.is_current = _is_current(known, standing, sha256)
        if not candidate.is_current:
            is_there = dataset.id in found.files or dataset.id in found.tables
            before = (
                (lambda: datasets.read_one(engine, city, dataset, found)[0]) if is_there else None
            )
            _fill(candidate, found, before, tell)
        yield candidate


@contextmanager
def _engine() -> Iterator[Engine]:
    with (
        TemporaryDirectory() as scratch,
        Engine(memory_limit=ASIDE, scratch=Path(scratch)) as engine,
    ):
        yield engine


def _is_current(known: History, standing: Path | None, sha256: str) -> bool:
    """Whether what counts now has these very bytes."""
    return isinstance(standing, Path) and shelf.digest(standing) == sha256


def _fill(
    candidate: Candidate, found: Sources, before: Callable[[], Raw] | None, tell: Tell
) -> None:
    """Read the frame, the version before and the new one; compare."""
    engine, dataset, city = candidate.engine, candidate.dataset, candidate.city
    accept.prepare(engine)
    tell(Text(zh="读取企业底册", en="Reading the frame"), 0.0)
    frame = _frame(candidate, found)
    tell(Text(zh="读取现有版本", en="Reading what counts now"), 0.2)
    old = f"before_{dataset.id}"
    refused_before = _before(candidate, before, frame, old)
    tell(Text(zh=f"读取 {candidate.name}", en=f"Reading {candidate.name}"), 0.4)
    contract = resolving.contract(city, dataset)
    candidate.raw = raw.read(engine, contract, candidate.file)
    resolving.start(engine)
    if frame is not None:
        named = resolving.fill(engine, city, dataset, candidate.raw)
        candidate.notes += named.note(dataset.title, dataset.title_en)
    candidate.counts = accept.accept(engine, dataset, candidate.raw, frame=frame)
    candidate.notes += candidate.raw.remarks + _header_notes(candidate.dataset, candidate.raw)
    candidate.refusals = _refusals(engine, dataset)
    candidate.is_refused_alike = _refused(engine, dataset) == refused_before
    tell(Text(zh="比较差异", en="Comparing"), 0.8)
    new = f"data_{dataset.id}"
    candidate.difference = difference.compare(engine, dataset, before=old, after=new, kept=KEPT)
    if city.frame is not None and dataset.id == city.frame.id:
        tell(Text(zh="核对其他数据集", en="Looking at the other datasets"), 0.9)
        candidate.echoes = tuple(_echoes(candidate, found, old, new))


def _frame(candidate: Candidate, found: Sources) -> str | None:
    """Read the list of enterprises; None for the frame itself, and where there is none yet."""
    frame = candidate.city.frame
    if frame is None or frame.id == candidate.dataset.id:
        return None
    if candidate.dataset.column("uscc") is None:
        return None
    if frame.id not in found.files and frame.id not in found.tables:
        candidate.notes.append(
            Text(
                zh=f"还没有“{frame.title}”：企业是否在册，本次未核对",
                en=f"no '{frame.id}' yet: whether enterprises are in it was not checked",
            )
        )
        return None
    table, _ = datasets.read_one(candidate.engine, candidate.city, frame, found)
    accept.accept(candidate.engine, frame, table, frame=None)
    return f"data_{frame.id}"


def _before(
    candidate: Candidate, read: Callable[[], Raw] | None, frame: str | None, old: str
) -> list[tuple[object, ...]]:
    """Accept the version that counts now as the table `old`; returns its refusals by reason."""
    engine, dataset = candidate.engine, candidate.dataset
    try:
        if read is None:
            engine.take(old, accept.empty(dataset))
            return []
        table = read()
        if frame is not None:
            resolving.start(engine)
            resolving.fill(engine, candidate.city, dataset, table)
        accept.accept(engine, dataset, table, frame=frame)
    except DataRefused as error:
        what = error.problems[0].what
        candidate.notes.append(
            Text(
                zh=f"现有版本读不出（{what.zh}），按全部新增比较",
                en=f"what counts now cannot be read ({what.en}): all rows show as added",
            )
        )
        engine.take(old, accept.empty(dataset))
        return []
    engine.create(old, exp.select("*").from_(f"data_{dataset.id}"))
    engine.drop(f"data_{dataset.id}")
    refused = _refused(engine, dataset)
    engine.drop(QUARANTINE)
    accept.prepare(engine)
    return refused


def _refused(engine: Engine, dataset: Dataset) -> list[tuple[object, ...]]:
    """How many rows each column refused for each reason."""
    column, reason = exp.column("column", quoted=True), exp.column("reason")
    count = exp.Count(this=exp.Star())
    of_dataset = exp.column("dataset").eq(exp.Literal.string(dataset.id))
    return engine.rows(
        exp.select(column, reason, count)
        .from_(QUARANTINE)
        .where(of_dataset)
        .group_by(column, reason)
        .order_by(exp.Ordered(this=count.copy(), desc=True), column.copy(), reason.copy())
    )


def _refusals(engine: Engine, dataset: Dataset) -> tuple[Refusal, ...]:
    return tuple(
        Refusal(
            _title(dataset, str(column)),
            accept.REASONS[str(reason)],
            int(str(count)),
            _examples(engine, dataset, str(column), str(reason)),
        )
        for column, reason, count in _refused(engine, dataset)
    )


def _examples(
    engine: Engine, dataset: Dataset, column: str, reason: str
) -> tuple[tuple[int, str], ...]:
    wanted = {"dataset": dataset.id, "column": column, "reason": reason}
    same = [
        exp.column(name, quoted=True).eq(exp.Literal.string(value))
        for name, value in wanted.items()
    ]
    row = exp.column("row", quoted=True)
    query = exp.select(row, exp.column("value", quoted=True)).from_(QUARANTINE)
    rows = engine.rows(query.where(*same).order_by(row.copy()).limit(_EXAMPLES))
    return tuple((number, value or "") for number, value in rows)


def _title(dataset: Dataset, name: str) -> Text:
    column = dataset.column(name)
    if name == WHOLE_ROW or column is None:
        return Text(zh="整行", en="whole row")
    return Text(zh=column.title, en=column.title_en)


def _echoes(candidate: Candidate, found: Sources, old: str, new: str) -> Iterator[Echo]:
    """Of each other dataset, the rows whose enterprise leaves the frame or enters it."""
    engine = candidate.engine
    for name in [*found.files, *found.tables]:
        other = candidate.city.datasets[name]
        if name == candidate.dataset.id or other.column("uscc") is None:
            continue
        try:
            read, _ = datasets.read_one(engine, candidate.city, other, found)
            accept.accept(engine, other, read, frame=None)
        except DataRefused as error:
            what = error.problems[0].what
            candidate.notes.append(
                Text(zh=f"“{other.title}”读不出：{what.zh}", en=f"{name} cannot be read: {what.en}")
            )
            continue
        table = f"data_{name}"
        lost, gained = (_only(engine, table, a, b) for a, b in ((old, new), (new, old)))
        engine.drop(table)
        if lost or gained:
            yield Echo(other, lost, gained)


def _only(engine: Engine, table: str, within: str, without: str) -> int:
    """Rows of a table whose enterprise one frame has and the other lacks."""
    code = exp.column("uscc")
    among = [
        exp.In(this=code.copy(), query=exp.select("uscc").from_(f).subquery())
        for f in (within, without)
    ]
    counted = exp.select(exp.Count(this=exp.Star())).from_(table)
    return int(engine.rows(counted.where(among[0], exp.not_(among[1])))[0][0])


def _kept(data: Path, known: History, number: int) -> Path:
    """The file of a delivery by its number."""
    record = known.find(number)
    while record is not None and record.kind == "undo":
        record = known.find(record.back_to)
    if record is None or not isinstance(record.entry, str):
        raise DataRefused([_no_file(known, number)])
    return data / record.entry


def _header_notes(dataset: Dataset, table: Raw) -> list[Text]:
    notes = []
    if table.unknown_headers:
        names = "、".join(table.unknown_headers)
        notes.append(Text(zh=f"未约定的列，未读取：{names}", en=f"not read: {names}"))
    if table.absent_columns:
        absent = [one for one in dataset.columns if one.id in table.absent_columns]
        zh, en = "、".join(one.title for one in absent), ", ".join(one.title_en for one in absent)
        notes.append(Text(zh=f"文件没有的列：{zh}", en=f"columns absent: {en}"))
    return notes


def _check_plain(file: Path) -> None:
    if not file.is_file() or file.suffix.lower() not in sources.SUFFIXES:
        endings = "、".join(sources.SUFFIXES)
        what = Text(zh="不是可以导入的文件", en="is no file that can be imported")
        hint = Text(zh=f"可以导入：{endings}", en=f"What can be imported: {endings}")
        raise DataRefused([Problem(str(file), 0, 0, what, hint)])


def _no_file(known: History, number: int) -> Problem:
    numbers = "、".join(str(r.number) for r in known.records if r.kind != "undo") or "—"
    return Problem(
        known.dataset,
        0,
        0,
        Text(zh=f"第 {number} 次报送没有文件", en=f"delivery {number} has no file"),
        Text(zh=f"可比较的编号：{numbers}", en=f"Numbers to compare: {numbers}."),
    )
