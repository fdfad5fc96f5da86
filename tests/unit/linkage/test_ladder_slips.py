"""What is a slip between two names, and what tells two enterprises apart."""

import pytest

from cityforge.brain.linkage import slips


def row(left: str, right: str, *, entities: str = "ab") -> dict[str, str | None]:
    """The two sides of a pair whose brands are the third and fourth characters."""
    return {
        "l_whole": left, "r_whole": right, "l_brand": left[2:4], "r_brand": right[2:4],
        "l_entity": entities[0], "r_entity": entities[1], "l_stated": None, "r_code": None,
    }  # fmt: skip


NAME = "澜河翊骧科技有限公司"


@pytest.mark.parametrize(
    ("written", "kind", "place"),
    [
        ("澜河翊骧技科有限公司", "exchanged", "outside"),
        ("澜河翊骧料技有限公司", "replaced", "outside"),
        ("澜河翊骧课技有限公司", "sound", "outside"),
        ("澜河翊骧课级有限公司", "sounds", "outside"),
        ("澜河翊骧物资有限公司", None, None),
        ("澜河翊骧技有限公司", "left out", "outside"),
        ("澜河翊骑科技有限公司", "replaced", "opening"),
    ],
)
def test_a_slip_is_read(written: str, kind: str | None, place: str | None) -> None:
    slip = slips.read(row(written, NAME))
    assert (slip and slip.kind, slip and slip.place) == (kind, place)


@pytest.mark.parametrize(
    ("one", "other"),
    [("第一门市部", "第二门市部"), ("东门店", "西门店"), ("3号店", "13号店"), ("二十店", "十二店")],
)
def test_what_tells_siblings_apart_is_no_slip(one: str, other: str) -> None:
    assert slips.read(row(NAME + one, NAME + other)) is None


def test_a_rival_as_near_leaves_no_pair_clear() -> None:
    near = row("澜河翊骧料技有限公司", NAME)
    rival = row("澜河翊骧料技有限公司", "澜河翊骧物技有限公司", entities="ac")
    assert [is_clear for *_, is_clear in slips.clear([near])] == [True]
    assert [is_clear for *_, is_clear in slips.clear([near, rival])] == [False, False]
