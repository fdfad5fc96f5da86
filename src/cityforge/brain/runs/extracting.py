"""The road of extraction: a file of enterprises in; place, capital and industry out, row by row."""

import collections
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
from sqlglot import exp

from cityforge.brain.city import checks
from cityforge.brain.city.dataset import Dataset
from cityforge.brain.city.folder import City
from cityforge.brain.city.wording import nearest
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.errors import RunRefused, Text, ValueRefused
from cityforge.brain.extraction import address, gazetteer, industry
from cityforge.brain.intake import raw
from cityforge.brain.reports import extracted
from cityforge.brain.reports.tables import Table
from cityforge.brain.runs import extract_files
from cityforge.brain.values import capital
from cityforge.brain.values.quantity import unit

Tell = Callable[[Text, float], None]
Counts = collections.Counter[tuple[str, str]]

_COLUMNS = ("uscc", "name", "address", "registered_capital", "business_scope")
_MONEY = ("元", "千元", "万元", "百万元", "亿元")
_BANDS = ((0.8, "high"), (0.5, "middle"), (0.0, "low"))


@dataclass(slots=True)
class Extracted:
    """What was made: the file, how many rows, and what was found, counted by part and line."""

    out: Path
    rows: int
    set_aside: int
    counts: Counts
    remarks: list[Text]

    @property
    def tables(self) -> list[Table]:
        return extracted.tables(self.counts, rows=self.rows)


def extract(
    city_folder: Path,
    file: Path,
    *,
    out: Path,
    dataset: str | None = None,
    tell: Tell | None = None,
) -> Extracted:
    """Read a file by the headers of a contract and write what its texts tell, a row for a row.

    Without `dataset` the contract is the one named as the file, else the frame's. Rows of totals
    and notes are set aside and counted. Raises CityRefused, DataRefused and RunRefused.
    """
    say = tell or (lambda _text, _share: None)
    city, _ = checks.load(city_folder)
    extract_files.check(out)
    contract = _contract(city, file, dataset)
    with Engine() as engine:
        found = raw.read(engine, contract, file, tell=lambda words, share: say(words, share * 0.5))
        asked, set_aside = _asked(engine, found)
    counts: Counts = collections.Counter()
    table = asked.select(["row", "uscc", "name"])
    say(Text(zh="认住所", en="Reading addresses"), 0.5)
    parts = [
        _places(city, asked, counts),
        _capitals(contract, found, asked, counts),
        _industries(found, asked, counts),
    ]
    for part in parts:
        if part is not None:
            for name in part.column_names:
                table = table.append_column(name, part[name])
    say(Text(zh="写出", en="Writing"), 0.9)
    titles = {district.id: district.title for district in city.place.districts}
    extract_files.write(table, out, districts=titles)
    return Extracted(out, table.num_rows, set_aside, counts, found.remarks)


def _contract(city: City, file: Path, dataset: str | None) -> Dataset:
    named = dataset or next(
        (d.id for d in city.datasets.values() if file.stem in (d.id, d.title)), None
    )
    found = city.datasets.get(named) if named else city.frame
    if found is None:
        hint = nearest(named or "", city.datasets)
        raise RunRefused(
            Text(zh=f"没有数据集“{named}”。{hint.zh}", en=f"no such dataset: '{named}'. {hint.en}")
        )
    return found


def _asked(engine: Engine, found: raw.Raw) -> tuple[pa.Table, int]:
    """The texts to read, NULL where the file has no such column; and how many rows are no data."""
    is_data = exp.column(raw.MARK).is_(exp.null())
    chosen: list[exp.Expr] = [exp.alias_(exp.column(raw.ROW), "row")]
    for name in _COLUMNS:
        held: exp.Expr = exp.column(name, quoted=True)
        if name not in found.columns:
            held = exp.null()
        chosen.append(exp.alias_(exp.cast(held, "VARCHAR"), name))
    query = exp.select(*chosen).from_(found.table).where(is_data).order_by("row")
    rows = engine.arrow(query)
    return rows, found.rows - rows.num_rows


def _places(city: City, asked: pa.Table, counts: Counts) -> pa.Table:
    words = gazetteer.build(city)
    read = address.recognise_all(words, asked["address"], asked["name"])
    told = zip(*(read[c].to_pylist() for c in ("district", "place_from", "place_guess",
                                               "place_elsewhere")), strict=True)  # fmt: skip
    for district, from_, is_guess, is_elsewhere in told:
        if is_elsewhere:
            line = "elsewhere"
        elif district is None:
            line = "untold"
        else:
            line = "guessed" if is_guess else f"by_{from_}"
        counts["place", line] += 1
    return read


def _capitals(
    contract: Dataset, found: raw.Raw, asked: pa.Table, counts: Counts
) -> pa.Table | None:
    if "registered_capital" not in found.columns:
        return None
    stated = _stated_unit(contract, found)
    texts = asked["registered_capital"].to_pylist()
    read = {text: _capital(text, stated) for text in dict.fromkeys(texts)}
    columns: list[tuple[Decimal | None, str | None, str | None, str | None]] = []
    for text in texts:
        sum_, problem = read[text]
        if sum_ is None:
            counts["capital", "refused" if problem else "missing"] += 1
            columns.append((None, None, None, problem))
            continue
        counts["capital", "read"] += 1
        counts["capital", "foreign"] += sum_.is_foreign
        counts.update(("capital", flag) for flag in sum_.flags)
        columns.append((sum_.amount, sum_.currency, " ".join(sum_.flags) or None, None))
    names = ("capital", "currency", "capital_flags", "capital_problem")
    kinds = (pa.decimal128(38, 6), pa.string(), pa.string(), pa.string())
    return pa.table(
        {
            name: pa.array([row[i] for row in columns], kind)
            for i, (name, kind) in enumerate(zip(names, kinds, strict=True))
        }
    )


def _capital(text: str | None, stated: str) -> tuple[capital.Capital | None, str | None]:
    try:
        return capital.read(text, unit=stated), None
    except ValueRefused as refused:
        return None, f"{refused.what.zh} · {refused.what.en}"


def _stated_unit(contract: Dataset, found: raw.Raw) -> str:
    """The unit of bare numbers: the header's where it states one, else the contract's."""
    column = contract.column("registered_capital")
    agreed = (column.unit if column else None) or ""
    factor = found.factors.get("registered_capital")
    if factor is None or not agreed:
        return agreed
    size = unit(agreed).factor * factor
    return next((name for name in _MONEY if unit(name).factor == size), "")


def _industries(found: raw.Raw, asked: pa.Table, counts: Counts) -> pa.Table | None:
    if "business_scope" not in found.columns:
        return None
    texts = [
        (scope or "", name or "")
        for scope, name in zip(
            asked["business_scope"].to_pylist(), asked["name"].to_pylist(), strict=True
        )
    ]
    read = industry.infer_all(texts, limit=3)
    told = [read[text] for text in texts]
    counts.update(("industry", _band(found_)) for found_ in told)
    first = [found_[0] if found_ else None for found_ in told]
    return pa.table(
        {
            "industry_inferred": pa.array([f and f.code for f in first], pa.string()),
            "industry_confidence": pa.array([f and f.confidence for f in first], pa.float64()),
            "industry_because": pa.array([f and "、".join(f.because) for f in first], pa.string()),
            "industry_others": pa.array([_others(f) for f in told], pa.string()),
        }
    )


def _others(told: Sequence[industry.Inferred]) -> str | None:
    return "、".join(f"{each.code} ({each.confidence:.2f})" for each in told[1:]) or None


def _band(told: Sequence[industry.Inferred]) -> str:
    if not told:
        return "none"
    return next(name for least, name in _BANDS if told[0].confidence >= least)
