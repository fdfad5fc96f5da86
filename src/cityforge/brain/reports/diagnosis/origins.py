"""Where an answer that the city filled in comes from: facts, dataset, year, who holds it."""

from cityforge.brain.errors import Text
from cityforge.brain.evaluation.diagnosis.answers import Answer
from cityforge.brain.reports import provenance
from cityforge.brain.reports.diagnosis.diagnosed import Diagnosed

ANSWERED = Text(zh="企业自评", en="by the enterprise")
_DECLARED = Text(zh="企业申报", en="declared")


def source(found: Diagnosed, answer: Answer) -> Text:
    """Who gave an answer; of a known one each fact with its dataset and year."""
    if answer.source == "answered" or found.snapshot is None:
        return ANSWERED
    told = [_column(found, column) for column in answer.columns]
    return Text(
        zh="城市数据：" + "；".join(one.zh for one in told),
        en="city data: " + "; ".join(one.en for one in told),
    )


def _column(found: Diagnosed, column: str) -> Text:
    assert found.snapshot is not None
    year = found.snapshot.year
    origin = provenance.of(found.names, column, year=year)
    told = found.names.value(column, (found.values or {}).get(column))
    zh, en = f"{origin.title.zh} {told.zh}", f"{origin.title.en} {told.en}"
    where = [origin.dataset.zh, f"{origin.year} 年" if origin.year else ""]
    where_en = [origin.dataset.en, str(origin.year or "")]
    if origin.declared:
        where.append(_DECLARED.zh)
        where_en.append(_DECLARED.en)
    if any(where):
        zh += f"（{'，'.join(part for part in where if part)}）"
        en += f" ({', '.join(part for part in where_en if part)})"
    return Text(zh=zh, en=en)
