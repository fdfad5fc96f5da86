"""Policies matched in a run: the facts as of its day, then every policy against every enterprise.

Evaluation looks at a year as it stood at its end; a policy looks at the day of application: who is
in a register then, how old an enterprise is then, by the yearly facts of the year its window names.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
from sqlglot import exp

from cityforge.brain.city import dictionary
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.errors import RunRefused, Text
from cityforge.brain.facts import table as facts
from cityforge.brain.policies import matches
from cityforge.brain.policies.blocks import Matcher
from cityforge.brain.policies.matching import ROW, table_of
from cityforge.brain.policies.prepared import Prepared, facts_year, prepare
from cityforge.brain.reports.policy_named import policy_of
from cityforge.brain.reports.snapshot import Snapshot
from cityforge.brain.runs import climbing
from cityforge.brain.runs.asking import Asking as Asking

Part = tuple[Matcher, Path]
Say = Callable[[float], None]  # hears the share that is done
Matching = Callable[[Sequence[Part], Path, Say | None], dict[str, int]]


def match(
    engine: Engine, asking: Asking, policies: Sequence[Prepared], folder: Path
) -> dict[str, int]:
    """Write `applicants` (facts of the newest year as of the day), `applicants_<year>` for each
    other year that a window names, what ladders need, and the tables of policies.matches; the rows
    by table."""
    rows: dict[str, int] = {}
    asking = climbing.widened(asking)
    for year in sorted({asking.year, *(facts_year(one, asking.year) for one in policies)}):
        name = table_of(year, asking.year)
        asking.build(engine, year, name)
        file = folder / f"{name}.parquet"
        row = exp.Window(this=exp.RowNumber(), order=exp.Order(expressions=[exp.column("uscc")]))
        numbered = exp.alias_(exp.Sub(this=row, expression=exp.Literal.number(1)), ROW)
        engine.write(exp.select("*", numbered).from_(name).order_by("uscc"), file)
        engine.drop(name)
        rows[name] = engine.count(file)
    rows |= climbing.climb(engine, asking, folder)
    parameters = facts.bindings(asking.city, asking.as_of)
    parts = parted(policies, folder, year=asking.year, day=asking.as_of, parameters=parameters)
    return rows | here(parts, folder)


def again(
    snapshot: Snapshot,
    out: Path,
    *,
    only: Collection[str] = (),
    by: Matching | None = None,
    say: Say | None = None,
) -> dict[str, int]:
    """Match the policies of a snapshot anew, into another folder; the rows by table.

    only  ids or titles of policies, models among them; without, all but models
    by    what matches: `here` on this machine, or what matching_on_spark gives
    Raises RunRefused where there is no such policy, it is not in force, or the folder already holds
    matches.
    """
    city, day = snapshot.city, snapshot.as_of
    policies = prepare(city, dictionary.build(city), day=day, models=bool(only))
    wanted = {policy_of(city, name).id for name in only}
    absent = sorted(wanted - {one.id for one in policies})
    if absent:
        raise _refused(
            f"{day} 没有生效的政策：{'、'.join(absent)}",
            f"no policy in force on {day}: {', '.join(absent)}",
        )
    if (out / f"{matches.MATCHES}.parquet").exists():
        raise _refused(f"{out} 已有匹配结果；换一个文件夹", f"{out} holds matches; name another")
    out.mkdir(parents=True, exist_ok=True)
    chosen = [one for one in policies if not only or one.id in wanted]
    parameters = facts.bindings(city, day)
    tables = snapshot.folder / "tables"
    parts = parted(chosen, tables, year=snapshot.year, day=day, parameters=parameters)
    return (by or here)(parts, out, say)


def parted(
    policies: Sequence[Prepared],
    tables: Path,
    *,
    year: int,
    day: date,
    parameters: Mapping[str, object],
) -> list[Part]:
    """The policies by the year that they look at, each part with the Parquet of its facts."""
    by_year: dict[int, list[Prepared]] = {year: []}
    for one in policies:
        by_year.setdefault(facts_year(one, year), []).append(one)
    return [
        (
            Matcher(tuple(one.claim for one in own), day, parameters),
            tables / f"{table_of(of_year, year)}.parquet",
        )
        for of_year, own in sorted(by_year.items(), reverse=True)
    ]


def here(parts: Sequence[Part], folder: Path, say: Say | None = None) -> dict[str, int]:
    """Match on this machine."""
    read = []
    for matcher, file in parts:
        there = set(pq.read_schema(file).names)
        columns = [column for column in matcher.columns if column in there]
        read.append((matcher, pq.read_table(file, columns=columns)))
    return matches.write_by_year(read, folder, say=say)


def _refused(zh: str, en: str) -> RunRefused:
    return RunRefused(Text(zh=zh, en=en))
