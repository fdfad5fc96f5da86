"""Names in all spellings come to one; their parts; what is a branch; what sounds alike."""

import pytest

from cityforge.brain.linkage import names
from cityforge.brain.linkage.places import Places, national
from cityforge.brain.linkage.sounds import sound


@pytest.fixture
def places() -> Places:
    return Places(["云海省", "澜河市", "青柳区", "石桥县", "北浦区"])


@pytest.mark.parametrize(
    "spelling",
    [
        "澜河翊骧商贸有限责任公司",
        "澜河翊骧商贸 有限公司",
        "澜河翊骧商贸有限公司。",
        "　澜河翊骧商贸有限公司",
        "澜河（翊骧）商贸有限公司",
        "澜河翊骧商貿有限公司",
        "“澜河翊骧”商贸有限公司",
    ],
)
def test_one_spelling(spelling: str) -> None:
    assert names.normalise(spelling) == "澜河翊骧商贸有限公司"


@pytest.mark.parametrize(
    ("name", "prefix", "core", "form", "branch"),
    [
        ("澜河市翊骧商贸有限公司", "澜河", "翊骧商贸", "有限公司", ""),
        ("云海省澜河市青柳区翊骧机械厂", "云海|澜河|青柳", "翊骧机械", "厂", ""),
        ("翊骧(澜河)商贸有限公司", "澜河", "翊骧商贸", "有限公司", ""),
        ("翊骧（澜河市青柳区）商贸有限公司", "澜河|青柳", "翊骧商贸", "有限公司", ""),
        ("澜河翊骧商贸", "澜河", "翊骧商贸", "", ""),
        ("澜河翊骧商贸有限公同", "澜河", "翊骧商贸", "有限公司", ""),
        ("澜河翊骧商贸有限公司青柳分公司", "澜河", "翊骧商贸", "有限公司", "青柳分公司"),
        ("澜河翊骧石油有限公司第一加油站", "澜河", "翊骧石油", "有限公司", "第一加油站"),
        ("翊骧银行石桥支行", "", "翊骧银行", "", "石桥支行"),
        ("澜河翊骧商贸青柳分公司", "澜河", "翊骧商贸青柳", "", "分公司"),
        ("澜河翊骧试剂厂有限公司", "澜河", "翊骧试剂厂", "有限公司", ""),
        ("澜河翊骧中心（有限合伙）", "澜河", "翊骧中心", "有限合伙", ""),
        ("澜河有限公司", "", "澜河", "有限公司", ""),
        ("", "", "", "", ""),
    ],
)
def test_parts(places: Places, name: str, prefix: str, core: str, form: str, branch: str) -> None:
    read = names.read(name, places)
    assert (read.prefix, read.core, read.form, read.branch) == (prefix, core, form, branch)


def test_head_and_brand(places: Places) -> None:
    read = names.read("澜河翊骧进出口贸易有限责任公司石桥营业部", places)
    assert read.head == "澜河翊骧进出口贸易有限公司"
    assert read.brand == "翊骧"


def test_numbers_tell_siblings_apart(places: Places) -> None:
    first, second = (names.read(f"澜河第{n}加油站", places).numerals for n in "一二")
    assert (first, second) == ("第一", "第二")


def test_one_slip_leaves_a_variant_in_common() -> None:
    for slipped in ("恒虹商贸", "宏恒商贸", "恒商贸", "恒宏大商贸"):
        assert set(names.variants("恒宏商贸")) & set(names.variants(slipped)), slipped
    assert not set(names.variants("恒宏商贸")) & set(names.variants("恒大机电"))


def test_sounds() -> None:
    assert sound("恒宏") == sound("衡虹")
    assert sound("恒宏") != sound("恒通")
    assert sound("翊A1") == "翊A1"  # rare characters and signs sound like themselves


def test_national_places() -> None:
    words = national(["3201"])
    assert words.leading("江苏省南京市玄武区长江路1号")[0] == ("江苏", "南京", "玄武")
    assert words.leading("上海某某")[0] == ("上海",)
    assert words.leading("昆山某某")[0] == ()  # a county elsewhere is the caller's to name
