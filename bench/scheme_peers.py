"""The scheme js_huaian_2024 for 2024 in Polars and pandas, as their practitioners would write it.

The same columns as ours and the statement by hand; Parquet in, Parquet out, two threads.
"""

import os
from datetime import date
from pathlib import Path
from typing import Any

YEAR = 2024
INDICATORS = ("tax_per_mu", "sales_per_mu", "green")
WEIGHTS = {"tax_per_mu": 45.0, "sales_per_mu": 35.0, "green": 20.0}
FACTOR = 2.0
CUTS = (("A", 20), ("B", 60), ("C", 95))
PLACE = ["part", "district"]
UTILITIES = ["44", "45", "46"]
# What decides that an enterprise is not rated, in this order: status, reason, its English.
REASONS = {
    1: ("outside", "评价年度内尚未成立", "not yet founded"),
    2: ("undetermined", "缺少：实际用地面积", "unknown: land in use"),
    3: ("outside", "不在参评范围", "not in the population"),
    4: ("exempt", "水、电、气资源要素供给企业", "supplier of water, electricity or gas"),
    5: ("exempt", "投产不到 2 年的新办企业", "less than two years in production"),
}
ORDER = ["uscc", "name", "year", "district", "industry", "part", "status", "reason", "reason_en"]
ORDER += [f"{what}_{name}" for name in INDICATORS for what in ("value", "base", "points", "how")]
ORDER += ["total", "ranked", "rank", "grade"]


def in_polars(folder: Path) -> None:
    """One lazy query on the streaming engine."""
    os.environ["POLARS_MAX_THREADS"] = "2"
    import polars as pl

    col, lit, when, double = pl.col, pl.lit, pl.when, pl.Float64
    above = col("above_scale")
    used = when(above).then(col("energy")).otherwise(col("electricity"))
    ratios = {
        "tax_per_mu": (col("tax_paid"), col("land_mu")),
        "sales_per_mu": (col("invoiced_sales"), col("land_mu")),
        "green": (col("tax_paid"), used),
    }

    def standing(year: int) -> pl.Expr:
        inside = above | (col("land_mu") >= 3)
        tests = [
            col("registered_on") > date(year, 12, 31),
            inside.is_null(),
            ~inside,
            col("industry_code").str.head(2).is_in(UTILITIES),
            col("years_in_production") < 2,
        ]
        found = lit(0)
        for number in reversed(range(len(tests))):
            found = when(tests[number]).then(number + 1).otherwise(found)
        return found.cast(pl.Int8).alias("standing")

    part = when(above).then(lit("above")).otherwise(lit("below")).alias("part")

    def base(name: str) -> pl.Expr:
        top, bottom = ratios[name]
        both = top.is_not_null() & (bottom > 0)
        mean = top.filter(both).sum().cast(double) / bottom.filter(both).sum().cast(double)
        return (mean / 10_000 * FACTOR).alias(f"base_{name}")

    def value(name: str) -> pl.Expr:
        top, bottom = ratios[name]
        divisor = when(bottom != 0).then(bottom).cast(double)
        return (top.cast(double) / divisor / 10_000).alias(f"value_{name}")

    def raw(name: str) -> pl.Expr:
        points = col(f"value_{name}") / col(f"base_{name}") * WEIGHTS[name]
        return when(points < 0).then(0.0).otherwise(points).alias(f"raw_{name}")

    def average(name: str) -> pl.Expr:
        return col(f"raw_{name}").filter(col("standing") == 0).mean().alias(f"mean_{name}")

    def points(name: str) -> pl.Expr:
        filled = pl.coalesce(f"raw_{name}", f"mean_{name}", lit(0.0))
        return when(rated).then(filled).alias(f"points_{name}")

    def how(name: str) -> pl.Expr:
        word = (
            when(col(f"raw_{name}").is_not_null()).then(lit("scored"))
            .when(col(f"mean_{name}").is_not_null()).then(lit("group_average"))
            .when(col(f"value_{name}").is_not_null()).then(lit("no_base"))
            .otherwise(lit("zero"))
        )  # fmt: skip
        return when(rated).then(word).alias(f"how_{name}")

    rated = col("standing") == 0
    bases = (
        pl.scan_parquet(folder / f"facts_{YEAR - 1}.parquet")
        .with_columns(standing(YEAR - 1), part)
        .filter(rated)
        .group_by(PLACE)
        .agg(base(name) for name in INDICATORS)
    )
    scored = (
        pl.scan_parquet(folder / f"facts_{YEAR}.parquet")
        .with_columns(standing(YEAR), part, *(value(name) for name in INDICATORS))
        .join(bases, on=PLACE, how="left")
        .with_columns(raw(name) for name in INDICATORS)
    )
    averages = scored.group_by(PLACE).agg(average(name) for name in INDICATORS)
    total = (col("points_tax_per_mu") + col("points_sales_per_mu") + col("points_green")).round(9)
    ties = [col(f"value_{name}").round(9) for name in ("tax_per_mu", "sales_per_mu")]
    group = [rated, *PLACE]
    n, place = col("ranked"), col("rank")
    grade = when(~rated).then(None)
    for letter, share in CUTS:
        grade = grade.when(place <= (2 * n * share + 100) // 200).then(lit(letter))
    said = {
        name: col("standing").replace_strict(
            {number: words[i] for number, words in REASONS.items()}, default=default
        )
        for i, (name, default) in enumerate(
            [("status", "rated"), ("reason", None), ("reason_en", None)]
        )
    }
    (
        scored.join(averages, on=PLACE, how="left")
        .with_columns(*(points(name) for name in INDICATORS), *(how(name) for name in INDICATORS))
        .with_columns(total=total)
        .sort(
            [col("total"), *ties, col("uscc")],
            descending=[True, True, True, False],
            nulls_last=True,
        )
        .with_columns(
            ranked=when(rated).then(pl.len().over(group)),
            rank=when(rated).then(pl.int_range(1, pl.len() + 1).over(group)),
        )
        .with_columns(
            year=lit(YEAR, pl.Int32),
            grade=grade.otherwise(lit("D")),
            ranked=n.cast(pl.Int32),
            rank=place.cast(pl.Int32),
            **said,
        )
        .select(ORDER)
        .sort("uscc")
        .sink_parquet(folder / "polars.parquet", engine="streaming")
    )


def in_pandas(folder: Path) -> None:
    """Frames in memory: text as Arrow keeps it, amounts as doubles."""
    import numpy as np
    import pandas as pd
    import pyarrow as pa

    pa.set_cpu_count(2)

    def read(year: int) -> Any:
        facts = pd.read_parquet(folder / f"facts_{year}.parquet", dtype_backend="pyarrow")
        amounts = ["land_mu", "tax_paid", "invoiced_sales", "energy", "electricity"]
        facts = facts.astype(dict.fromkeys(amounts, "float64"))
        above, land = facts["above_scale"].astype(bool), facts["land_mu"]
        is_utility = facts["industry_code"].str.slice(0, 2).isin(UTILITIES)
        tests = [
            facts["registered_on"] > date(year, 12, 31),
            ~above & land.isna(),
            ~above & ~(land >= 3),
            is_utility,
            facts["years_in_production"].astype("float64") < 2,
        ]
        tests = [test.to_numpy(dtype=bool) for test in tests]
        facts["standing"] = np.select(tests, list(range(1, 6)), default=0).astype("int8")
        facts["part"] = pd.Categorical.from_codes(
            (~above).astype("int8"), categories=["above", "below"]
        )
        facts["district"] = facts["district"].astype("category")
        facts["used"] = facts["energy"].where(above, facts["electricity"])
        return facts

    ratios = {
        "tax_per_mu": ("tax_paid", "land_mu"),
        "sales_per_mu": ("invoiced_sales", "land_mu"),
        "green": ("tax_paid", "used"),
    }
    before = read(YEAR - 1)
    before = before[before["standing"] == 0]
    bases = {}
    for name, (top, bottom) in ratios.items():
        both = before[before[top].notna() & (before[bottom] > 0)]
        sums = both.groupby(PLACE, observed=True)[[top, bottom]].sum()
        bases[f"base_{name}"] = sums[top] / sums[bottom] / 10_000 * FACTOR
    del before
    facts = read(YEAR)
    for name, (top, bottom) in ratios.items():
        facts[f"value_{name}"] = facts[top] / facts[bottom].replace(0, np.nan) / 10_000
    unread = ["tax_paid", "invoiced_sales", "land_mu", "energy", "electricity", "used"]
    unread += ["industry_code", "registered_on", "years_in_production", "above_scale"]
    facts = facts.drop(columns=unread)
    facts = facts.merge(pd.DataFrame(bases).reset_index(), on=PLACE, how="left")
    rated = facts["standing"] == 0
    total = 0.0
    for name, weight in WEIGHTS.items():
        raw = (facts[f"value_{name}"] / facts[f"base_{name}"] * weight).clip(lower=0)
        groups = [facts[key] for key in PLACE]
        average = raw.where(rated).groupby(groups, observed=True).transform("mean")
        facts[f"points_{name}"] = raw.fillna(average).fillna(0.0).where(rated)
        known = [~rated, raw.notna(), average.notna(), facts[f"value_{name}"].notna()]
        words = np.select(known, [None, "scored", "group_average", "no_base"], default="zero")
        facts[f"how_{name}"] = pd.Categorical(words)
        total = total + facts[f"points_{name}"]
    facts["total"] = total.round(9)
    keys = pd.DataFrame(
        {
            "total": facts["total"],
            "first": facts["value_tax_per_mu"].round(9),
            "second": facts["value_sales_per_mu"].round(9),
            "uscc": facts["uscc"],
        }
    )[rated]
    order = keys.sort_values(list(keys), ascending=[False, False, False, True]).index
    ranks = facts.loc[order, PLACE].groupby(PLACE, observed=True).cumcount() + 1
    sizes = facts.loc[rated, PLACE].groupby(PLACE, observed=True)["part"].transform("size")
    facts["ranked"], facts["rank"] = sizes.astype("Int32"), ranks.astype("Int32")
    n, place = facts["ranked"].fillna(0).astype("int64"), facts["rank"].fillna(0)
    within = [~rated, *(place <= (2 * n * share + 100) // 200 for _, share in CUTS)]
    letters = [None, *(letter for letter, _ in CUTS)]
    tests = [test.to_numpy(dtype=bool) for test in within]
    facts["grade"] = pd.Categorical(np.select(tests, letters, default="D"))
    for i, (name, default) in enumerate(
        [("status", "rated"), ("reason", None), ("reason_en", None)]
    ):
        words = [default, *(found[i] for found in REASONS.values())]
        kinds = [word for word in dict.fromkeys(words) if word is not None]
        codes = np.array([kinds.index(word) if word else -1 for word in words])
        facts[name] = pd.Categorical.from_codes(codes[facts["standing"]], categories=kinds)
    facts["year"] = np.int32(YEAR)
    facts = facts[ORDER].sort_values("uscc")
    facts.to_parquet(folder / "pandas.parquet", compression="zstd", index=False)
