"""Score tables: points or ranges, the mark, the least of each part, what is open."""

from datetime import date
from decimal import Decimal

import pytest

from cityforge.brain.city.ladder import ScoreTable
from cityforge.brain.ladders.scores import score
from cityforge.brain.rules.row import Row

EVIDENCE = {"source": "设例", "verified": "assumption"}
SURE = {"id": "sure", "says": "数据", "says_en": "data", "fact": "sure", "most": "40分"}
BAND = {
    "id": "band",
    "says": "区间",
    "says_en": "band",
    "low": "low",
    "high": "high",
    "most": "30分",
}
OPEN = {"id": "open", "says": "专家", "says_en": "experts", "most": "30分"}


def _scored(
    values: dict[str, object], *parts: dict[str, object], pass_: str = "60分", **more: object
):
    table = ScoreTable.model_validate(
        {
            "from": date(2020, 1, 1),
            "pass": pass_,
            "parts": list(parts),
            "evidence": EVIDENCE,
            **more,
        }
    )
    return score(table, Row(values, date(2025, 1, 1)))


@pytest.mark.parametrize(
    ("sure", "low", "high", "pass_", "strict", "wanted"),
    [
        (40, 20, 25, "60分", False, (60, 95, "reached")),
        (40, 20, 25, "60分", True, (60, 95, "open")),  # 60 itself is not enough, more may come
        (40, 20, 25, "61分", False, (60, 95, "open")),
        (40, 20, 25, "95分", False, (60, 95, "open")),
        (40, 20, 25, "95分", True, (60, 95, "missed")),
        (0, 0, 5, "60分", False, (0, 35, "missed")),
    ],
)
def test_a_verdict(sure: int, low: int, high: int, pass_: str, strict: bool, wanted: tuple) -> None:  # noqa: FBT001
    values = {"sure": Decimal(sure), "low": Decimal(low), "high": Decimal(high)}
    found = _scored(values, SURE, BAND, OPEN, pass_=pass_, strict=strict)
    assert (found.low, found.high, found.verdict) == wanted
    assert found.most == 100


def test_a_part_below_its_least_is_missed_whatever_the_sum() -> None:
    part = SURE | {"least": "20分"}
    wide = {"low": Decimal(30), "high": Decimal(30)}
    assert _scored({"sure": Decimal(19), **wide}, part, BAND, pass_="40分").verdict == "missed"
    assert _scored({"sure": Decimal(20), **wide}, part, BAND, pass_="40分").verdict == "reached"


def test_what_is_not_known_may_be_anything_and_is_said() -> None:
    found = _scored({"low": Decimal(1), "high": Decimal(6)}, SURE, BAND, pass_="40分")
    (sure, band) = found.parts
    assert (sure.low, sure.high, sure.lacking, sure.experts) == (0, 40, ("sure",), False)
    assert (band.low, band.high, band.lacking, band.experts) == (1, 6, (), True)
    assert found.verdict == "open"


def test_a_low_alone_reaches_up_to_the_full_points_and_the_whole_to_its_most() -> None:
    bonus = {"id": "bonus", "says": "加分", "says_en": "bonus", "low": "low", "most": "2分"}
    found = _scored({"sure": Decimal(40), "low": Decimal(1)}, SURE, bonus, most="41分")
    assert (found.parts[1].low, found.parts[1].high) == (1, 2)
    assert (found.low, found.high, found.most) == (41, 41, 41)
