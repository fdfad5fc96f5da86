"""What the faces of an evaluation say alike: titles, marks, statuses, how a gap was filled."""

from cityforge.brain.city.scheme import Scheme, SchemeIndicator
from cityforge.brain.city.scheme_grading import Measure
from cityforge.brain.city.shapes import Evidence
from cityforge.brain.errors import Text
from cityforge.brain.evaluation.statement import AVERAGED, NO_BASE, PENALISED, REWEIGHTED, ZERO
from cityforge.brain.reports import messages
from cityforge.brain.reports.evaluation.results import Results
from cityforge.brain.reports.messages import text

NONE = Text(zh="—", en="—")
SIMULATED = Text(zh="模拟数据：不代表任何真实企业", en="Simulated data: about no real enterprise")
NO_VERDICT = Text(
    zh="等次由方案和现有数据算出，只用于资源要素配置，不是对企业信用、产品或经营者的评定。",
    en="The grade follows from the scheme and the data at hand. It serves the allotment of "
    "resources and is no verdict on the credit, the products or the people of an enterprise.",
)
STATUSES = {
    "rated": Text(zh="参评", en="rated"),
    "exempt": Text(zh="不定级（T）", en="exempt (T)"),
    "undetermined": Text(zh="无法判定", en="undetermined"),
    "outside": Text(zh="不在参评范围", en="outside the scope"),
}
# How a gap was filled, by the word in the column `how_`; `scored` needs no word.
GAPS = {
    AVERAGED: Text(zh="缺数，取组平均分", en="missing; the group's average points"),
    ZERO: Text(zh="缺数，计 0 分", en="missing; 0 points"),
    NO_BASE: Text(zh="无基准值，计 0 分", en="no base value; 0 points"),
    PENALISED: Text(zh="缺数，扣分", en="missing; points taken"),
    REWEIGHTED: Text(zh="缺数，权重分给其余指标", en="missing; its weight goes to the others"),
}
RESOURCES = {
    "land": Text(zh="用地", en="land"),
    "electricity": Text(zh="用电", en="electricity"),
    "water": Text(zh="用水", en="water"),
    "energy": Text(zh="用能", en="energy"),
    "emission": Text(zh="排污", en="emissions"),
    "credit": Text(zh="金融", en="credit"),
    "tax": Text(zh="税收", en="tax"),
    "project": Text(zh="项目", en="projects"),
}


def title(indicator: SchemeIndicator) -> Text:
    return Text(zh=indicator.title, en=indicator.title_en)


def with_unit(indicator: SchemeIndicator) -> Text:
    """The title with the unit in brackets, as a header has it."""
    return messages.with_unit(title(indicator), indicator.unit)


def scheme(one: Scheme) -> Text:
    return Text(zh=one.title, en=one.title_en)


def evidence(one: Evidence) -> Text:
    """The document with its number, and how far it is verified."""
    number = f"，{one.document_number}" if one.document_number else ""
    known = text(f"verified_{one.verified.value}")
    return Text(
        zh=f"{one.source}{number}（{known.zh}）",
        en=f"{one.source}{number.replace('，', ', ')} ({known.en})",
    )


def part(results: Results, name: str | None) -> Text:
    for one in results.scheme.parts:
        if one.id == name:
            return Text(zh=one.title, en=one.title_en)
    return NONE


def grade(results: Results, name: str) -> Text:
    """A grade with the name that the scheme gives it: A 类（优先发展类）."""
    band = next(band for band in results.scheme.grading.bands if band.grade == name)
    if band.title is None or band.title == name:
        return Text(zh=f"{name} 类", en=name)
    if name in band.title:
        return Text(zh=band.title, en=name)
    return Text(zh=f"{name} 类（{band.title}）", en=name)


def measure(one: Measure) -> Text:
    """A measure with its value and unit, where it has one."""
    if one.value is None:
        return Text(zh=one.says, en=one.says_en)
    value = f"{one.value:f} {one.unit or ''}".strip()
    return Text(zh=f"{one.says}：{value}", en=f"{one.says_en}: {value}")


def heading(results: Results) -> Text:
    """Whose evaluation, of which year."""
    place = results.snapshot.city.place
    return Text(
        zh=f"{place.title} {results.year} 年度企业综合评价",
        en=f"Evaluation of enterprises, {place.title_en}, {results.year}",
    )


def marks(results: Results) -> list[Text]:
    """What must stand above every list: simulated data, and data that are not verified."""
    found = [SIMULATED] if results.snapshot.simulated else []
    if results.scheme.model:
        found.append(
            Text(
                zh="外地方案样本，仅供测算，不是本市的评价结果",
                en="A scheme of elsewhere, for trial only; no result of this city",
            )
        )
    return found


def run(results: Results) -> Text:
    """As of when, by which run."""
    as_of, name = results.snapshot.as_of, results.snapshot.run["run_id"]
    return Text(zh=f"数据截至 {as_of}　运行编号 {name}", en=f"Data as of {as_of}   run {name}")
