"""The papers show what the commands really print: README's first result, tutorials, how-tos."""

import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAPERS = [
    "README.md",
    "README.zh.md",
    "docs/tutorials/first-city.en.md",
    "docs/tutorials/first-city.zh.md",
]


@pytest.fixture(scope="module")
def transcripts() -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "docs")
        yield importlib.import_module("generator.transcripts")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_commands_print_what_the_papers_show(transcripts: ModuleType, language: str) -> None:
    papers = transcripts.papers(ROOT)
    assert {ROOT / name for name in PAPERS} <= set(papers)
    with transcripts.Session(ROOT) as session:
        for paper in papers:
            if transcripts.language_of(paper) == language:
                text = paper.read_text(encoding="utf-8")
                assert session.renewed(paper) == text, f"{paper.name}: run `make docs`"
