"""Names that are nobody's: district, a coined brand, what is made, the form of company.

The brand is two coined syllables, three where two are taken. The syllables are literary characters
that well-known brands do not pair; a name is unique within the simulated city.
"""

from collections.abc import Sequence

import numpy as np

from cityforge.brain.mock.streams import Flags, Integers, Words, stream

_FIRST = "沅翊晟骅铄澍瀚昱煊垚珂祺琛奕泓澜桓珩霁璟叡烨岚栩翀沐彧澔昀旻劭峻楷涵渝溯皓砚磊"
_SECOND = "骧钊峤翎岑沣堃杭樾淇逵朔栎霈澄韬旸璞珏蘅潼屹崧钰嵘槐淦渊荃柏锦赫骏衡铎谦勋毅炜"
_THIRD = "禾川岩舟禹辰穗桥梓溪"
_COMPANY = "有限公司"
_FORMS = (_COMPANY, f"科技{_COMPANY}", f"制造{_COMPANY}", "股份有限公司", "厂")
_FORM_SHARES_LISTED = (0.60, 0.20, 0.12, 0.08, 0.0)
_FORM_SHARES_SMALLER = (0.62, 0.16, 0.12, 0.01, 0.09)


def names(
    seed: int, prefixes: Words, products: Sequence[str], product: Integers, *, listed: Flags
) -> Words:
    """One unique name for each enterprise; `product` indexes the words of `products`.

    A workshop (厂) is never `listed` as above scale.
    """
    draw = stream(seed, "names")
    count = len(prefixes)
    forms = np.where(
        listed,
        draw.choice(len(_FORMS), size=count, p=_FORM_SHARES_LISTED),
        draw.choice(len(_FORMS), size=count, p=_FORM_SHARES_SMALLER),
    )
    first = draw.integers(len(_FIRST), size=count)
    second = draw.integers(len(_SECOND), size=count)
    third = np.full(count, -1)
    _, prefix = np.unique(prefixes.astype(str), return_inverse=True)
    taken = _repeated(prefix, first, second, third, product, forms)
    while taken.any():
        again = int(taken.sum())
        first[taken] = draw.integers(len(_FIRST), size=again)
        second[taken] = draw.integers(len(_SECOND), size=again)
        third[taken] = draw.integers(len(_THIRD), size=again)
        taken = _repeated(prefix, first, second, third, product, forms)
    brands = (
        _FIRST[a] + _SECOND[b] + (_THIRD[c] if c >= 0 else "")
        for a, b, c in zip(first, second, third, strict=True)
    )
    pieces = zip(prefixes, brands, product, forms, strict=True)
    result = np.empty(count, dtype=object)
    result[:] = [f"{where}{brand}{products[p]}{_FORMS[f]}" for where, brand, p, f in pieces]
    return result


def company_types(all_names: Words) -> Words:
    """The company type that the end of a name tells."""
    kinds = [
        "股份有限公司" if name.endswith("股份有限公司")
        else "个人独资企业" if name.endswith("厂")
        else "有限责任公司"
        for name in all_names
    ]  # fmt: skip
    return np.array(kinds, dtype=object)


def _repeated(*parts: Integers) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Every row that repeats an earlier one."""
    key = np.zeros(len(parts[0]), dtype=np.int64)
    for part in parts:
        key = key * 256 + (part + 1)
    _, first_seen = np.unique(key, return_index=True)
    repeated = np.ones(len(key), dtype=bool)
    repeated[first_seen] = False
    return repeated
