"""The made-up city with policies of a test's own."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cityforge.brain.city import checks
from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.folder import City

LANHE = Path(__file__).resolve().parents[2] / "cities" / "lanhe"

Load = Callable[..., tuple[City, Dictionary]]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Load the made-up city with policy files, given as id=text, beside its own."""

    def with_policies(**policies: str) -> tuple[City, Dictionary]:
        root = tmp_path / "lanhe"
        shutil.copytree(LANHE, root)
        (root / "policies").mkdir(exist_ok=True)
        for name, text in policies.items():
            (root / "policies" / f"{name}.yaml").write_text(text, encoding="utf-8")
        return checks.load(root)

    return with_policies
