"""A Reading beside its text as one HTML file, so that a person checks it sentence by sentence."""

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import jinja2

from cityforge.brain.plans import phrases
from cityforge.brain.plans.reading import Measure, Reading, Target


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    kind: str
    says: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """Text of the plan, marked (`kind`) or not."""

    text: str
    kind: str = ""
    says: str = ""
    id: str = ""


def write(reading: Reading, out: Path) -> None:
    """Writes the two-column page; the same reading gives the same bytes. No network, no fonts."""
    page = render(reading)
    aside = out.with_name(out.name + ".partial")
    aside.write_text(page, encoding="utf-8", newline="\n")
    aside.replace(out)


def render(reading: Reading) -> str:
    """The page as HTML."""
    ids = {id(target): str(i + 1) for i, target in enumerate(reading.targets)}
    machine = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    source = files(__package__).joinpath("view.html.j2").read_text(encoding="utf-8")
    measures = sum(1 for m in reading.measures if m.kind == "measure")
    return machine.from_string(source).render(
        title=reading.title or "计划",
        counts=f"{measures} 条举措 measures · {len(reading.targets)} 个目标 targets ·"
        f" {len(reading.table)} 行指标 rows",
        paragraphs=_paragraphs(reading, ids),
        groups=_groups(reading, ids, _anchors(reading, ids)),
        rows=[
            {"group": r.group, "name": r.name, "amount": phrases.amount(r).zh, "year": r.year or ""}
            for r in reading.table
        ],
        notes=reading.notes,
    )


def _anchors(reading: Reading, ids: dict[int, str]) -> dict[str, str]:
    """For each target the mark to go to: its own, or that of the clause it shares."""
    anchors: dict[str, str] = {}
    last, last_end = "", -1
    for target in sorted(reading.targets, key=lambda t: (t.span[0], t.span[1])):
        mine = ids[id(target)]
        if target.span[0] >= last_end:
            last, last_end = mine, target.span[1]
        anchors[mine] = last
    return anchors


def _groups(
    reading: Reading, ids: dict[int, str], anchors: dict[str, str]
) -> list[dict[str, object]]:
    by_measure: dict[str | None, list[Target]] = {}
    for target in reading.targets:
        by_measure.setdefault(target.measure, []).append(target)
    groups = []
    if None in by_measure:
        groups.append(_group("总体目标 · Goals", "", "", by_measure[None], ids, anchors))
    for measure in reading.measures:
        groups.append(_measure_group(measure, by_measure.get(measure.number, []), ids, anchors))
    return groups


def _measure_group(
    measure: Measure, targets: list[Target], ids: dict[int, str], anchors: dict[str, str]
) -> dict[str, object]:
    units = "、".join(phrases.unit(unit, "zh") for unit in measure.units)
    title = f"{measure.number}　{measure.title}"
    return _group(title, " › ".join(measure.section), units, targets, ids, anchors)


def _group(
    title: str,
    where: str,
    units: str,
    targets: list[Target],
    ids: dict[int, str],
    anchors: dict[str, str],
) -> dict[str, object]:
    return {
        "title": title,
        "where": where,
        "units": units,
        "targets": [
            {
                "id": ids[id(target)],
                "anchor": anchors[ids[id(target)]],
                "text": target.text,
                "indicator": target.indicator,
                "value": f"{target.value:f}",
                "year": target.year or "",
                "measure": target.measure or "",
                "amount": phrases.amount(target).zh,
                "remark": _remark(target),
            }
            for target in targets
        ],
    }


def _remark(target: Target) -> str:
    said = [
        "每年 every year" if target.annual else "",
        f"比{target.baseline_year}年 against {target.baseline_year}"
        if target.baseline_year
        else "",
        target.modal or "",
    ]
    words = "，".join(filter(None, said))
    return f"　{words}" if words else ""


def _paragraphs(reading: Reading, ids: dict[int, str]) -> list[list[Piece]]:
    marks = _marks(reading, ids)
    paragraphs: list[list[Piece]] = []
    at = k = 0
    for line in reading.text.split("\n"):
        end = at + len(line)
        mine = []
        while k < len(marks) and marks[k].start < end:
            mine.append(marks[k])
            k += 1
        paragraphs.append(_pieces(reading.text, at, end, mine))
        at = end + 1
    return paragraphs


def _pieces(text: str, start: int, end: int, marks: list[_Mark]) -> list[Piece]:
    pieces: list[Piece] = []
    at = start
    for mark in marks:
        if mark.start < at:
            continue
        if mark.start > at:
            pieces.append(Piece(text[at : mark.start]))
        at = min(mark.end, end)
        pieces.append(Piece(text[mark.start : at], mark.kind, mark.says, mark.id))
    if at < end:
        pieces.append(Piece(text[at:end]))
    return pieces


def _marks(reading: Reading, ids: dict[int, str]) -> list[_Mark]:
    """Targets before units before numbers that are none: where they overlap, the first stays."""
    wanted = [
        _Mark(*target.span, "target", phrases.target(target, "zh"), ids[id(target)])
        for target in reading.targets
    ]
    wanted += [
        _Mark(*unit.span, "unit", phrases.unit(unit, "zh"))
        for measure in reading.measures
        for unit in measure.units
        if unit.span != measure.span
    ]
    wanted += [_Mark(*n.span, "no", f"{n.reason.zh} {n.reason.en}") for n in reading.not_targets]
    return sorted(wanted, key=lambda mark: (mark.start, _ORDER[mark.kind], mark.end))


_ORDER = {"target": 0, "unit": 1, "no": 2}
