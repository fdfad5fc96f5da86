"""One text reads the same as txt in any encoding, docx, html and pdf."""

from collections.abc import Callable, Sequence
from pathlib import Path

import docx
import pytest

from cityforge.brain.plans import source
from cityforge.brain.plans.characters import tight
from cityforge.brain.plans.read import read_bytes, read_lines, read_plan
from cityforge.brain.plans.reading import Reading

Form = Callable[[Sequence[str]], bytes]


def said(reading: Reading) -> object:
    """What was read, without places and line ends."""
    return (
        reading.title,
        reading.from_year,
        reading.to_year,
        [
            (m.number, m.kind, tight(m.title), m.section, [(u.name, u.role) for u in m.units])
            for m in reading.measures
        ],
        [
            (tight(t.indicator), t.comparator, t.value, t.unit, t.year, t.annual, t.measure)
            for t in reading.targets
        ],
        [(n.number, n.reason.en) for n in reading.not_targets],
        [(r.group, r.name, r.value, r.unit, r.year) for r in reading.table],
    )


def test_every_format_reads_the_same(plan: list[str], form: Form) -> None:
    plain = read_lines(plan)
    assert len(plain.measures) == 4
    assert len(plain.targets) == 11
    assert said(read_bytes(form(plan), name="plan")) == said(plain)


@pytest.mark.shared
@pytest.mark.parametrize("name", ["taizhou", "dev01", "dev04", "dev06"])
def test_real_plans_read_the_same(shared: Path, name: str, form: Form) -> None:
    file = next((shared / "plans").glob(f"{name}*.txt"))
    lines = file.read_text(encoding="utf-8").splitlines()
    plain = read_plan(file)
    assert said(read_bytes(form(lines), name=file.name)) == said(plain)


TABLE = [
    ["类别", "指标", "单位", "2027年"],
    ["规模", "渔业产值", "亿元", "300"],
    ["", "渔船数", "艘", "900以上"],
    ["绿色", "尾水处理率", "%", "85左右"],
]
ROWS = [
    ("规模", "渔业产值", 300, "亿元", 2027),
    ("规模", "渔船数", 900, "艘", 2027),
    ("绿色", "尾水处理率", 85, "%", 2027),
]


def rows(reading: Reading) -> object:
    return [(r.group, r.name, r.value, r.unit, r.year) for r in reading.table]


def test_merged_cells_of_a_word_table(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(rows=4, cols=4)
    for i, row in enumerate(TABLE):
        for j, text in enumerate(row):
            table.cell(i, j).text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    file = tmp_path / "plan.docx"
    document.save(str(file))
    assert rows(read_plan(file)) == ROWS


def test_merged_cells_of_an_html_table() -> None:
    page = """<html><body><table><tr><th>类别</th><th>指标</th><th>单位</th><th>2027年</th></tr>
    <tr><td rowspan="2">规模</td><td>渔业产值</td><td>亿元</td><td>300</td></tr>
    <tr><td>渔船数</td><td>艘</td><td><p>900以上</p></td></tr>
    <tr><td>绿色</td><td>尾水处理率</td><td>%</td><td>85左右</td></tr></table></body></html>"""
    assert rows(read_bytes(page.encode(), name="plan.html")) == ROWS


def test_an_html_table_that_only_arranges_the_page_is_text(plan: list[str]) -> None:
    body = "".join(f"<p>{line}</p>" for line in plan)
    page = f"<html><body><table><tr><td>菜单</td><td>{body}</td></tr></table></body></html>"
    found = read_bytes(page.encode(), name="plan.html")
    assert [m.number for m in found.measures] == ["1", "2", "3", "保（一）"]


def test_automatic_numbers_of_word_are_read(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("一、重点任务")
    document.add_paragraph("建设渔港。新建渔港2座。", style="List Number")
    document.add_paragraph("改造渔船。改造渔船30艘。", style="List Number")
    file = tmp_path / "plan.docx"
    document.save(str(file))
    assert [(m.number, m.title) for m in read_plan(file).measures] == [
        ("1", "建设渔港"),
        ("2", "改造渔船"),
    ]


def test_the_kind_is_told_by_the_content_not_the_name(plan: list[str], form: Form) -> None:
    assert source.read_bytes(form(plan), name="计划.doc").lines
