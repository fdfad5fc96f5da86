"""Addresses of the reference city: what is told, what is guessed, what lies elsewhere."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityforge.brain.extraction import address
from cityforge.brain.extraction.gazetteer import Gazetteer

Told = tuple[str | None, str | None, tuple[str, ...]]

# address -> district, township, the words that told it
TOLD: dict[str, Told] = {
    # the district by its name of today, and the township
    "兴化市戴南镇甲村": ("xinghua", "戴南镇", ("兴化市", "戴南镇")),
    "江苏省泰州市姜堰区溱潼镇1号": ("jiangyan", "溱潼镇", ("姜堰区", "溱潼镇")),
    "泰州市海陵区甲路5号": ("hailing", None, ("海陵区",)),
    "泰州市高港区永安洲镇": ("gaogang", "永安洲镇", ("高港区", "永安洲镇")),
    # by an earlier name
    "姜堰市白米镇": ("jiangyan", "白米镇", ("姜堰市", "白米镇")),
    "兴化县安丰镇": ("xinghua", "安丰镇", ("兴化县", "安丰镇")),
    "扬州市泰兴县黄桥镇": ("taixing", "黄桥镇", ("泰兴县", "黄桥镇")),
    # by its short name at the head, and a park that bears its name
    "靖江江平路1号": ("jingjiang", None, ("靖江",)),
    "江苏靖江新桥镇": ("jingjiang", "新桥镇", ("靖江", "新桥镇")),
    "姜堰经济开发区甲路": ("jiangyan", None, ("姜堰经济开发区",)),
    # a township given up, and one whose ending changed
    "兴化市张郭镇甲村": ("xinghua", "戴南镇", ("兴化市", "张郭镇")),
    "缸顾乡甲村": ("xinghua", "千垛镇", ("缸顾乡",)),
    "兴化市茅山镇": ("xinghua", None, ("兴化市", "茅山镇")),
    "兴化市垛田乡": ("xinghua", "垛田街道", ("兴化市", "垛田乡")),
    "靖江市生祠工业园": ("jingjiang", "生祠镇", ("靖江市", "生祠")),
    # the township alone tells the district, where only one has it
    "泰州市口岸镇甲村": ("gaogang", "口岸街道", ("口岸镇",)),
    "凤凰街道办1号": ("gaogang", "凤凰街道", ("凤凰街道办",)),
    # a district's name inside a road's tells nothing
    "兴化市泰兴路8号": ("xinghua", None, ("兴化市",)),
    "兴化市戴南路8号": ("xinghua", None, ("兴化市",)),
    # full width, blanks
    "　兴化市 戴南镇　": ("xinghua", "戴南镇", ("兴化市", "戴南镇")),
}


@pytest.mark.parametrize(("text", "wanted"), TOLD.items())
def test_an_address_tells_district_and_township(
    taizhou: Gazetteer, text: str, wanted: Told
) -> None:
    read = address.recognise(taizhou, text, None)
    assert (read.district, read.township, read.evidence) == wanted
    assert read.from_ == "address"
    assert not read.is_guess
    assert not read.is_elsewhere


def test_a_township_moved_as_a_whole_moves_the_enterprise(taizhou: Gazetteer) -> None:
    read = address.recognise(taizhou, "姜堰区华港镇甲村", None)
    assert (read.district, read.township, read.is_moved) == ("hailing", "华港镇", True)
    assert read.evidence == ("姜堰区", "华港镇")


@pytest.mark.parametrize(
    ("text", "name", "wanted"),
    [
        ("甲路5号", "靖江市甲厂", ("jingjiang", None, ("靖江市",))),
        ("甲路5号", "甲集团有限公司兴化分公司", ("xinghua", None, ("兴化",))),
        ("甲路5号", "靖江市甲有限公司兴化戴南分店", ("xinghua", "戴南镇", ("兴化", "戴南"))),
        ("泰州市甲路5号", "泰州市姜堰区甲厂", ("jiangyan", None, ("姜堰区",))),
        ("N/A", "张郭镇甲加油站", ("xinghua", "戴南镇", ("张郭镇",))),
        ("戴南工业园", "兴化市甲厂", ("xinghua", "戴南镇", ("兴化市", "戴南"))),
    ],
)
def test_the_name_tells_what_the_address_does_not(
    taizhou: Gazetteer, text: str, name: str, wanted: Told
) -> None:
    read = address.recognise(taizhou, text, name)
    assert (read.district, read.township, read.evidence) == wanted
    assert read.from_ == "name"
    assert not read.is_guess


@pytest.mark.parametrize(
    ("text", "name", "district", "from_"),
    [
        ("泰州市青年路2号", "甲厂", "hailing", "address"),  # the city alone: its seat
        ("泰州综合保税区甲库", "甲厂", "gaogang", "address"),  # a park
        ("甲路5号靖江大厦", "甲厂", "jingjiang", "address"),  # a name in mid-text
        ("宁通公路宣堡服务区", "甲加油站", "taixing", "address"),  # a township's short name
        ("甲路5号", "戴南甲厂", "xinghua", "name"),
        ("甲路5号", "泰州市甲厂", "hailing", "name"),
    ],
)
def test_what_is_only_likely_is_marked_a_guess(
    taizhou: Gazetteer, text: str, name: str, district: str, from_: str
) -> None:
    read = address.recognise(taizhou, text, name)
    assert (read.district, read.from_, read.is_guess) == (district, from_, True)
    assert read.evidence


@pytest.mark.parametrize(
    ("text", "name", "word"),
    [
        ("江苏省沭阳县颜集街", "甲支局", "沭阳县"),
        ("颜集街", "甲公司江苏省沭阳县颜集支局", "沭阳县"),
        ("南京市甲路", "兴化市甲厂", "南京市"),
        ("上海市甲路", None, "上海市"),
        ("宿迁市泗洪县青阳镇", None, "宿迁市"),
    ],
)
def test_a_place_elsewhere_is_said_and_not_guessed(
    taizhou: Gazetteer, text: str, name: str | None, word: str
) -> None:
    read = address.recognise(taizhou, text, name)
    assert read.is_elsewhere
    assert read.district is None
    assert read.evidence == (word,)


@pytest.mark.parametrize("text", ["", "N/A", None, "甲路5号", "上海市场1号", "路"])
def test_words_that_tell_nothing_give_nothing(taizhou: Gazetteer, text: str | None) -> None:
    assert address.recognise(taizhou, text, None) == address.Recognised()


def test_a_table_is_read_once_for_each_distinct_pair_and_keeps_its_order(
    taizhou: Gazetteer,
) -> None:
    addresses = pa.array(["兴化市戴南镇", "甲路", None, "兴化市戴南镇", "沭阳县"])
    names = pa.array(["甲", "靖江市甲厂", None, "甲", "甲"])
    read = address.recognise_all(taizhou, addresses, names)
    assert read["district"].to_pylist() == ["xinghua", "jingjiang", None, "xinghua", None]
    assert read["place_from"].to_pylist() == ["address", "name", None, "address", "address"]
    assert read["place_evidence"].to_pylist()[0] == "兴化市、戴南镇"
    assert read["place_evidence"].to_pylist()[2] is None
    assert read["place_elsewhere"].to_pylist() == [False, False, False, False, True]
    assert address.recognise_all(taizhou, addresses[:0], names[:0]).num_rows == 0


@given(
    text=st.text(alphabet="江苏省泰州市兴化戴南镇姜堰区海陵路街道沭阳县园1号 （）", max_size=25),
    name=st.text(alphabet="泰州市靖江公司分店兴化", max_size=12),
)
def test_evidence_stands_in_the_text_it_is_said_to_come_from(
    taizhou: Gazetteer, text: str, name: str
) -> None:
    read = address.recognise(taizhou, text, name)
    both = "".join((text + name).split()).replace("（", "(").replace("）", ")")
    assert all(word in both for word in read.evidence)
    assert (read.district is not None or read.is_elsewhere) == bool(read.evidence)
    assert not (read.is_elsewhere and read.district)
