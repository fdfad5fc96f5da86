"""The results of a scheme as a workbook in the layout that bureaus publish."""

from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cityforge.brain.errors import Language, Text
from cityforge.brain.evaluation.grading import ROUNDINGS
from cityforge.brain.reports.evaluation import wording
from cityforge.brain.reports.evaluation.lists import measured, sheet
from cityforge.brain.reports.evaluation.lists.measured import POINTS, WHOLE
from cityforge.brain.reports.evaluation.lists.sheet import Cell, Column, Sheet
from cityforge.brain.reports.evaluation.results import Results

_AT_ONCE = 5_000
NUMBER = Column(Text(zh="序号", en="No."), 7, WHOLE, "center")
NAME = Column(Text(zh="企业名称", en="Enterprise"), 36)
CODE = Column(Text(zh="统一社会信用代码", en="Credit code"), 22, "@", "center")
DISTRICT = Column(Text(zh="属地", en="District"), 16, align="center")
PART = Column(Text(zh="所属部分", en="Part"), 10, align="center")
GRADE = Column(Text(zh="等级", en="Grade"), 8, align="center")
T = "T"


def write_workbook(results: Results, file: Path, *, language: Language = "zh") -> Path:
    """Write four sheets: about, results, counts by district and grade, who is not rated and why.

    Memory does not grow with the rows. Values are numbers in the unit of their head; text stays
    text. An earlier file of that name is replaced once the new one is whole.
    """
    sheets = (about(results), _rated(results), _counts(results), _not_rated(results))
    return sheet.write(sheets, file, language=language)


def about(results: Results) -> Sheet:
    """The cover: scheme, evidence, what the city assumed, as of when, by which run."""
    columns = (
        Column(Text(zh="项目", en="Item"), 16),
        Column(Text(zh="内容", en="Content"), 96, wrap=True),
    )
    return Sheet(
        Text(zh="说明", en="About"),
        wording.heading(results),
        columns,
        list(_about(results)),
        marks=wording.marks(results),
        notes=[wording.NO_VERDICT],
        filters=False,
    )


def _about(results: Results) -> Iterator[tuple[Cell, Cell]]:
    scheme, snapshot = results.scheme, results.snapshot
    yield Text(zh="评价方案", en="Scheme"), wording.scheme(scheme)
    yield Text(zh="依据", en="Evidence"), wording.evidence(scheme.evidence)
    yield Text(zh="评价年度", en="Year"), str(results.year)
    yield Text(zh="数据截至", en="Data as of"), snapshot.as_of.isoformat()
    yield Text(zh="运行编号", en="Run"), str(snapshot.run["run_id"])
    counts = Counter(results.now.rows["status"].to_pylist())
    told = [(words, counts[status]) for status, words in wording.STATUSES.items() if counts[status]]
    yield (
        Text(zh="企业数", en="Enterprises"),
        Text(
            zh="；".join(f"{words.zh} {count:,} 家" for words, count in told),
            en="; ".join(f"{words.en}: {count:,}" for words, count in told),
        ),
    )
    bands = [(wording.grade(results, b.grade), b) for b in scheme.grading.bands]
    if scheme.grading.by == "rank_share":
        rounding = ROUNDINGS[scheme.grading.rounding]
        yield (
            Text(zh="等级划分", en="Bands"),
            Text(
                zh="；".join(f"{t.zh} 组内前 {b.from_:f}%–{b.to:f}%" for t, b in bands)
                + f"；名额{rounding.zh}",
                en="; ".join(f"{t.en}: {b.from_:f}–{b.to:f} % of the group" for t, b in bands)
                + f"; places {rounding.en}",
            ),
        )
    else:
        least = [(t, f"{b.at_least:f}") for t, b in bands if b.at_least is not None]
        yield (
            Text(zh="等级划分", en="Bands"),
            Text(
                zh="；".join(f"{t.zh} {value} 分起" for t, value in least),
                en="; ".join(f"{t.en} from {value} points" for t, value in least),
            ),
        )
    for each in scheme.exempt:
        yield Text(zh="不定级（T）", en="Exempt (T)"), Text(zh=each.says, en=each.says_en)
    for line in scheme.assumptions:
        yield Text(zh="本市设定", en="Assumed by the city"), line


def _rated(results: Results) -> Sheet:
    shown = measured.of(results)
    extra = measured.extras(results)
    columns = [NUMBER, NAME, CODE, DISTRICT, PART]
    for one in shown:
        columns += one.columns()
    columns += [Column(title, 8, POINTS, "right") for _, title in extra]
    columns += [
        Column(Text(zh="总分", en="Total"), 10, POINTS, "right"),
        Column(Text(zh="组内名次", en="Rank in group"), 9, WHOLE, "right"),
        Column(Text(zh="组内家数", en="Ranked"), 9, WHOLE, "right"),
        GRADE,
        Column(Text(zh="缺数处理", en="Gaps"), 34),
    ]

    def rows() -> Iterator[list[Cell]]:
        for number, row in enumerate(_in_order(results), 1):
            cells: list[Cell] = [number, row["name"], row["uscc"]]
            cells += [results.district(row["district"]), wording.part(results, row["part"])]
            for one in shown:
                cells += one.cells(row)
            cells += [row[name] for name, _ in extra]
            cells += [row["total"], row["rank"], row["ranked"], row["grade"]]
            cells.append(measured.gaps(results, row))
            yield cells

    groups = "、".join(
        [*(results.names.column(one).zh for one in results.scheme.groups), "所属部分"]
    )
    groups_en = ", ".join(
        [*(results.names.column(one).en for one in results.scheme.groups), "part"]
    )
    return Sheet(
        Text(zh="评价结果", en="Results"),
        wording.heading(results),
        columns,
        rows(),
        marks=wording.marks(results),
        notes=[
            wording.run(results),
            Text(
                zh=f"名次在同一{groups}的企业之间排列；空格为没有数据",
                en=f"Ranks are within one {groups_en}; an empty cell: no data",
            ),
        ],
        freeze=2,
    )


def _in_order(results: Results) -> Iterator[dict[str, Any]]:
    """The rated by district, part and rank, a few thousand at a time."""
    rated = results.rated
    places = pa.array(list(results.districts), pa.string())
    parts = pa.array([part.id for part in results.scheme.parts], pa.string())
    keys = pa.table(
        {
            "district": pc.index_in(rated["district"], places),
            "part": pc.index_in(rated["part"], parts),
            "rank": rated["rank"],
            "uscc": rated["uscc"],
        }
    )
    order = pc.sort_indices(keys, [(name, "ascending") for name in keys.column_names])
    for start in range(0, len(order), _AT_ONCE):
        yield from rated.take(order.slice(start, _AT_ONCE)).to_pylist()


def _counts(results: Results) -> Sheet:
    columns = [
        Column(Text(zh="属地", en="District"), 18),
        PART,
        *(Column(Text(zh=grade, en=grade), 9, WHOLE, "right") for grade in _grades(results)),
        Column(Text(zh="参评合计", en="Rated"), 11, WHOLE, "right"),
        Column(Text(zh="不定级 T", en="Exempt T"), 11, WHOLE, "right"),
        Column(Text(zh="无法判定", en="Undetermined"), 13, WHOLE, "right"),
    ]
    return Sheet(
        Text(zh="分地区统计", en="Counts"),
        Text(zh="各地区等级统计（家）", en="Enterprises by district and grade"),
        columns,
        list(counted(results)),
        marks=wording.marks(results),
        notes=[wording.run(results)],
        filters=False,
        bold_last=True,
    )


def _grades(results: Results) -> list[str]:
    return results.scheme.grading.grades


def counted(results: Results) -> Iterator[list[Cell]]:
    """Counts by district and part, exempt and undetermined beside them; the last line is all."""
    rows = results.now.rows
    by = Counter(
        zip(
            *(rows[name].to_pylist() for name in ("district", "part", "status", "grade")),
            strict=True,
        )
    )
    every: Counter[str] = Counter()
    places = list(dict.fromkeys([*results.districts, *(key[0] for key in by)]))
    parts = [*(part.id for part in results.scheme.parts), None]
    for district in places:
        for part in parts:
            mine = Counter[str]()
            for (where, what, status, grade), count in by.items():
                if where == district and what == part:
                    mine[grade if status == "rated" else status] += count
            if not any(mine[name] for name in (*_grades(results), "exempt", "undetermined")):
                continue
            every.update(mine)
            title = wording.part(results, part) if part else Text(zh="未能归类", en="not known")
            yield [results.district(district), title, *_line(results, mine)]
    yield [Text(zh="合计", en="Total"), None, *_line(results, every)]


def _line(results: Results, counts: Counter[str]) -> list[Cell]:
    graded = [counts[grade] for grade in _grades(results)]
    return [*graded, sum(graded), counts["exempt"], counts["undetermined"]]


def _not_rated(results: Results) -> Sheet:
    columns = [
        NUMBER,
        NAME,
        CODE,
        DISTRICT,
        Column(Text(zh="类别", en="Status"), 14, align="center"),
        Column(Text(zh="原因", en="Reason"), 56, wrap=True),
    ]
    rows = results.now.rows
    shown = rows.filter(pc.is_in(rows["status"], pa.array(["exempt", "undetermined"])))
    shown = shown.select(["status", "district", "name", "uscc", "reason", "reason_en"]).sort_by(
        [("status", "ascending"), ("reason", "ascending"), ("uscc", "ascending")]
    )

    def told() -> Iterator[list[Cell]]:
        batches = shown.to_batches(max_chunksize=_AT_ONCE)
        each = chain.from_iterable(batch.to_pylist() for batch in batches)
        for number, row in enumerate(each, 1):
            yield [
                number,
                row["name"],
                row["uscc"],
                results.district(row["district"]),
                T if row["status"] == "exempt" else wording.STATUSES[row["status"]],
                Text(zh=row["reason"], en=row["reason_en"] or row["reason"]),
            ]

    outside = pc.sum(pc.equal(rows["status"], "outside")).as_py() or 0
    return Sheet(
        Text(zh="未定等级", en="Not graded"),
        Text(zh="未定等级的企业及原因", en="Enterprises without a grade, and why"),
        columns,
        told(),
        marks=wording.marks(results),
        notes=[
            Text(
                zh=f"不定级、无法判定都不是对企业的负面评定；另有 {outside:,} 家不在参评范围，不列",
                en="Neither speaks against an enterprise. "
                f"{outside:,} more are outside the scope and not listed",
            )
        ],
        freeze=2,
    )
