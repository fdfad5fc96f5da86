"""How pages write units, sizes, figures, and tables of the library."""

from types import SimpleNamespace

import pytest
from django.template import Context, Template

from cityforge.brain.errors import Text
from cityforge.brain.reports.tables import Table
from cityforge.portal.shell.templatetags.tables import lined_up


def said(template: str, language: str, **values: object) -> str:
    request = SimpleNamespace(language=language)
    return Template(template).render(Context({"request": request, **values}))


@pytest.mark.parametrize(
    ("symbol", "zh", "en"),
    [("万元/亩", "（万元/亩）", " (ten thousand yuan/mu)"), ("家", "（家）", ""), ("", "", "")],
)
def test_units_are_told_in_the_language_of_the_reader(symbol: str, zh: str, en: str) -> None:
    assert said("{% in_unit one %}", "zh", one=symbol) == zh
    assert said("{% in_unit one %}", "en", one=symbol) == en


def test_sizes_of_files_are_told_in_the_language_of_the_reader() -> None:
    assert said("{% size n %}", "zh", n=0) == "0 字节"
    assert said("{% size n %}", "en", n=12) == "12 bytes"
    assert said("{% size n %}", "zh", n=13_824) == "13.5 KB"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("500.0000", "500"),
        ("16103912.08", "16,103,912.08"),
        ("1,234.5000", "1,234.5"),
        ("1000", "1,000"),
        ("约 3", "约 3"),
        (None, "—"),
    ],
)
def test_figures_have_no_noughts_at_their_end(given: str | None, shown: str) -> None:
    assert said("{% figure one %}", "zh", one=given) == shown


def test_columns_of_figures_stand_to_the_right() -> None:
    word = Text(zh="甲", en="A")
    rows = ((word, "1,234", "13/57", "—", "12.5%", word), ("8", "—", "1/2", "—", "−3.0%", word))
    found = lined_up(Table(word, (word,) * 6, rows))
    assert [css for _, css in found["heads"]] == ["", "n", "n", "", "n", ""]
    assert found["rows"][1][0] == ("8", "")
