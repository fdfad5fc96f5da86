"""Outlines of schemes: why one cannot be evaluated, and what its published counts tell."""

from decimal import Decimal

from cityforge.brain.city.folder import City
from cityforge.brain.city.scheme import Scheme
from cityforge.brain.city.scheme_grading import Band, Grading
from cityforge.brain.city.scheme_outline import SchemeOutline
from cityforge.brain.errors import RunRefused, Text
from cityforge.brain.evaluation import published


def scheme_in(city: City, name: str) -> Scheme:
    """A scheme of a city by its id.

    Raises RunRefused where there is none, or only an outline of it, with what it lacks.
    """
    found = city.schemes.get(name)
    if found is not None:
        return found
    known = "、".join(sorted(city.schemes)) or "—"
    raise outline_refusal(city, name) or RunRefused(
        Text(zh=f"没有评价方案“{name}”；有：{known}", en=f"no scheme '{name}'; there are: {known}")
    )


def outline_refusal(city: City, scheme_id: str) -> RunRefused | None:
    """Why a scheme that was named cannot be evaluated; None where it is no outline."""
    outline = city.scheme_outlines.get(scheme_id)
    if outline is None:
        return None
    zh = "；".join(one.says for one in outline.missing)
    en = "; ".join(one.says_en for one in outline.missing)
    return RunRefused(
        Text(
            zh=f"{scheme_id}（{outline.title}）只有提纲，不能评价。尚未找到：{zh}。"
            f"补全后写成 schemes/{scheme_id}.yaml",
            en=f"{scheme_id} ({outline.title_en}) is an outline and cannot be evaluated. "
            f"Not found yet: {en}. Once they are known, write schemes/{scheme_id}.yaml.",
        )
    )


def notes(city: City, outline: SchemeOutline) -> list[Text]:
    """One sentence for each published result: whether its counts can follow from the bands.

    The bands are the outline's own where the source tells them, else those of the scheme it is
    compared with; without either there is nothing to compare.
    """
    grading = bands(outline)
    whose = Text(zh="", en="")
    if grading is None and outline.compared_with is not None:
        other = city.schemes[outline.compared_with]
        grading = other.grading if other.grading.by == "rank_share" else None
        whose = Text(
            zh=f"（自身分档未见，按“{other.title}”比较）",
            en=f" (its own bands were not seen; held against '{other.title_en}')",
        )
    if grading is None:
        return []
    said = []
    for one in outline.published:
        note = published.note(grading, {}, dict(one.counts), None)
        part = next(part for part in outline.parts if part.id == one.part)
        said.append(
            Text(
                zh=f"{one.year} 年度{part.title}：{note.zh}{whose.zh}",
                en=f"{one.year}, {part.title_en}: {note.en}{whose.en}",
            )
        )
    return said


def bands(outline: SchemeOutline) -> Grading | None:
    """The bands as a scheme would have them; None unless they are told from 0 to 100 percent."""
    reached = Decimal(0)
    found = []
    for grade in outline.grades:
        if grade.to is None or grade.from_ != reached:
            return None
        found.append(
            Band.model_validate({"grade": grade.grade, "from": grade.from_, "to": grade.to})
        )
        reached = grade.to
    return Grading(bands=found) if reached == 100 else None
