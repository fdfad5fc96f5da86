"""The quarantine in words: every reason a row failed, with the titles that people know."""

import pyarrow as pa
from sqlglot import exp

from cityforge.brain.city.folder import City
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.intake import accept


def lines(engine: Engine, city: City) -> exp.Select:
    """The quarantine with titles and words in place of codes."""
    engine.take(
        "reason_words",
        pa.table(
            {
                "code": list(accept.REASONS),
                "reason_zh": [text.zh for text in accept.REASONS.values()],
                "reason_en": [text.en for text in accept.REASONS.values()],
            }
        ),
    )
    titles: dict[tuple[str, str], str] = {}
    for dataset in city.datasets.values():
        titles[(dataset.id, accept.WHOLE_ROW)] = "整行"
        titles |= {(dataset.id, column.id): column.title for column in dataset.columns}
    engine.take(
        "column_words",
        pa.table(
            {
                "dataset": [key[0] for key in titles],
                "column": [key[1] for key in titles],
                "title": [city.datasets[key[0]].title for key in titles],
                "column_title": list(titles.values()),
            }
        ),
    )
    return (
        exp.select(
            exp.column("dataset", "q"),
            exp.column("title", "c"),
            exp.column("row", "q", quoted=True),
            exp.column("column", "q", quoted=True),
            exp.column("column_title", "c"),
            exp.column("value", "q", quoted=True),
            exp.column("reason", "q"),
            exp.column("reason_zh", "w"),
            exp.column("reason_en", "w"),
        )
        .from_(exp.alias_(exp.to_table(accept.QUARANTINE), "q", table=True))
        .join(
            exp.alias_(exp.to_table("reason_words"), "w", table=True),
            on=exp.EQ(this=exp.column("reason", "q"), expression=exp.column("code", "w")),
        )
        .join(
            exp.alias_(exp.to_table("column_words"), "c", table=True), using=["dataset", "column"]
        )
        .order_by(
            exp.column("dataset", "q"),
            exp.column("row", "q", quoted=True),
            exp.column("column", "q", quoted=True),
            exp.column("reason", "q"),
        )
    )
