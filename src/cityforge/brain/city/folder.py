"""A city folder read into one checked City, or all its Problems at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from cityforge.brain.city import document as documents
from cityforge.brain.city.combination import Combination
from cityforge.brain.city.dataset import Dataset
from cityforge.brain.city.diagnosis import Diagnosis
from cityforge.brain.city.document import Document
from cityforge.brain.city.example import Example
from cityforge.brain.city.fact import DerivedFact, Parameter, Register
from cityforge.brain.city.indicator import Indicator
from cityforge.brain.city.ladder import Ladder
from cityforge.brain.city.place import Place, Unit, Units
from cityforge.brain.city.plan import Plan
from cityforge.brain.city.policy import Policy
from cityforge.brain.city.published import Published
from cityforge.brain.city.scheme import Scheme
from cityforge.brain.city.scheme_outline import SchemeOutline
from cityforge.brain.city.shapes import Named
from cityforge.brain.city.township import Townships
from cityforge.brain.city.unread import FACTS, Unread, build
from cityforge.brain.city.wording import nearest
from cityforge.brain.errors import Problem, Text

# One file each: name -> (its model, must it be there?).
FILES: dict[str, tuple[type[BaseModel], bool]] = {
    "city.yaml": (Place, True),
    "units.yaml": (Units, True),
    "plan.yaml": (Plan, False),
    "published.yaml": (Published, False),
    "townships.yaml": (Townships, False),
}
# One named thing a file, file name = id.
FOLDERS: dict[str, type[Named]] = {
    "datasets": Dataset,
    "facts": DerivedFact,
    "parameters": Parameter,
    "registers": Register,
    "schemes": Scheme,
    "scheme_outlines": SchemeOutline,
    "indicators": Indicator,
    "examples": Example,
    "policies": Policy,
    "combinations": Combination,
    "diagnoses": Diagnosis,
    "ladders": Ladder,
}


@dataclass(slots=True)
class City:
    """The parts of a city folder. `documents` remembers where each part stands, by kind and id."""

    root: Path
    place: Place
    units: dict[str, Unit]
    plan: Plan | None = None
    townships: Townships | None = None
    published: Published = field(default_factory=Published)
    datasets: dict[str, Dataset] = field(default_factory=dict)
    facts: dict[str, DerivedFact] = field(default_factory=dict)
    parameters: dict[str, Parameter] = field(default_factory=dict)
    registers: dict[str, Register] = field(default_factory=dict)
    schemes: dict[str, Scheme] = field(default_factory=dict)
    scheme_outlines: dict[str, SchemeOutline] = field(default_factory=dict)
    indicators: dict[str, Indicator] = field(default_factory=dict)
    examples: dict[str, Example] = field(default_factory=dict)
    policies: dict[str, Policy] = field(default_factory=dict)
    combinations: dict[str, Combination] = field(default_factory=dict)
    diagnoses: dict[str, Diagnosis] = field(default_factory=dict)
    ladders: dict[str, Ladder] = field(default_factory=dict)
    documents: dict[tuple[str, str], Document] = field(default_factory=dict)
    unread: Unread = field(default_factory=Unread)

    @property
    def frame(self) -> Dataset | None:
        """The dataset that lists the enterprises."""
        return next((dataset for dataset in self.datasets.values() if dataset.frame), None)

    def district_of_code(self) -> Mapping[str, str]:
        """Every area code of the city (current, former, statistical, registry) -> district id."""
        return {
            area.code: district.id for district in self.place.districts for area in district.codes
        }


def read(root: Path) -> tuple[City | None, list[Problem]]:
    """Read every file of a city folder.

    Returns the City with all parts that can be read (None when there is no folder), and every
    Problem of shape. What its `unread` holds is no use to a run, but keeps the cross-checks of
    `checks` from blaming other files for it.
    """
    problems: list[Problem] = []
    unread = Unread()
    if not root.is_dir():
        what = Text(zh=f"没有这个文件夹：{root}", en=f"no such folder: {root}")
        hint = Text(zh="用 cityforge init 新建", en="Make one with cityforge init.")
        return None, [Problem(str(root), 0, 0, what, hint)]
    found: dict[str, Any] = {}
    kept: dict[tuple[str, str], Document] = {}
    for name, (model, needed) in FILES.items():
        file = root / name
        if not file.exists():
            if needed:
                problems.append(_absent(name))
                unread.kinds.add(name)
            continue
        document = documents.read(file, shown_as=name)
        kept[(name.removesuffix(".yaml"), "")] = document
        found[name] = build(document, model, problems, unread)
        if found[name] is None:
            unread.kinds.add(name)
    folders = {name: _folder(root, name, kept, problems, unread) for name in FOLDERS}
    problems.extend(_strangers(root))
    units = found.get("units.yaml")
    city = City(
        root=root,
        place=found.get("city.yaml") or Place.model_construct(districts=[], parks=[]),
        units={unit.id: unit for unit in units.units} if units else {},
        plan=found.get("plan.yaml"),
        townships=found.get("townships.yaml"),
        published=found.get("published.yaml") or Published(),
        documents=kept,
        unread=unread,
        **folders,
    )
    return city, problems


def _folder(
    root: Path,
    name: str,
    kept: dict[tuple[str, str], Document],
    problems: list[Problem],
    unread: Unread,
) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    for file in sorted((root / name).glob("*.yaml")):
        document = documents.read(file, shown_as=f"{name}/{file.name}")
        part = build(document, FOLDERS[name], problems, unread)
        if part is None:
            unread.names.add(file.stem)
            if name == "datasets" and document.data is None:
                unread.kinds.add(FACTS)
            continue
        if part.id != file.stem:
            unread.names.add(file.stem)
            problems.append(_misnamed(document, part.id, file, taken=part.id in parts))
            if part.id in parts or file.with_stem(part.id).exists():
                continue
        parts[part.id] = part
        kept[(name, part.id)] = document
    return parts


def _misnamed(document: Document, name: str, file: Path, *, taken: bool) -> Problem:
    """The Problem that a file holds an id that is not its name, or is another file's."""
    if taken or file.with_stem(name).exists():
        return document.problem(
            ("id",),
            Text(zh=f"标识“{name}”重复", en=f"id '{name}' stands twice"),
            Text(
                zh=f"另一个文件已用这个标识；改为 {file.stem}",
                en=f"Another file has it already; write {file.stem}.",
            ),
        )
    return document.problem(
        ("id",),
        Text(
            zh=f"标识“{name}”与文件名“{file.stem}”不一致",
            en=f"id '{name}' is not the file name '{file.stem}'",
        ),
        Text(zh="改标识或改文件名", en="Change the id or the file name."),
    )


def _absent(name: str) -> Problem:
    return Problem(
        name,
        0,
        0,
        Text(zh=f"缺少文件 {name}", en=f"the file {name} is missing"),
        Text(zh="用 cityforge init 可得到样板", en="cityforge init writes a pattern."),
    )


def files(root: Path) -> list[Path]:
    """The files that make a city, sorted by path; data and results may stand beside them."""
    single = [root / name for name in FILES if (root / name).is_file()]
    return sorted(
        [
            *single,
            *(file for name in FOLDERS for file in (root / name).glob("*.yaml") if file.is_file()),
        ]
    )


def _strangers(root: Path) -> list[Problem]:
    """YAML files that no part of the product reads: most often a slip in a name."""
    known = [*FILES, *(f"{name}/" for name in FOLDERS)]
    slips = [f for f in root.iterdir() if f.is_dir() and get_close_matches(f.name, FOLDERS, 1, 0.8)]
    found = [*root.glob("*.y*ml"), *(file for slip in slips for file in slip.rglob("*.y*ml"))]
    return [
        Problem(
            str(file.relative_to(root)),
            0,
            0,
            Text(
                zh=f"多余的文件 {file.relative_to(root)}，不会被读取",
                en=f"{file.relative_to(root)} is not read by anything",
            ),
            nearest(str(file.relative_to(root)), known),
        )
        for file in sorted({*found} - {*files(root)})
    ]
