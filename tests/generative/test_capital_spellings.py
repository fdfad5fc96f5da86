"""Registered capital: whatever is written comes back, and nothing else than a refusal is raised."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from cityforge.brain.errors import ValueRefused
from cityforge.brain.values import capital

AMOUNTS = st.decimals(min_value=0, max_value=9_999_999, places=4, allow_nan=False)
ENDINGS = st.sampled_from(
    [("{}万元人民币", "CNY"), ("{}(万人民币)", "CNY"), ("{}（万美元）", "USD"), ("港元{}万", "HKD")]
)
FULL_WIDTH = str.maketrans("0123456789.,", "０１２３４５６７８９．，")


@given(amount=AMOUNTS, ending=ENDINGS, grouped=st.booleans(), wide=st.booleans())
def test_an_amount_written_in_any_way_comes_back(
    amount: Decimal, ending: tuple[str, str], *, grouped: bool, wide: bool
) -> None:
    digits = f"{amount:,}" if grouped else f"{amount}"
    text = ending[0].format(digits.translate(FULL_WIDTH) if wide else digits)
    read = capital.read(text)
    assert read is not None
    assert read.amount == amount * 10_000
    assert read.currency == ending[1]
    assert ("zero_stated" in read.flags) == (amount == 0)


@given(st.text(alphabet="0123456789.,()（）万亿元百千人民币美日圆整壹佰零-N/A ", max_size=30))
def test_any_text_is_read_missing_or_refused(text: str) -> None:
    try:
        read = capital.read(text)
    except ValueRefused as refused:
        assert refused.position is not None
        assert 0 <= refused.position <= len(text)
        return
    assert read is None or read.amount >= 0
