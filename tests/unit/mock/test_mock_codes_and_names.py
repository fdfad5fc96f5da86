"""Codes and names of enterprises that do not exist."""

import csv
import gzip
from pathlib import Path

import numpy as np
import pytest

from cityforge.brain.mock.codes import credit_codes
from cityforge.brain.mock.industries import industries
from cityforge.brain.mock.names import company_types, names
from cityforge.brain.mock.streams import persistent, stream
from cityforge.brain.values import credit_code, industry


def some_names(count: int, *, prefix: str = "东沚", seed: int = 5) -> list[str]:
    words = [product.word for product in industries().products]
    product = stream(seed, "test").integers(len(words), size=count)
    prefixes = np.full(count, prefix, dtype=object)
    return list(names(seed, prefixes, words, product, listed=np.zeros(count, dtype=bool)))


def test_codes_pass_both_checks_and_carry_their_region() -> None:
    regions = np.array(["999901", "999902"] * 500, dtype=object)
    codes = credit_codes(5, regions)
    parsed = [credit_code.parse(code) for code in codes]
    assert all(isinstance(code, credit_code.CreditCode) for code in parsed)
    assert all(code.is_subject_sound for code in parsed if hasattr(code, "is_subject_sound"))
    assert [code.region for code in parsed] == list(regions)
    assert {code.code[:2] + code.code[8:10] for code in parsed if hasattr(code, "code")} == {"91MK"}


def test_codes_do_not_repeat() -> None:
    codes = credit_codes(9, np.full(200_000, "999901", dtype=object))
    assert len(set(codes)) == 200_000


def test_names_do_not_repeat_even_when_many() -> None:
    many = some_names(60_000)
    assert len(set(many)) == 60_000


def test_a_name_tells_the_type_of_company() -> None:
    found = company_types(np.array(["甲股份有限公司", "甲厂", "甲科技有限公司"], dtype=object))
    assert list(found) == ["股份有限公司", "个人独资企业", "有限责任公司"]


def test_large_enterprises_are_no_workshops() -> None:
    words = [product.word for product in industries().products]
    zeros = np.zeros(3000, dtype=np.int64)
    prefixes = np.full(3000, "东沚", dtype=object)
    large = names(5, prefixes, words, zeros, listed=np.ones(3000, dtype=bool))
    assert not any(name.endswith("厂") for name in large)
    assert any(name.endswith("厂") for name in some_names(3000))


@pytest.mark.shared
def test_no_name_is_that_of_a_registered_enterprise(shared: Path) -> None:
    folder = (
        shared / "enterprises" if (shared / "enterprises").is_dir() else shared / "data/enterprises"
    )
    with (folder / "taizhou_registrations.csv").open(encoding="utf-8-sig", newline="") as stream_:
        real = {row["企业名称"] for row in csv.DictReader(stream_)}
    with gzip.open(
        folder / "jiangsu_registrations_slim.csv.gz", "rt", encoding="utf-8-sig"
    ) as rows:
        reader = csv.reader(rows)
        next(reader)
        real |= {row[0] for row in reader}
    assert len(real) > 100_000
    mocked = {name for prefix in ("", "江苏") for name in some_names(20_000, prefix=prefix)}
    assert mocked & real == set()


def test_the_industries_are_those_of_the_standard() -> None:
    table = industries()
    assert len(table.divisions) >= 24
    for product in table.products:
        found = industry.get(product.code)
        assert len(found.code) == 4
        assert product.code.startswith(table.divisions[product.division])


def test_streams_do_not_shift_each_other() -> None:
    first = stream(1, "tax").normal(size=5)
    stream(1, "land").normal(size=1000)
    assert np.array_equal(first, stream(1, "tax").normal(size=5))
    assert not np.array_equal(first, stream(2, "tax").normal(size=5))
    assert not np.array_equal(first, stream(1, "land").normal(size=5))


def test_persistent_deviations_last() -> None:
    found = persistent(stream(1, "x"), (20_000, 6), firm=0.4, year=0.2)
    assert found.std(axis=0) == pytest.approx(np.full(6, np.hypot(0.4, 0.2)), rel=0.05)
    next_year = np.corrcoef(found[:, 4], found[:, 5])[0, 1]
    assert next_year == pytest.approx((0.16 + 0.7 * 0.04) / 0.2, abs=0.02)
