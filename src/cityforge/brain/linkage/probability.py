"""Splink's model of a pair: how like two records must look to be one enterprise.

The weights are learnt once, by expectation maximisation, and kept (weights.py): the same two
records weigh the same in every run and every city, which an audit can follow. `train` learns them
anew from a table of records.
"""

from collections.abc import Mapping
from typing import Any, Final

import splink
import sqlglot
from splink import Linker, SettingsCreator

from cityforge.brain.linkage import ladder
from cityforge.brain.linkage.tables import Tables, query
from cityforge.brain.linkage.thresholds import REVIEW_WEIGHT
from cityforge.brain.linkage.weights import FREQUENT, PRIOR, WEIGHTS

SEED: Final = 20260101
_BLOCKED = "link_blocked"
_ONE_SLIP = "LEVENSHTEIN(core_l, core_r) <= 1"

# Levels of a comparison, surest first; the first that holds counts. Plain SQL that DuckDB and Spark
# both know. None: one side says nothing, which counts neither way.
LEVELS: Final[Mapping[str, tuple[tuple[str, str | None], ...]]] = {
    "core": (
        ("equal", "core_l = core_r"),
        ("sounds equal", "sound_l = sound_r"),
        ("letters exchanged", "letters_l = letters_r"),
        ("one slip, 6 characters or more", f"LENGTH(core_l) >= 6 AND {_ONE_SLIP}"),
        ("one slip, places and all", "LEVENSHTEIN(stem_l, stem_r) <= 1"),
        ("one slip, short", _ONE_SLIP),
        (
            "two slips, 7 characters or more",
            "LENGTH(core_l) >= 7 AND LEVENSHTEIN(core_l, core_r) <= 2",
        ),
        (
            "one within the other",
            (
                "LENGTH(core_l) >= 3 AND STRPOS(core_r, core_l) > 0"
                " OR LENGTH(core_r) >= 3 AND STRPOS(core_l, core_r) > 0"
            ),
        ),
        ("same brand", "brand_l = brand_r"),
        ("other", None),
    ),
    "prefix": (
        ("equal", "prefix_l = prefix_r"),
        (
            "one within the other",
            "STRPOS(prefix_l, prefix_r) > 0 OR STRPOS(prefix_r, prefix_l) > 0",
        ),
        ("other", None),
    ),
    "form": (("equal", "form_l = form_r"), ("other", None)),
    "district": (("equal", "district_l = district_r"), ("other", None)),
    "address": (
        ("equal", "address_l = address_r"),
        (
            "alike",
            (
                "LENGTH(address_l) >= 6 AND LEVENSHTEIN(address_l, address_r) <= 2"
                " OR LENGTH(address_l) >= 5 AND STRPOS(address_r, address_l) > 0"
                " OR LENGTH(address_r) >= 5 AND STRPOS(address_l, address_r) > 0"
            ),
        ),
        ("other", None),
    ),
    "number": (("two slips at most", "LEVENSHTEIN(number_l, number_r) <= 2"), ("other", None)),
}
_MISSING: Final = {
    "core": "core_l = '' OR core_r = ''",
    "prefix": "prefix_l = '' OR prefix_r = ''",
    "form": "form_l = '' OR form_r = ''",
    "district": "district_l IS NULL OR district_r IS NULL",
    "address": "address_l IS NULL OR address_r IS NULL",
    "number": "number_l IS NULL OR number_r IS NULL",
}
_INPUT = """
    SELECT record AS unique_id, 'all' AS source, core, brand, stem, prefix, form, district, address,
      sound, letters, COALESCE(code, CASE WHEN LENGTH(stated) BETWEEN 16 AND 20 THEN stated END)
      AS number, SUBSTR(core, 1, 3) AS opening, RIGHT(core, 4) AS ending
    FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY record ORDER BY former, whole) AS n
          FROM link_names) AS named
    WHERE n = 1
"""
# Branches share the name of their head: pairs of them would teach that equal names mean nothing.
_TRAINING = _INPUT + " AND branch = ''"
KEPT = "link_weighed"


def weigh(engine: Tables) -> None:
    """Make `link_weighed` (l, r, match_weight and mw_* by comparison) of the pairs worth it."""
    ladder.block(engine, _BLOCKED)
    linker, _ = _linker(engine, trained=True)
    database: Any = linker._db_api
    blocked = database.register(_BLOCKED, table_name="blocked")
    linker.table_management.register_blocked_pairs_for_predict(blocked)
    predicted = linker.inference.predict(threshold_match_weight=REVIEW_WEIGHT, warning_mode="never")
    engine.drop(KEPT)
    parts = ", ".join(f"mw_{name}" for name in LEVELS)
    both = "SELECT {0} AS l, {1} AS r, match_weight, " + parts + " FROM " + predicted.physical_name
    engine.create(KEPT, query(both.format("unique_id_l", "unique_id_r")))
    engine.append(KEPT, query(both.format("unique_id_r", "unique_id_l")))
    database.delete_tables_created_by_splink_from_db()


def weights(engine: Tables) -> dict[tuple[str, str], dict[str, float]]:
    """The match weight of every comparison of the weighed pairs."""
    rows = engine.arrow(query(f"SELECT * FROM {KEPT}")).to_pylist()
    return {
        (row["l"], row["r"]): {name: round(row[f"mw_{name}"], 2) for name in LEVELS} for row in rows
    }


def train(engine: Tables) -> dict[str, Any]:
    """Learn the weights from `link_names`: level -> (m, u), with the prior. Same seed, same model.

    Two blocks train it: names that open alike leave the rest to be learnt, addresses the names.
    """
    linker, block_on = _linker(engine, trained=False)
    database: Any = linker._db_api
    training = linker.training
    training.estimate_u_using_random_sampling(max_pairs=6e7, seed=SEED)
    for rule in (block_on("opening", "district"), block_on("core")):
        training.estimate_parameters_using_expectation_maximisation(rule, max_pairs=1e6)
    model = linker.misc.save_model_to_json()
    database.delete_tables_created_by_splink_from_db()
    return model


def _linker(engine: Tables, *, trained: bool) -> tuple[Linker, Any]:
    engine.drop("link_input")
    engine.create("link_input", query(_INPUT if trained else _TRAINING))
    api: Any
    if engine.dialect == "spark":
        api = splink.SparkAPI(  # type: ignore[no-untyped-call]
            spark_session=engine.native,
            break_lineage_method="persist",
            # None of Splink's own functions is used, so its jar is not needed.
            register_udfs_automatically=False,
        )
    else:
        api = splink.DuckDBAPI(connection=engine.native)
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[_comparison(name, engine, trained=trained) for name in LEVELS],
        probability_two_random_records_match=PRIOR,
        retain_intermediate_calculation_columns=True,
        retain_matching_columns=False,
    )
    table = api.register("link_input", table_name="records")
    return Linker(table, settings, log_level=None), splink.block_on


def _comparison(name: str, engine: Tables, *, trained: bool) -> dict[str, Any]:
    levels: list[dict[str, Any]] = [
        {
            "sql_condition": _printed(_MISSING[name], engine),
            "label_for_charts": "missing",
            "is_null_level": True,
        }
    ]
    for label, condition in LEVELS[name]:
        level: dict[str, Any] = {
            "sql_condition": _printed(condition, engine) if condition else "ELSE",
            "label_for_charts": label,
        }
        if name in FREQUENT and label == "equal":
            level["tf_adjustment_column"] = name
        if trained:
            level["m_probability"], level["u_probability"] = WEIGHTS[name][label]
        levels.append(level)
    return {"output_column_name": name, "comparison_levels": levels}


def _printed(condition: str, engine: Tables) -> str:
    return engine.sql(sqlglot.parse_one(condition, read="duckdb"))
