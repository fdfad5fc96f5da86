"""The conformance kit of evaluations: every case, on DuckDB, on the other machines, on Spark."""

import csv
import json
import runpy
import shutil
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pytest
from ruamel.yaml import YAML
from sqlglot import exp

from cityforge.brain.city import checks
from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.engines import duckdb
from cityforge.brain.evaluation import statement
from cityforge.brain.expr.types import Kind
from cityforge.brain.scoring.functions import FUNCTIONS, Against, Settings
from cityforge.brain.scoring.machines import ARRAYS, PLAIN

HERE = Path(__file__).parent
KIT = Path(statement.__file__).with_name("conformance")
RUN = SimpleNamespace(**runpy.run_path(str(HERE / "evaluation_run.py")))
WHOLE = ("evaluations_by_hand.json", "evaluations_by_second_method.json")
Case = dict[str, Any]


class Engine(Protocol):
    def take(self, name: str, table: pa.Table) -> None: ...
    def drop(self, name: str) -> None: ...
    def arrow(self, select: exp.Query) -> pa.Table: ...


def cases(name: str) -> list[Case]:
    text = (KIT / name).read_text(encoding="utf-8")
    return json.loads(text, parse_float=Decimal)["cases"]  # type: ignore[no-any-return]


def listed() -> list[dict[str, str]]:
    with (KIT / "facts.tsv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


@pytest.fixture(scope="module")
def book() -> Dictionary:
    return RUN.book()  # type: ignore[no-any-return]


def rows_of(table: Mapping[str, Any]) -> list[Case]:
    return [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]


def facts_of(table: Mapping[str, Any]) -> list[Case]:
    """The rows of facts, with everything that is not told as missing."""
    empty = dict.fromkeys([line["name"] for line in listed()])
    found = []
    for row in rows_of(table):
        day = row.get("registered_on")
        dated = {"registered_on": date.fromisoformat(day)} if day else {}
        found.append(empty | {"name": row["uscc"]} | row | dated)
    return found


def query_of(book: Dictionary, case: Case, made: dict[str, Any]) -> exp.Select:
    """The statement of a case; those of one scheme share it."""
    has_before = case["before"] is not None
    key = repr((case["scheme"], case["year"], case["parameters"], has_before))
    if key not in made:
        made[key], _ = RUN.query(
            book,
            case["scheme"],
            parameters=case["parameters"],
            year=case["year"],
            has_before=has_before,
        )
    return made[key]  # type: ignore[no-any-return]


def wrong(engine: Engine, book: Dictionary, asked: Sequence[Case]) -> list[Any]:
    """Every cell in which the engine differs from the kit."""
    found: list[Any] = []
    made: dict[str, Any] = {}
    for case in asked:
        before = case["before"] and facts_of(case["before"])
        query = query_of(book, case, made)
        got = RUN.answer(engine, book, query, facts_of(case["facts"]), before).to_pylist()
        by_code = {row["uscc"]: row for row in got}
        result = case["result"]
        cells = [(row["uscc"], n, v) for row in rows_of(result) for n, v in row.items()]
        cells += [(c, n, v) for c, row in result.get("more", {}).items() for n, v in row.items()]
        for code, name, wanted in cells:
            value = by_code[code].get(name)
            if by_code[code]["status"] != "rated" and name not in RUN.OF_ALL:
                continue
            if isinstance(wanted, int | Decimal) and value is not None:
                same = abs(value - float(wanted)) <= 1e-9 * max(1.0, abs(float(wanted)))
            else:
                same = value == wanted
            if not same:
                found.append((case["id"], code, name, value, wanted))
    return found


@pytest.mark.parametrize("name", WHOLE)
def test_duckdb_gives_the_answers_of_the_kit(book: Dictionary, name: str) -> None:
    with duckdb.Engine(threads=1) as engine:
        assert wrong(engine, book, cases(name)) == []


def on_spark(book: Dictionary, asked: Sequence[Case]) -> list[Any]:
    spark = pytest.importorskip(
        "cityforge.brain.engines.spark", reason="PySpark comes with the extra 'spark'"
    )
    with spark.Engine() as engine:
        return wrong(engine, book, asked)


@pytest.mark.allow_hosts(["127.0.0.1", "localhost"])
def test_spark_gives_the_same_answers(book: Dictionary) -> None:
    """Each statement takes Spark seconds to plan: means, median, places, ties, limits, extras, and
    a few at random; all the others by `make test-long`."""
    by_hand = {case["says"][:8]: case for case in cases(WHOLE[0])}
    wanted = (
        "缺数取组平均分",
        "中位数：四家取",
        "极差，越小越好",
        "名次百分位：并",
        "先托底，后否决",
        "加分封顶；同一",
        "同分比第二项，",
        "权重按比例分给",
        "上年平均（合计",
    )
    asked = [case for says, case in by_hand.items() if says.startswith(wanted)]
    assert len(asked) == len(wanted)
    assert on_spark(book, [*asked, *cases(WHOLE[1])[:60:20]]) == []


@pytest.mark.long
@pytest.mark.allow_hosts(["127.0.0.1", "localhost"])
def test_spark_gives_all_answers_of_the_kit(book: Dictionary) -> None:
    assert on_spark(book, [case for name in WHOLE for case in cases(name)]) == []


def test_the_functions_give_the_points_of_the_kit() -> None:
    for case in cases("points_by_hand.json"):
        slots = [case.get(slot) for slot in ("x", "b", "l", "h", "k", "n")]
        x, *others = (None if value is None else float(value) for value in slots)
        weight, cap = float(case["w"]), case.get("cap")
        floor = None if case.get("floor") is None else float(case["floor"])
        most = None if cap is None else float(cap) * weight
        settings = Settings(
            is_down=case.get("down", False),
            start=None if case.get("start") is None else float(case["start"]),
            step=float(case.get("step", 5)),
            steps=tuple((float(at), float(points)) for at, points in case.get("steps", ())),
            otherwise=float(case.get("otherwise", 0)),
        )
        formula = FUNCTIONS[case["function"]].points
        plain = PLAIN.held(formula(PLAIN, x, Against(weight, *others), settings), floor, most)
        wanted = None if case["gives"] is None else pytest.approx(float(case["gives"]), rel=1e-9)
        assert plain == wanted, case
        arrays = [np.array([np.nan if n is None else n]) for n in (x, *others)]
        against = Against(ARRAYS.number(weight), *arrays[1:])
        made = ARRAYS.held(formula(ARRAYS, arrays[0], against, settings), floor, most)
        (by_array,) = np.broadcast_to(made, 1).tolist()
        assert (None if by_array != by_array else by_array) == plain, case


def test_the_kit_is_large_enough_and_no_case_stands_twice() -> None:
    whole = [case for name in WHOLE for case in cases(name)]
    assert len(whole) >= 300
    assert len(whole) + len(cases("points_by_hand.json")) >= 400
    assert len({case["id"] for case in whole}) == len(whole)
    asked = [repr((case["scheme"], case["facts"], case["parameters"])) for case in whole]
    assert len(set(asked)) == len(asked)


def test_the_scripts_write_the_kit_anew() -> None:
    for name in ("oracle", "drawn", "kit"):
        text = (HERE / f"evaluation_{name}.py").read_text(encoding="utf-8")
        assert "import cityforge" not in text and "from cityforge" not in text
    kit = runpy.run_path(str(HERE / "evaluation_kit.py"))
    for name, make in kit["FILES"].items():
        assert make() == (KIT / name).read_text(encoding="utf-8"), name
    files = {file.name for file in KIT.iterdir()}
    assert files == {*kit["FILES"], "facts.tsv", "README.zh.md", "README.en.md"}


def test_the_facts_of_the_kit_are_those_it_is_run_with(book: Dictionary) -> None:
    for line in listed()[1:]:
        type_ = book.facts[line["name"]].type
        assert (line["title"], line["type"]) == (book.facts[line["name"]].title, type_.kind.value)
        if type_.kind is Kind.EXACT:
            assert line["unit"] == type_.unit.symbol
            assert (int(line["precision"]), int(line["scale"])) == (type_.precision, type_.scale)


def test_a_city_may_write_every_scheme_of_the_kit(tmp_path: Path) -> None:
    """Each is checked as the file of a city folder: none has a Problem."""
    root = tmp_path / "lanhe"
    shutil.copytree(RUN.LANHE, root)
    schemes = {repr(case["scheme"]): case["scheme"] for name in WHOLE for case in cases(name)}
    yaml = YAML(typ="safe", pure=True)
    yaml.representer.add_representer(
        Decimal, lambda dumper, one: dumper.represent_scalar("tag:yaml.org,2002:float", str(one))
    )
    for i, scheme in enumerate(schemes.values()):
        with (root / "schemes" / f"case_{i}.yaml").open("w", encoding="utf-8") as file:
            yaml.dump({**scheme, "id": f"case_{i}"}, file)
    told = [(problem.file, problem.say("en")) for problem in checks.check(root).problems]
    assert told == []
    assert len(schemes) > 100
