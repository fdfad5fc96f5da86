"""What a policy asks for: papers that an office holds, facts that no single office supplies, and
handing out without application (免申即享) what the government cannot decide by itself."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cityforge.brain.city.dataset import Dataset
from cityforge.brain.city.document import Path_
from cityforge.brain.errors import Text
from cityforge.brain.expr import check
from cityforge.brain.expr.typed import Typed
from cityforge.brain.policies.lint.read import Finding, Looked

_SHORTEST = 3  # characters of a title that is looked for in the name of a paper
_QUOTES = str.maketrans("", "", "“”\"'《》 ")


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that enterprises are often asked for, and the data that tell the same."""

    named: str
    told_by: str


PAPERS = (
    Paper(r"营业执照|business licen[cs]e", r"登记|市场主体|regist"),
    Paper(r"完税|纳税证明|纳税凭证|tax (certificate|receipt)", r"^税|税务|^tax"),
    Paper(r"社保|参保|社会保险|social insurance", r"社保|社会保险|social insurance"),
    Paper(r"用电|电费|electricity bill", r"用电|供电|electricity"),
    Paper(r"专利证书|patent", r"专利|patent"),
    Paper(r"不动产|土地使用|land (certificate|title)", r"用地|土地|不动产|^land"),
)


def find(looked: Looked) -> Iterator[Finding]:
    """What a version asks for and need not, or cannot get."""
    yield from _held(looked)
    yield from _suppliers(looked)
    if looked.policy.delivery == "automatic":
        yield from _not_automatic(looked)


def _held(looked: Looked) -> Iterator[Finding]:
    """Papers that the enterprise must hand in although a dataset of the city tells the same."""
    for i, material in enumerate(looked.version.materials):
        if material.source != "enterprise":
            continue
        dataset = _told_by(looked, f"{material.title} {material.title_en or ''}")
        if dataset is None:
            continue
        owner = looked.city.units.get(dataset.owner)
        office = Text(owner.title, owner.title_en) if owner else Text(dataset.owner, dataset.owner)
        yield looked.finding(
            "held_material",
            (*looked.path, "materials", i, "title"),
            Text(
                zh=f"政府已有这份资料：{office.zh}的“{dataset.title}”",
                en=f"the government has it already: '{dataset.title_en}' of {office.en}",
            ),
            Text(
                zh=f"改为部门共享：source: shared, owner: {dataset.owner}",
                en=f"Let the office share it: source: shared, owner: {dataset.owner}.",
            ),
        )


def _told_by(looked: Looked, paper: str) -> Dataset | None:
    """The dataset, not declared by enterprises, that tells what a paper tells."""
    held = [one for one in looked.city.datasets.values() if not one.declared]
    for kind in PAPERS:
        if re.search(kind.named, paper, re.I):
            for dataset in held:
                if re.search(kind.told_by, f"{dataset.title}", re.I) or re.search(
                    kind.told_by, dataset.title_en, re.I
                ):
                    return dataset
    plain = paper.translate(_QUOTES)
    for name in sorted(check.registers(looked.condition.truth)):
        register = looked.city.registers[name]
        if _is_in(register.title, plain) or _is_in(register.entry, plain):
            return looked.city.datasets.get(register.dataset)
    for fact in looked.book.rests_on(_facts(looked)):
        dataset = looked.city.datasets[fact.dataset or ""]
        if not dataset.declared and _is_in(fact.title, plain):
            return dataset
    return None


def _is_in(title: str, paper: str) -> bool:
    plain = title.translate(_QUOTES)
    return len(plain) >= _SHORTEST and plain in paper


def _suppliers(looked: Looked) -> Iterator[Finding]:
    """Facts whose dataset no single office answers for."""
    told: set[str] = set()
    for path, typed in _reads(looked):
        for dataset in _datasets(looked, typed):
            owner = looked.city.units.get(dataset.owner)
            if dataset.id in told or (owner is not None and owner.kind != "group"):
                continue
            told.add(dataset.id)
            yield looked.finding(
                "no_supplier",
                path,
                Text(
                    zh=f"“{dataset.title}”没有一个明确的提供单位",
                    en=f"no single office supplies '{dataset.title_en}'",
                ),
                Text(
                    zh=f"在 datasets/{dataset.id}.yaml 写明由谁提供",
                    en=f"Say in datasets/{dataset.id}.yaml who supplies it.",
                ),
            )


def _not_automatic(looked: Looked) -> Iterator[Finding]:
    """免申即享 needs all data in the government's hands; the first of each kind is told."""
    declared = next(
        (
            (path, fact)
            for path, typed in _reads(looked)
            for fact in looked.book.rests_on(check.names(typed))
            if fact.declared
        ),
        None,
    )
    hint = Text(
        zh="改为即申即享（instant）或申报审核（reviewed），或改用部门掌握的数据",
        en="Make it instant or reviewed, or rest it on data that an office holds.",
    )
    if declared is not None:
        path, fact = declared
        yield looked.finding(
            "not_automatic",
            path,
            Text(
                zh=f"免申即享，却要企业申报“{fact.title}”",
                en=f"automatic, yet rests on what enterprises declare: '{fact.title_en}'",
            ),
            hint,
        )
    for i, material in enumerate(looked.version.materials):
        if material.required and material.source == "enterprise":
            title = material.title_en or material.title
            yield looked.finding(
                "not_automatic",
                (*looked.path, "materials", i, "title"),
                Text(
                    zh=f"免申即享，却要企业提交“{material.title}”",
                    en=f"automatic, yet this is to be handed in: '{title}'",
                ),
                hint,
            )
            return


def _reads(looked: Looked) -> Iterable[tuple[Path_, Typed]]:
    """Every expression of a version with its place."""
    for leaf in looked.condition.leaves:
        yield (*leaf.path, "expr"), leaf.truth
    for expression in looked.expressions:
        yield expression.path, expression.typed


def _facts(looked: Looked) -> frozenset[str]:
    return frozenset[str]().union(*(check.names(typed) for _, typed in _reads(looked)))


def _datasets(looked: Looked, typed: Typed) -> Iterator[Dataset]:
    """The datasets that an expression rests on."""
    for fact in looked.book.rests_on(check.names(typed)):
        yield looked.city.datasets[fact.dataset or ""]
    for name in sorted(check.registers(typed)):
        dataset = looked.city.datasets.get(looked.city.registers[name].dataset)
        if dataset is not None:
            yield dataset
