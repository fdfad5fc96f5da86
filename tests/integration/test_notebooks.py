"""The notebooks of the docs run from first cell to last, and are kept without outputs."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


def _read(file: Path) -> nbformat.NotebookNode:
    found = nbformat.read(file, as_version=4)
    nbformat.validate(found)
    return found


def test_there_is_one() -> None:
    assert [file.name for file in NOTEBOOKS] == ["policies.ipynb"]


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_kept_without_outputs_and_told_in_both_languages(file: Path) -> None:
    cells = _read(file).cells
    assert [cell for cell in cells if cell.cell_type == "code" and cell.outputs] == []
    assert [cell for cell in cells if cell.get("execution_count")] == []
    for cell in cells:
        if cell.cell_type == "markdown":
            assert any("一" <= char <= "鿿" for char in cell.source), cell.source
            assert any("a" <= char <= "z" for char in cell.source), cell.source


@pytest.mark.enable_socket
@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_every_cell_runs(file: Path, tmp_path: Path) -> None:
    """A kernel is spoken to by sockets of this machine."""
    notebook = _read(file)
    client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}})
    client.execute()
    told = "".join(
        output.get("text", "") + str(output.get("data", {}).get("text/plain", ""))
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    )
    assert "▲ 模拟数据" in told
    assert "现在可享" in told
    assert "check_up.pdf" in told
    # 9,000 + 5,000 元 is more than the 10,000 that a greedy choice would take.
    assert "(('high_yield', 'lean_land'), 1400000" in "".join(told.split("\n"))
