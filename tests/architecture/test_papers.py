"""The papers keep up with the code: reference, schemas, twins, links, what README promises."""

import re
from pathlib import Path
from typing import get_args

import pytest

from cityforge.brain.city.dataset import ColumnKind
from cityforge.brain.city.schemas import as_text, schemas
from cityforge.brain.expr.functions import FUNCTIONS as LANGUAGE
from cityforge.brain.intake.accept import REASONS
from cityforge.brain.scoring.functions import FUNCTIONS as SCORING

LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
HEADING = re.compile(r"^(#+) ", re.M)
FENCE = re.compile(r"```.*?```", re.S)


@pytest.mark.usefixtures("generator")
def test_generated_pages_are_current(root: Path) -> None:
    from generator import pages

    wanted = pages.pages(root)
    stale = [file.name for file, text in wanted.items() if file.read_text("utf-8") != text]
    assert stale == [], "run `make docs`"
    written = set((root / "docs/reference").iterdir())
    assert written == set(wanted)


def test_schemas_are_current(root: Path) -> None:
    written = {file.name: file.read_text("utf-8") for file in (root / "schemas").iterdir()}
    assert written == {name: as_text(schema) for name, schema in schemas().items()}, "make docs"


@pytest.mark.usefixtures("generator")
def test_every_command_is_in_the_reference(root: Path) -> None:
    from generator import commands

    page = (root / "docs/reference/cli.md").read_text("utf-8")
    assert len(commands.names()) >= 8
    assert [name for name in commands.names() if f"## cityforge {name}\n" not in page] == []


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("language.md", [f.signature for f in LANGUAGE.values()]),
        ("scoring.md", list(SCORING)),
        ("quarantine.md", list(get_args(ColumnKind))),
        ("quarantine.md", list(REASONS)),
    ],
    ids=["functions", "scoring", "kinds", "reasons"],
)
def test_every_name_is_in_the_reference(root: Path, page: str, names: list[str]) -> None:
    text = (root / "docs/reference" / page).read_text("utf-8")
    assert names
    assert [name for name in names if f"`{name}`" not in text] == []


def twins(root: Path) -> list[tuple[Path, Path]]:
    """Each English paper with its Chinese twin."""
    pairs = [(root / "README.md", root / "README.zh.md")]
    for english in sorted((root / "docs").rglob("*.en.md")):
        pairs.append((english, english.with_name(english.name.replace(".en.md", ".zh.md"))))
    return pairs


def test_every_paper_in_two_languages_has_both(root: Path) -> None:
    english = {file for file, _ in twins(root)}
    for chinese in (root / "docs").rglob("*.zh.md"):
        assert chinese.with_name(chinese.name.replace(".zh.md", ".en.md")) in english
    assert [chinese for _, chinese in twins(root) if not chinese.is_file()] == []


def test_twins_have_the_same_sections_and_commands(root: Path) -> None:
    for pair in twins(root):
        texts = [file.read_text("utf-8") for file in pair]
        levels = [HEADING.findall(FENCE.sub("", text)) for text in texts]
        assert levels[0] == levels[1], pair[0]
        assert commands_in(texts[0]) == commands_in(texts[1]), pair[0]


def commands_in(text: str) -> list[str]:
    """What a paper tells to type, without the choice of language and what differs by it."""
    lines = []
    for kind, body in re.findall(r"```(console|sh)\n(.*?)```", text, re.S):
        found = [line.removeprefix("$ ") for line in body.splitlines()]
        if kind == "console":
            found = [line[2:] for line in body.splitlines() if line.startswith("$ ")]
        lines += [line.split("#")[0].strip() for line in found]
    plain = [re.sub(r"<[^>]*>", "<…>", line) for line in lines]
    return [line for line in plain if line and not line.startswith("export CITYFORGE_LANG")]


def test_links_lead_somewhere(root: Path, tracked: list[Path]) -> None:
    broken = []
    for paper in (file for file in tracked if file.suffix == ".md"):
        text = FENCE.sub("", paper.read_text("utf-8"))
        for link in LINK.findall(text):
            if "://" not in link and not (paper.parent / link).exists():
                broken.append(f"{paper.relative_to(root)}: {link}")
    assert broken == []


def test_commands_of_the_papers_exist(root: Path, tracked: list[Path]) -> None:
    makefile = (root / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.M))
    asked = set()
    for paper in (file for file in tracked if file.suffix == ".md"):
        asked |= set(re.findall(r"(?:`|^)make ([a-z-]+)", paper.read_text("utf-8"), re.M))
    assert {"demo", "test"} <= asked <= targets


def test_ci_runs_what_the_readme_says(root: Path) -> None:
    script = (root / ".ci/run").read_text("utf-8").splitlines()
    for readme in ("README.md", "README.zh.md"):
        assert "make test" in commands_in((root / readme).read_text("utf-8"))
    assert "make test" in script


def test_the_readme_counts_the_conformance_kit(root: Path) -> None:
    kit = root / "src/cityforge/brain/expr/conformance"
    lines = [line for file in kit.glob("by_*.txt") for line in file.read_text("utf-8").splitlines()]
    cases = sum(1 for line in lines if line.strip() and not line.startswith("#"))
    assert f" of {cases:,} cases" in (root / "README.md").read_text("utf-8")
    assert f" {cases:,} 条" in (root / "README.zh.md").read_text("utf-8")


def test_decisions_are_numbered_without_gaps(root: Path) -> None:
    names = sorted(file.name for file in (root / "docs/adr").glob("*.md"))
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
