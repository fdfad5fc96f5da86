"""The credit code of rows that came without one, from the frame of enterprises."""

from cityforge.brain.linkage import link
from cityforge.brain.linkage.places import Places
from cityforge.brain.linkage.tables import Tables, query

RESOLVED = "resolved"
_RECORDS = """
    SELECT 'f' || uscc AS record, 'frame' AS source, name, uscc AS code, address, district
    FROM {frame}
    UNION ALL
    SELECT 'r' || CAST(row_ AS VARCHAR) AS record, 'raw' AS source, name, code, address, district
    FROM {raw}
"""
_RESOLVED = """
    SELECT SUBSTR(l.record, 2) AS row_, SUBSTR(l.entity, 2) AS uscc, l.rung, l.score, l.evidence
    FROM links AS l
    WHERE l.record LIKE 'r%' AND l.entity LIKE 'f%'
"""


def resolve(engine: Tables, raw: str, frame: str, *, places: Places) -> None:
    """Leave the table `resolved` (row_ as text, uscc, rung, score, evidence); not all rows are in.

    raw     row_, name, code (empty, malformed or valid), address, district
    frame   uscc, name, address, district; one row an enterprise

    Only what is linked counts: a pair for review leaves its row without a code. Rows with a code of
    the frame come back with it by the rung credit_code.
    """
    for name in ("resolve_records", RESOLVED):
        engine.drop(name)
    # The names of both tables are the program's own.
    engine.create("resolve_records", query(_RECORDS.format(raw=raw, frame=frame)))
    link.link(engine, "resolve_records", places=places)
    engine.create(RESOLVED, query(_RESOLVED))
