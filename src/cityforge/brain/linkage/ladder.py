"""The rules that join records without guessing, as queries that propose pairs.

Every query compares names of enterprises (`link_names`: the faces of records with the entity they
belong to so far and the codes of that entity). The left side of a pair never bears a code, except
where two codes bear one name: such a pair is shown, never joined. What is proposed is decided in
decisions of link.py, the same for every engine.
"""

import pyarrow as pa

from cityforge.brain.linkage.tables import Tables, query
from cityforge.brain.linkage.thresholds import CANDIDATES, COMMON, LONGEST, SHORTEST

NAMES = "link_names"
ENTITIES = "link_entities"
PAIR_COLUMNS = ("code", "whole", "prefix", "core", "form", "branch", "address", "district")

_CODES = """
    SELECT MIN(record) OVER (PARTITION BY {key}) AS l, record AS r
    FROM link_faces WHERE {key} IS NOT NULL AND NOT former
"""
_SUBJECTS = """
    SELECT f.record AS l, s.record AS r
    FROM (SELECT subject, MIN(record) AS record FROM link_faces
          WHERE NOT former AND NOT subject IS NULL
          GROUP BY subject HAVING COUNT(DISTINCT code) <= 1) AS f
    JOIN link_faces AS s ON s.subject = f.subject AND NOT s.former
    WHERE f.record <> s.record
"""
_NAMES = """
    SELECT f.*, COALESCE(e.entity, f.record) AS entity, e.entity_code
    FROM link_faces AS f LEFT JOIN link_entities AS e ON f.record = e.record
"""
# One row for every spelling an entity bears; the entity's code stands for the record's own.
_DISTINCT_NAMES = """
    SELECT MIN(record) AS record, entity, COALESCE(MAX(entity_code), MAX(code)) AS code,
           whole, prefix, core, brand, form, branch, numerals, stem, sound, letters,
           MAX(stated) AS stated, MAX(address) AS address, MAX(district) AS district,
           MAX(tune) AS tune, BOOL_AND(former) AS former, MAX(old_number) AS old_number
    FROM link_all_names
    GROUP BY entity, whole, prefix, core, brand, form, branch, numerals, stem, sound, letters
"""
_SAME_NAME = """
    SELECT MIN(record) OVER (PARTITION BY whole,
             CASE WHEN prefix <> '' AND form <> '' THEN '' ELSE COALESCE(district, '') END) AS l,
           record AS r
    FROM link_names
    WHERE code IS NULL AND LENGTH(whole) >= 4 AND NOT former
"""
_ON = {
    "name": """l.whole = r.whole AND LENGTH(l.whole) >= 4
        AND (l.prefix <> '' AND l.form <> '' OR l.district = r.district)""",
    "core_name": """l.core = r.core AND l.branch = r.branch AND l.district = r.district
        AND LENGTH(l.core) >= 2""",
    "core_and_address": """l.core = r.core AND l.branch = r.branch AND l.address = r.address
        AND LENGTH(l.core) >= 2""",
    "address": """l.address = r.address AND l.branch = r.branch AND LENGTH(l.address) >= 6
        AND l.numerals = r.numerals
        AND (l.sound = r.sound OR l.brand = r.brand AND LENGTH(l.brand) >= 2
             OR LENGTH(l.core) >= 4 AND LEVENSHTEIN(l.core, r.core) <= 1)""",
}
_COMPATIBLE = """
    AND (l.prefix = '' OR r.prefix = '' OR STRPOS(l.prefix, r.prefix) > 0
         OR STRPOS(r.prefix, l.prefix) > 0)
    AND (l.form = '' OR r.form = '' OR l.form = r.form)
"""
_PROPOSE = """
    SELECT * FROM (
      SELECT l.record AS l, r.record AS r, l.entity AS l_entity, r.entity AS r_entity, {compared},
        CASE WHEN l.address = r.address THEN 4 ELSE 0 END
        + CASE WHEN l.district = r.district THEN 2 ELSE 0 END
        + CASE WHEN l.prefix = r.prefix THEN 1 ELSE 0 END
        + CASE WHEN l.form = r.form THEN 1 ELSE 0 END AS agree,
        ROW_NUMBER() OVER (PARTITION BY l.record ORDER BY
          CASE WHEN l.address = r.address THEN 0 ELSE 1 END,
          CASE WHEN r.code IS NULL THEN 1 ELSE 0 END,
          CASE WHEN l.prefix = r.prefix THEN 0 ELSE 1 END,
          CASE WHEN l.form = r.form THEN 0 ELSE 1 END, r.record, l.whole, r.whole) AS n
      FROM link_names AS l JOIN link_names AS r ON {on}
      WHERE l.entity <> r.entity {which}
    ) AS proposed WHERE n <= {candidates} ORDER BY l, n
"""
_OPEN = "AND l.code IS NULL"
_TWO_CODES = "AND l.code < r.code"
# A variant in common is one slip apart; half a code in common is a slip in the other half.
_VARIANTS = """
    SELECT DISTINCT v.variant, n.branch, n.record, n.district, n.code IS NULL AS is_open
    FROM link_names AS n JOIN (
      SELECT record, whole, UNNEST(variants) AS variant FROM link_faces
    ) AS v ON n.record = v.record AND n.whole = v.whole
"""
_RARE = """
    SELECT variant, branch, district FROM link_variants
    GROUP BY variant, branch, district HAVING COUNT(*) BETWEEN 2 AND {common}
"""
_SLIPS = """
    SELECT l.record AS l, r.record AS r FROM link_variants AS l
    JOIN link_rare AS k ON l.variant = k.variant AND l.branch = k.branch AND l.district = k.district
    JOIN link_variants AS r ON k.variant = r.variant AND k.branch = r.branch
      AND k.district = r.district
    WHERE l.is_open
    UNION ALL
    SELECT l.record AS l, r.record AS r FROM link_variants AS l
    JOIN link_variants AS r ON l.variant = r.variant AND l.branch = r.branch
    WHERE l.is_open AND LENGTH(l.variant) >= 6 AND (l.district IS NULL OR r.district IS NULL)
"""
_BLOCKS = (
    "l.core = r.core AND l.district = r.district",
    "l.core = r.core AND LENGTH(l.core) >= 4",
    "l.address = r.address AND LENGTH(l.address) >= 6",
    "SUBSTR(l.stated, 9, 9) = SUBSTR(r.code, 9, 9)",
    "SUBSTR(l.stated, 1, 12) = SUBSTR(r.code, 1, 12)",
    (
        "SUBSTR(l.core, 1, 4) = SUBSTR(r.core, 1, 4)"
        " AND l.district = r.district AND LENGTH(l.core) >= 5"
    ),
    "RIGHT(l.core, 5) = RIGHT(r.core, 5) AND l.district = r.district AND LENGTH(l.core) >= 6",
    "l.brand = r.brand AND l.district = r.district AND LENGTH(l.brand) >= 2",
)
_BLOCK = """
    SELECT l.record AS l, r.record AS r FROM link_names AS l JOIN link_names AS r ON {on}
    WHERE l.code IS NULL AND l.branch = r.branch AND l.numerals = r.numerals
"""
# Branches are told apart by the text of the branch, siblings by their numbers.
_BLOCKED = """
    SELECT DISTINCT '0' AS match_key,
      CASE WHEN p.l < p.r THEN p.l ELSE p.r END AS join_key_l,
      CASE WHEN p.l < p.r THEN p.r ELSE p.l END AS join_key_r
    FROM link_near AS p
    JOIN link_names AS l ON p.l = l.record JOIN link_names AS r ON p.r = r.record
    WHERE l.entity <> r.entity AND l.branch = r.branch AND l.numerals = r.numerals
      AND (l.old_number IS NULL OR r.old_number IS NULL OR l.old_number = r.old_number)
"""
# Two names one slip apart have a key in common: the name, or the name without one character. Two
# that only sound alike have their sound in common. Numbers of characters are counted from 1.
_KEYS = """
    SELECT record, whole, code IS NULL AS is_open, whole AS key FROM link_names
    WHERE LENGTH(whole) >= {shortest}
    UNION ALL
    SELECT n.record, n.whole, n.code IS NULL AS is_open,
      SUBSTR(n.whole, 1, p.n - 1) || SUBSTR(n.whole, p.n + 1) AS key
    FROM link_names AS n JOIN link_positions AS p ON p.n <= LENGTH(n.whole)
    WHERE LENGTH(n.whole) >= {shortest}
    UNION ALL
    SELECT record, whole, code IS NULL AS is_open, tune AS key FROM link_names
    WHERE LENGTH(whole) >= {shortest} AND tune <> whole
"""
_RARE_KEYS = """
    SELECT key FROM link_keys GROUP BY key
    HAVING COUNT(*) BETWEEN 2 AND {common} AND BOOL_OR(is_open)
"""
_NEAR_KEYS = """
    SELECT DISTINCT l.record AS l, l.whole AS l_whole, r.record AS r, r.whole AS r_whole
    FROM link_keys AS l JOIN link_rare AS k ON l.key = k.key JOIN link_keys AS r ON r.key = k.key
    WHERE l.is_open AND l.whole <> r.whole
"""
_ONE_SLIP = """
    SELECT l.record AS l, r.record AS r, l.entity AS l_entity, r.entity AS r_entity, {compared},
      l.brand AS l_brand, r.brand AS r_brand, l.stated AS l_stated
    FROM link_near AS p
    JOIN link_names AS l ON p.l = l.record AND p.l_whole = l.whole
    JOIN link_names AS r ON p.r = r.record AND p.r_whole = r.whole
    WHERE l.entity <> r.entity
      AND (l.district IS NULL OR r.district IS NULL OR l.district = r.district) {compatible}
    ORDER BY l, r, l_whole, r_whole
"""
_HEADS = """
    SELECT b.record, MIN(h.record) AS head FROM link_faces AS b
    JOIN link_faces AS h ON b.head = h.whole
    WHERE b.branch <> '' AND h.branch = '' AND NOT b.former GROUP BY b.record
"""
_ALL = "SELECT DISTINCT record FROM link_faces ORDER BY record"
_SOURCES = "SELECT DISTINCT record, source FROM link_faces"
_IDENTITIES = """
    SELECT record, MAX(code) AS code, MAX(subject) AS subject, MAX(old_number) AS old_number
    FROM link_faces GROUP BY record
"""


def same_code(engine: Tables) -> list[tuple[str, str, str]]:
    """(left, right, rung) of records with one valid code, one organisation code, one old number."""
    found: list[tuple[str, str, str]] = []
    for text, rung in (
        (_CODES.format(key="code"), "credit_code"),
        (_SUBJECTS, "credit_code"),
        (_CODES.format(key="old_number"), "old_number"),
    ):
        rows = engine.arrow(query(text)).to_pydict()
        found += [(a, b, rung) for a, b in zip(rows["l"], rows["r"], strict=True) if a != b]
    return found


def same_name(engine: Tables) -> list[tuple[str, str]]:
    """Records without a code that bear the same full name, each with the first of them."""
    rows = engine.arrow(query(_SAME_NAME)).to_pydict()
    return [(a, b) for a, b in zip(rows["l"], rows["r"], strict=True) if a != b]


def propose(engine: Tables, rule: str) -> pa.Table:
    """The pairs of a rule, left by left, best first; at most CANDIDATES for each left."""
    text = _proposal(_ON[rule] + (_COMPATIBLE if rule != "name" else ""), _OPEN)
    return engine.arrow(query(text))


def two_codes(engine: Tables) -> pa.Table:
    """Pairs of one name under two codes."""
    return engine.arrow(query(_proposal(_ON["name"], _TWO_CODES)))


def one_slip(engine: Tables) -> pa.Table:
    """Pairs of full names that are one slip apart, or sound alike; left by left."""
    for name in ("link_positions", "link_keys", "link_rare", "link_near"):
        engine.drop(name)
    engine.take("link_positions", pa.table({"n": pa.array(range(1, LONGEST + 1), pa.int32())}))
    engine.create("link_keys", query(_KEYS.format(shortest=SHORTEST)))
    engine.create("link_rare", query(_RARE_KEYS.format(common=COMMON)))
    engine.create("link_near", query(_NEAR_KEYS))
    pairs = engine.arrow(query(_ONE_SLIP.format(compared=_compared(), compatible=_COMPATIBLE)))
    for name in ("link_positions", "link_keys", "link_rare", "link_near"):
        engine.drop(name)
    return pairs


def name_entities(engine: Tables, joined: dict[str, str], codes: dict[str, str | None]) -> None:
    """Make `link_names`: every spelling of every entity as it stands now."""
    table = pa.table(
        {
            "record": pa.array(joined.keys(), pa.string()),
            "entity": pa.array(joined.values(), pa.string()),
            "entity_code": pa.array([codes.get(e) for e in joined.values()], pa.string()),
        }
    )
    for name in (NAMES, "link_all_names", ENTITIES):
        engine.drop(name)
    engine.take(ENTITIES, table)
    engine.create("link_all_names", query(_NAMES))
    engine.create(NAMES, query(_DISTINCT_NAMES))


def block(engine: Tables, table: str) -> None:
    """Make the table of pairs worth weighing: one slip apart, or alike in a part."""
    for name in ("link_variants", "link_rare", "link_near", table):
        engine.drop(name)
    engine.create("link_variants", query(_VARIANTS))
    engine.create("link_rare", query(_RARE.format(common=COMMON)))
    engine.create("link_near", query(_SLIPS))
    for on in _BLOCKS:
        engine.append("link_near", query(_BLOCK.format(on=on)))
    engine.create(table, query(_BLOCKED))


def heads(engine: Tables) -> dict[str, str]:
    """The head office of every branch whose head is among the records."""
    rows = engine.arrow(query(_HEADS)).to_pydict()
    return dict(zip(rows["record"], rows["head"], strict=True))


def identities(engine: Tables) -> dict[str, dict[str, str]]:
    """The codes of every record that has any, by kind."""
    rows = engine.arrow(query(_IDENTITIES)).to_pylist()
    return {
        row["record"]: {kind: row[kind] for kind in ("code", "subject", "old_number") if row[kind]}
        for row in rows
        if row["code"] or row["subject"] or row["old_number"]
    }


def sources(engine: Tables) -> dict[str, frozenset[str]]:
    """The source of every record."""
    rows = engine.arrow(query(_SOURCES)).to_pydict()
    known = {source: frozenset([source]) for source in set(rows["source"]) if source}
    none: frozenset[str] = frozenset()
    pairs = zip(rows["record"], rows["source"], strict=True)
    return {record: known.get(source, none) for record, source in pairs}


def records(engine: Tables) -> list[str]:
    """Every record, in order."""
    return [str(record) for record in engine.arrow(query(_ALL)).column(0).to_pylist()]


def pairs_of(engine: Tables, table: str) -> pa.Table:
    """The two sides of the pairs in `table` (l, r), compared column by column."""
    text = f"""
        SELECT l.record AS l, r.record AS r, l.entity AS l_entity, r.entity AS r_entity,
          {_compared()}, p.match_weight AS weight
        FROM {table} AS p JOIN link_names AS l ON p.l = l.record
        JOIN link_names AS r ON p.r = r.record
        ORDER BY l, weight DESC, r, l_whole, r_whole"""
    return engine.arrow(query(text))


def _proposal(on: str, which: str) -> str:
    return _PROPOSE.format(on=on, which=which, compared=_compared(), candidates=CANDIDATES)


def _compared() -> str:
    return ", ".join(f"{side}.{c} AS {side}_{c}" for c in PAIR_COLUMNS for side in "lr")
