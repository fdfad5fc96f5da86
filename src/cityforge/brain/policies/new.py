"""A new policy's file from a template, or from another policy: complete, checked, to be altered.

Templates name no city's facts. Where they stand for a sum of money or a title, the city's own are
put in, so that the new file checks clean, and its examples pass, before it is filled.
"""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

from cityforge.brain.city.dictionary import Dictionary, Fact
from cityforge.brain.city.folder import City
from cityforge.brain.city.policy_checks import YUAN
from cityforge.brain.city.shapes import LegalUse
from cityforge.brain.errors import RunRefused, Text
from cityforge.brain.values.quantity import Quantity, Unit, unit

TEMPLATES: dict[str, Text] = {
    "award": Text(zh="称号奖励：获得称号，给固定金额", en="a fixed award for a title"),
    "title": Text(zh="称号认定：符合条件，授予称号", en="recognition: a title for who meets it"),
    "rate": Text(zh="按比例补助，有上限", en="a rate of a sum, with a cap"),
    "tiers": Text(zh="分档补助", en="a grant in tiers"),
    "interest": Text(zh="贷款贴息，有上限", en="a part of the interest on a loan, with a cap"),
    "instalments": Text(zh="分期兑现，扣除已获资金", en="paid by instalments, less what was got"),
}
"""The templates by the kind of benefit, each a file of templates/."""

_SUM = Quantity(1000, unit("万元"))  # what the examples of the templates say of the sum
_LESS = Quantity(10, unit("万元"))
_LONGEST = 100
_SAFE = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")


def write(
    city: City, book: Dictionary, name: str, *, title: str, template: str = "rate", day: date
) -> Path:
    """Write policies/<name>.yaml in the city's folder; returns the file. Never overwrites.

    day   from which the new version is in force, until it is changed
    Raises RunRefused for a name that cannot be a file's or is taken, an unknown template, and where
    the city has nothing to put into the template.
    """
    text = from_template(city, book, name, title=title, template=template, day=day)
    file = city.root / "policies" / f"{name}.yaml"
    if file.exists():
        raise RunRefused(
            Text(zh=f"{file} 已存在，不覆盖；换一个标识", en=f"{file} exists; choose another id")
        )
    file.parent.mkdir(exist_ok=True)
    with file.open("x", encoding="utf-8") as new:
        new.write(text)
    return file


def from_template(
    city: City, book: Dictionary, name: str, *, title: str, template: str, day: date
) -> str:
    """The text of a new policy's file. Raises RunRefused as `write` does, but for a taken name."""
    _check(name, title)
    if template not in TEMPLATES:
        raise RunRefused(
            Text(
                zh=f"没有样板“{template}”；有：{'、'.join(TEMPLATES)}",
                en=f"no template '{template}'; there are {', '.join(TEMPLATES)}",
            )
        )
    text = files("cityforge.brain.policies").joinpath("templates", f"{template}.yaml").read_text(
        encoding="utf-8"
    )  # fmt: skip
    for mark, put in _filling(city, book, name, title, text, day):
        text = text.replace(mark, put)
    return text


def from_policy(city: City, pattern: str, name: str, *, title: str) -> str:
    """The text of a policy's file with another id and title; no model any more.

    Raises RunRefused for a name that cannot be a file's, and where there is no such pattern.
    """
    _check(name, title)
    document = city.documents.get(("policies", pattern))
    if document is None:
        raise RunRefused(Text(zh=f"没有政策“{pattern}”", en=f"there is no policy '{pattern}'"))
    put = {"id": name, "title": json.dumps(title, ensure_ascii=False), "model": "false"}
    put["title_en"] = put["title"]
    text = document.source
    spots = [
        (document.values[(key,)], new) for key, new in put.items() if (key,) in document.values
    ]
    for spot, new in sorted(spots, key=lambda pair: -pair[0].start):
        text = text[: spot.start] + new + text[spot.end :]
    return text


def _check(name: str, title: str) -> None:
    if not set(name) <= _SAFE or not name[:1].isalpha() or len(name) > _LONGEST // 2:
        raise RunRefused(
            Text(
                zh=f"标识“{name}”只能用小写字母、数字、下划线，以字母开头",
                en=f"the id '{name}' takes small letters, digits and _, a letter first",
            )
        )
    if not title.strip() or len(title) > _LONGEST or not title.isprintable():
        raise RunRefused(
            Text(
                zh=f"名称须为 1 至 {_LONGEST} 个可显示的字符，不含换行",
                en=f"a title is 1 to {_LONGEST} printable characters on one line",
            )
        )


def _filling(
    city: City, book: Dictionary, name: str, title: str, text: str, day: date
) -> Iterator[tuple[str, str]]:
    """Each mark of a template with what stands for it in this city."""
    yield "@ID@", name
    # A JSON string is a YAML string, whatever stands in it.
    yield "@TITLE@", json.dumps(title, ensure_ascii=False)
    yield "@FROM@", day.isoformat()
    if "@SUM@" in text:
        fact = _sum(book)
        yield "@SUM@", fact.name
        yield "@SUM_TITLE@", fact.title
        yield "@SUM_TITLE_EN@", fact.title_en
        yield "@SUM_MUCH@", _in(_SUM, fact.type.unit)
        yield "@SUM_LITTLE@", _in(_LESS, fact.type.unit)
    if "@REGISTER@" in text:
        register = next((one for one in city.registers.values() if one.kind == "title"), None)
        if register is None:
            raise RunRefused(
                Text(
                    zh="这座城市还没有称号类名录（registers/，kind: title），无法套用这个样板",
                    en="this city has no register of kind title, which the template needs",
                )
            )
        yield "@REGISTER@", register.id
        yield "@REGISTER_TITLE@", json.dumps(register.title, ensure_ascii=False)[1:-1]


def _sum(book: Dictionary) -> Fact:
    """A sum of money that may treat enterprises: an office's before what enterprises declare."""
    found = [
        fact
        for fact in book.facts.values()
        if fact.dataset
        and fact.type.is_number
        and fact.type.unit.is_like(YUAN)
        and LegalUse.TREAT in fact.legal_use
    ]
    if not found:
        raise RunRefused(
            Text(
                zh="这座城市还没有可用于处理单个企业的金额事实，无法套用这个样板",
                en="this city has no fact in money that may treat an enterprise",
            )
        )
    return min(found, key=lambda fact: (fact.declared, "tax" in fact.name, fact.name))


def _in(quantity: Quantity, measure: Unit) -> str:
    number = quantity.to(measure).value
    return f"{Decimal(number.numerator) / Decimal(number.denominator):f}"
