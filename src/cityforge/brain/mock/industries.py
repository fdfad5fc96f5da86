"""The industries of the simulated city and how they differ; all of it assumption, see the table."""

import functools
import importlib.resources
from dataclasses import dataclass

import numpy as np

from cityforge.brain.mock.streams import Floats


@dataclass(frozen=True, slots=True)
class Product:
    """What an enterprise makes: a 小类 code of GB/T 4754-2017, and the word for it in a name."""

    code: str
    word: str
    division: int


@dataclass(frozen=True, slots=True)
class Industries:
    """The table by column: `coefficients[name]` has one value per division, in table order."""

    divisions: tuple[str, ...]
    coefficients: dict[str, Floats]
    products: tuple[Product, ...]
    products_of: tuple[tuple[int, ...], ...]
    keywords: tuple[tuple[str, ...], ...]

    def of(self, name: str, division: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> Floats:
        """One coefficient for each enterprise, by the index of its division."""
        return self.coefficients[name][division]


@functools.cache
def industries() -> Industries:
    """The table `tables/industries.tsv`."""
    table = importlib.resources.files(__package__) / "tables" / "industries.tsv"
    lines = [line for line in table.read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    names = lines[0].split("\t")
    rows = [dict(zip(names, line.split("\t"), strict=True)) for line in lines[1:]]
    numbers = [name for name in names if name not in ("division", "products", "keywords")]
    products, products_of = _products([row["products"] for row in rows])
    return Industries(
        divisions=tuple(row["division"] for row in rows),
        coefficients={name: np.array([float(row[name]) for row in rows]) for name in numbers},
        products=products,
        products_of=products_of,
        keywords=tuple(tuple(row["keywords"].split()) for row in rows),
    )


def _products(cells: list[str]) -> tuple[tuple[Product, ...], tuple[tuple[int, ...], ...]]:
    products: list[Product] = []
    products_of = []
    for division, cell in enumerate(cells):
        start = len(products)
        for entry in cell.split():
            code, word = entry.split(":")
            products.append(Product(code, word, division))
        products_of.append(tuple(range(start, len(products))))
    return tuple(products), tuple(products_of)
