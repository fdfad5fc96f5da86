"""`cityforge link` as a person meets it, and the road that gathers the records of a data folder."""

import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sqlglot import exp

from cityforge.brain.city.folder import City
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.errors import DataRefused
from cityforge.brain.linkage import desk, journal
from cityforge.brain.linkage.decisions import Decision
from cityforge.brain.runs import linking

ROOT = Path(__file__).parents[2]
CITY = ROOT / "cities" / "taizhou"
Command = Callable[..., tuple[int, str]]

GLASS, CLOTH = "9132128214109686XP", "913212821410958757"
ROWS = [
    "统一社会信用代码,企业名称,住所,所属区县",
    f"{GLASS},江苏冠银玻璃总厂,靖江市新桥镇利工路118号,靖江市",
    f"{GLASS},江苏冠银玻璃制造总厂,,靖江市",
    ",江苏冠银玻璃制造总厂,靖江市新桥镇利工路118号,靖江市",
    f"{CLOTH},靖江市香兰色织有限公司,红光镇利珠村,靖江市",
    "91321283MA1MMKEJ84,,泰兴市姚王镇十里甸村,泰兴市",
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two spellings under one code, a row without a code, one by itself, one without a name."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "registrations.csv").write_text("\n".join(ROWS) + "\n", encoding="utf-8")
    return folder


def stand_in(engine: Engine, records: str, city: City) -> None:
    """A machine that links nothing and doubts every pair: what is tested is the road around it."""
    ids = sorted(row["record"] for row in engine.arrow(exp.select("*").from_(records)).to_pylist())
    links = {
        "record": ids,
        "entity": ids,
        "rung": ["alone"] * len(ids),
        "score": [1.0] * len(ids),
        "evidence": ["{}"] * len(ids),
    }
    engine.take("links", pa.table(links))
    pairs = [(a, b) for i, a in enumerate(ids) for b in ids[i + 1 :]]
    table = {
        "left": [a for a, _ in pairs],
        "right": [b for _, b in pairs],
        "rung": ["splink"] * len(pairs),
        "score": [0.5] * len(pairs),
        "evidence": ['{"match_weight": 1.5}'] * len(pairs),
        "status": ["review"] * len(pairs),
    }
    engine.take("pairs", pa.table(table))


@pytest.fixture
def links(data: Path) -> Path:
    """The data folder, linked by the stand-in."""
    linking.link(CITY, data, linker=stand_in, out=data / "links")
    return data


def ids(data: Path) -> list[str]:
    """The ids of the three records: glass, cloth, and the row without a code."""
    (version,) = (data / "links").glob("*/records.parquet")
    found = sorted(row["record"] for row in pq.read_table(version).to_pylist())
    assert found[:2] == [f"registrations:{CLOTH}", f"registrations:{GLASS}"]
    assert found[2].startswith("registrations:~")
    return [found[1], found[0], found[2]]


def test_rows_become_records_that_keep_their_ids(links: Path) -> None:
    before = ids(links)
    (version,) = (links / "links").glob("*/records.parquet")
    glass = next(r for r in pq.read_table(version).to_pylist() if r["record"] == before[0])
    assert glass["name"] == "江苏冠银玻璃制造总厂"
    assert glass["former_names"] == "江苏冠银玻璃总厂"
    assert glass["address"] == "靖江市新桥镇利工路118号"
    turned = [ROWS[0], *reversed(ROWS[1:])]
    (links / "registrations.csv").write_text("\n".join(turned) + "\n", encoding="utf-8")
    made = linking.link(CITY, links, linker=stand_in, out=links / "links")
    assert ids(links) == before
    assert (made.rows, made.without_name, made.records) == ({"registrations": 5}, 1, 3)
    assert (made.machine_entities, made.entities, made.review) == (3, 3, 3)


def test_decisions_outlive_a_new_run(links: Path) -> None:
    glass, _, codeless = ids(links)
    wish = Decision("", "same", "", "", (glass, codeless))
    desk.decide(links / "links", wish, by="李", at="2025-09-30")
    with (links / "registrations.csv").open("a", encoding="utf-8") as stream:
        stream.write("91321283MA1MMKEJ84,泰兴市十里甸供销合作社,泰兴市姚王镇十里甸村,泰兴市\n")
    made = linking.link(CITY, links, linker=stand_in, out=links / "links")
    assert (made.records, made.machine_entities, made.entities) == (4, 4, 3)
    assert desk.Desk(links / "links").entities([codeless]) == {codeless: glass}
    assert len(list((links / "links").glob("*/run.json"))) == 1


def test_a_linker_that_fails_leaves_the_last_version(links: Path) -> None:
    before = (links / "links" / "latest").read_text(encoding="utf-8")

    def broken(engine: Engine, records: str, city: City) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        linking.link(CITY, links, linker=broken, out=links / "links")
    assert (links / "links" / "latest").read_text(encoding="utf-8") == before
    assert not list((links / "links").glob(".partial-*"))
    assert len(ids(links)) == 3


def test_data_without_a_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataRefused):
        linking.link(CITY, tmp_path, linker=stand_in, out=tmp_path / "links")


def test_a_reviewer_s_day(cityforge: Command, links: Path, tmp_path: Path) -> None:
    glass, cloth, codeless = ids(links)
    code, said = cityforge("link", "review", links, "--limit", 1)
    assert (code, "共 3 对待核对" in said) == (0, True), said
    assert "江苏冠银玻璃制造总厂" in said
    code, said = cityforge("link", "review", links, "--json")
    assert [case["score"] for case in json.loads(said)["cases"]] == [0.5] * 3
    file = tmp_path / "queue.xlsx"
    code, said = cityforge("link", "review", links, "--out", file)
    assert code == 0, said
    book = openpyxl.load_workbook(file)
    answers = {(cloth, glass): "否", (glass, codeless): "是", (cloth, codeless): "待定"}
    for row in book.active.iter_rows(min_row=3):
        row[0].value = answers[(row[12].value, row[13].value)]
    book.save(file)
    code, said = cityforge("link", "decide", links, "--from", file, "--by", "李")
    assert (code, "采用 2，原已如此 0，待定 1，不能采用 0" in said) == (0, True), said
    code, said = cityforge("link", "decide", links, "--from", file, "--by", "李")
    assert (code, "采用 0，原已如此 2" in said) == (0, True), said
    code, said = cityforge("link", "review", links)
    assert "共 0 对待核对" in said
    code, said = cityforge("link", "why", links, codeless)
    assert (code, "是同一企业" in said, glass in said) == (0, True, True), said


def test_decisions_by_hand_and_back(cityforge: Command, links: Path) -> None:
    glass, cloth, codeless = ids(links)
    by = ("--by", "李")
    assert cityforge("link", "merge", links, glass, cloth, *by)[0] == 0
    code, said = cityforge("link", "split", links, cloth, "--records", glass, *by)
    assert (code, "d1" in said, "→" in said) == (11, True, True), said
    code, said = cityforge("link", "same", links, glass, codeless, *by, "--note", "同址")
    assert (code, "d2：" in said) == (0, True), said
    code, said = cityforge("link", "different", links, codeless, cloth, *by)
    assert (code, "d2" in said) == (11, True), said
    code, said = cityforge("link", "undo", links, "d1", *by)
    assert (code, "d3：已撤销 d1" in said) == (0, True), said
    code, said = cityforge("--lang", "en", "link", "different", links, codeless, cloth, *by)
    assert (code, "two enterprises" in said) == (0, True), said
    code, said = cityforge("link", "history", links, "--entity", glass)
    assert (code, "（d3 已撤销）" in said, "同址" in said) == (0, True, True), said
    assert len(journal.read(links / "links").decisions) == 4
    code, said = cityforge("link", "undo", links, "d9", *by)
    assert (code, "history" in said) == (11, True), said


def test_without_links_it_says_what_to_do(cityforge: Command, tmp_path: Path) -> None:
    code, said = cityforge("link", "review", tmp_path)
    assert (code, "cityforge link run" in said) == (13, True), said


def test_the_ladder_joins_the_row_without_a_code(cityforge: Command, data: Path) -> None:
    code, said = cityforge("link", "run", CITY, "--data", data)
    assert (code, "5 行（1 行没有名称）→ 3 条记录 → 2 家企业" in said) == (0, True), said
    glass, _, codeless = ids(data)
    assert desk.Desk(data / "links").entities([codeless]) == {codeless: glass}
    code, said = cityforge("link", "why", data, codeless)
    assert (code, "名称相同" in said, glass in said) == (0, True, True), said
