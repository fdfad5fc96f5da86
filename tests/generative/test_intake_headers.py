"""Whatever stands above a header and below a table: every row is accounted for, none twice."""

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from cityforge.brain.city.dataset import Dataset
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.intake import accept, raw

DATASET = Dataset.model_validate(
    {
        "id": "t", "title": "表", "title_en": "t", "owner": "bureau", "grain": "register",
        "key": ["no"], "freshness": {"every": "year"}, "sensitivity": "public",
        "legal_use": ["describe"], "evidence": {"source": "设例", "verified": "assumption"},
        "columns": [
            {"id": "no", "title": "编号", "title_en": "no", "kind": "text"},
            {"id": "name", "title": "名称", "title_en": "name", "kind": "text"},
            {"id": "tax", "title": "税收", "title_en": "tax", "kind": "quantity", "unit": "元"},
        ],
    }
)  # fmt: skip
CELL = st.sampled_from(["", " ", "2024年情况表", "填报单位：局", 'a"b', "x,y", "上\n下", "5"])
LINE = st.lists(CELL, min_size=1, max_size=4)
DATA = st.tuples(st.sampled_from(["甲", "合计企业有限公司", "n1", "#1", "'=1"]), CELL, st.just("5"))
END = st.sampled_from(["合计", "总 计", "注：说明", "填表人：甲"])


@settings(max_examples=40, deadline=None)
@given(above=st.lists(LINE, max_size=6), data=st.lists(DATA, max_size=6), end=st.lists(END))
def test_titles_above_and_notes_below(above, data, end) -> None:
    text = io.StringIO(newline="")
    rows = [*above, ["编号", "名称", "税收"], *map(list, data), *([each] for each in end)]
    csv.writer(text).writerows(rows)
    with TemporaryDirectory() as folder, Engine(threads=1) as engine:
        (Path(folder) / "t.csv").write_text(text.getvalue(), encoding="utf-8")
        accept.prepare(engine)
        table = raw.read(engine, DATASET, Path(folder) / "t.csv")
        counts = accept.accept(engine, DATASET, table, frame=None)
    assert table.header_at == len(above)
    assert counts.read == len(data) + len(end)
    # Keys repeat; a note is never taken for a row, nor a row for a note.
    assert counts.accepted == len({row[0] for row in data})
