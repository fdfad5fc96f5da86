"""The file that a grid or water company takes: who pays what more, since when, by which rule.

Only those stand in it to whom a measure of that resource applies; nobody else pays more.
"""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pyarrow.compute as pc

from cityforge.brain.city.scheme_grading import Measure
from cityforge.brain.errors import Language, RunRefused, Text
from cityforge.brain.intake import formulas
from cityforge.brain.reports.evaluation import set_page, wording
from cityforge.brain.reports.evaluation.results import Results

Resource = Literal["electricity", "water"]
COLUMNS = (
    Text(zh="统一社会信用代码", en="credit_code"),
    Text(zh="企业名称", en="name"),
    Text(zh="属地", en="district"),
    Text(zh="等级", en="grade"),
    Text(zh="连续年数", en="years_running"),
    Text(zh="起始年度", en="since"),
    Text(zh="加价标准", en="surcharge"),
    Text(zh="单位", en="unit"),
    Text(zh="执行年度", en="effective_year"),
    Text(zh="措施", en="measure"),
    Text(zh="说明", en="note"),
)


def write_grade_file(
    results: Results,
    file: Path,
    *,
    resource: Resource = "electricity",
    effective_year: int | None = None,
    bom: bool = True,
    language: Language = "zh",
) -> Path:
    """Write the file as CSV in UTF-8: lines that begin with # say what it is for, then the rows.

    effective_year  the year in which the measure is carried out; the one after the year evaluated
                    where nothing is said, and the file says that this is assumed
    bom             a byte-order mark, for Excel
    Raises RunRefused where the scheme has no measure for the resource.
    """
    lines = [one for one in results.scheme.consequences if one.resource == resource]
    if not lines:
        raise _none(results, resource)
    effective = results.year + 1 if effective_year is None else effective_year
    made = io.StringIO(newline="")
    for line in _purpose(results, resource, lines, effective, is_assumed=effective_year is None):
        made.write(f"# {line.say(language)}\r\n")
    out = csv.writer(made, lineterminator="\r\n")
    out.writerow([column.say(language) for column in COLUMNS])
    for cells in _rows(results, resource, effective):
        said = [one.say(language) if isinstance(one, Text) else str(one) for one in cells]
        out.writerow([formulas.in_csv(cell) for cell in said])
    return set_page.replace(file, made.getvalue().encode("utf-8-sig" if bom else "utf-8"))


def _none(results: Results, resource: Resource) -> RunRefused:
    title, what = wording.scheme(results.scheme), wording.RESOURCES[resource]
    return RunRefused(
        Text(
            zh=f"方案“{title.zh}”没有写明等级对{what.zh}的影响"
            f"（consequences 中 resource: {resource}），不能生成执行文件",
            en=f"Scheme '{results.scheme.id}' says nothing of what grades mean for {what.en} "
            f"(consequences with resource: {resource}); there is nothing to carry out.",
        )
    )


def _purpose(
    results: Results,
    resource: Resource,
    lines: list[Measure],
    effective: int,
    *,
    is_assumed: bool,
) -> Iterator[Text]:
    what = wording.RESOURCES[resource]
    yield from wording.marks(results)
    yield Text(
        zh=f"用途：{results.year} 年度评价等级在{what.zh}方面的执行，{effective} 年执行；"
        "只列适用的企业，未列入的不加价；本文件整体替换以前年度的文件",
        en=f"Purpose: what grades of {results.year} mean for {what.en} from {effective}; only "
        "those concerned are listed, nobody else pays more; replaces earlier files whole",
    )
    if is_assumed:
        yield Text(
            zh="执行年度取评价年度的次年，为设定，以正式通知为准",
            en="The year of carrying out is assumed: the one after the year evaluated",
        )
    yield Text(
        zh="合法使用：只用于上述用途，不得公开、转让或用于其他决定；等级不是对企业信用的评定；"
        "企业有异议的，由组织评价的部门受理",
        en="Legal use: for the purpose above alone; not to be published, passed on or used for "
        "other decisions; a grade is no verdict on credit; objections go to the office that "
        "evaluates",
    )
    sources = list(dict.fromkeys(wording.evidence(one.evidence) for one in lines))
    yield Text(
        zh="加价依据：" + "；".join(one.zh for one in sources)
        + "；同一企业取年数最多的一档，与其他加价不叠加",
        en="Surcharge by: " + "; ".join(one.en for one in sources)
        + "; the step of the most years applies, not added to other surcharges",
    )  # fmt: skip
    yield Text(
        zh=f"等级依据：{wording.scheme(results.scheme).zh}，"
        f"{wording.evidence(results.scheme.evidence).zh}；{wording.run(results).zh}",
        en=f"Grades by: {wording.scheme(results.scheme).en}, "
        f"{wording.evidence(results.scheme.evidence).en}; {wording.run(results).en}",
    )


def _rows(results: Results, resource: Resource, effective: int) -> Iterator[list[object]]:
    found = results.consequences
    own = results.now.rows.select(["uscc", "name", "district"]).sort_by("uscc")
    chosen = pc.is_valid(found.table[f"measure_{resource}"])
    simulated = f"{wording.SIMULATED.zh}", f"{wording.SIMULATED.en}"
    for row, who in zip(
        found.table.filter(chosen).to_pylist(), own.filter(chosen).to_pylist(), strict=True
    ):
        measure = results.scheme.consequences[row[f"measure_{resource}"]]
        notes = [Text(*simulated)] if results.snapshot.simulated else []
        if row[f"maybe_{resource}"]:
            notes.append(
                Text(
                    zh=f"{found.years[0]} 年以前的等级未知，连续年数按已知年度计",
                    en=f"grades before {found.years[0]} are not known; years known are counted",
                )
            )
        yield [
            row["uscc"],
            who["name"],
            results.district(who["district"]),
            row["grade"],
            row["years_running"],
            row["since"],
            "" if measure.value is None else f"{measure.value:f}",
            measure.unit or "",
            effective,
            Text(zh=measure.says, en=measure.says_en),
            Text(zh="；".join(one.zh for one in notes), en="; ".join(one.en for one in notes)),
        ]
