"""Tables on a screen too narrow for them: words break, figures and credit codes do not."""

import pytest
from rich.console import Console

from cityforge.brain.cli import terminal
from cityforge.brain.errors import Text
from cityforge.brain.reports.tables import Table

CODE = "91321204MK0HJ6TN16"
MONEY = "1,236,742.75"


def _told(monkeypatch: pytest.MonkeyPatch, width: int) -> str:
    screen = Console(width=width, highlight=False, record=True)
    monkeypatch.setattr(terminal, "out", screen)
    heads = ("企业名称", "统一社会信用代码", "差什么", "达到后可得（万元）")
    says = "年度设备投入 300 万元以上，还差一些，需要继续投入才行"
    table = Table(
        Text(zh="只差一条", en="Near"),
        tuple(Text(zh=head, en=head) for head in heads),
        (("姜堰渝衡农业机械有限公司", CODE, says, MONEY),),
    )
    terminal.show_table(table)
    return screen.export_text()


@pytest.mark.parametrize("width", [60, 80])
def test_figures_and_codes_stay_whole(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    told = _told(monkeypatch, width)
    assert CODE in told and MONEY in told
    assert max(map(len, told.splitlines())) <= width


def test_on_a_wide_screen_nothing_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    told = _told(monkeypatch, 160)
    assert "达到后可得（万元）" in told
    assert "姜堰渝衡农业机械有限公司" in told
