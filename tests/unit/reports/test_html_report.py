"""The report file: self-contained, the same bytes each time, closed to what names may hold."""

import base64
import gzip
import hashlib
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont

from cityforge.brain.errors import RunRefused
from cityforge.brain.reports import assets, font, html, inline, payload, summary
from cityforge.brain.reports import snapshot as snapshots


@pytest.fixture(scope="module")
def page(snapshot: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    out = tmp_path_factory.mktemp("page") / "report.html"
    html.write(snapshot, out)
    return out.read_text(encoding="utf-8")


def carried(page: str) -> dict[str, Any]:
    packed = re.search(r'<script id="data"[^>]*>([^<]*)</script>', page)
    assert packed
    found: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(packed.group(1))))
    return found


def test_the_same_snapshot_gives_the_same_bytes(snapshot: Path, tmp_path: Path, page: str) -> None:
    html.write(snapshot, tmp_path / "again.html")
    assert (tmp_path / "again.html").read_text(encoding="utf-8") == page
    assert [file.name for file in tmp_path.iterdir()] == ["again.html"]


def test_nothing_is_fetched(page: str) -> None:
    assert not re.search(r"<script[^>]*\ssrc=", page)
    page = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    assert not re.search(r"<(link|img|iframe|object|embed)\b", page)
    assert "@import" not in page
    assert all(url.startswith("data:") for url in re.findall(r"url\(([^)]{5})", page))


def test_names_from_outside_never_reach_the_markup(page: str) -> None:
    assert "alert(1)" not in page
    assert "alert(2)" not in page
    assert "<script>alert(1)</script>" in carried(page)["enterprises"]["columns"]["name"]


def test_only_the_two_scripts_of_the_file_may_run(page: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert len(scripts) == 2
    for script in scripts:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy.group(1).replace("&#39;", "'")
    assert "default-src 'none'" in policy.group(1)


def test_the_answer_can_be_read_without_a_script(snapshot: Path, page: str) -> None:
    head = page.split('<script id="data"')[0]
    assert summary.read(snapshot).schemes[0].sentence.zh in head
    assert "模拟数据" in head
    assert '<html lang="zh-CN">' in head


def test_its_font_holds_every_character_shown(page: str) -> None:
    packed = re.search(r"font-weight: 400; src: url\(data:font/woff2;base64,([^)]*)\)", page)
    assert packed
    with TTFont(io.BytesIO(base64.b64decode(packed.group(1)))) as inside:
        held = set(inside.getBestCmap())
    with TTFont(assets.vendor(assets.REGULAR)) as vendored:
        whole = set(vendored.getBestCmap())
    shown = {ord(char) for text in payload.words_inside(carried(page)) for char in text}
    assert shown & whole <= held
    assert {ord(char) for char in font.ALWAYS} & whole <= held


def test_every_row_of_the_tables_is_carried(snapshot: Path, page: str) -> None:
    data = carried(page)
    assert data["enterprises"]["total"] == len(data["enterprises"]["columns"]["uscc"]) == 60
    assert data["quarantine"]["total"] == len(data["quarantine"]["rows"]) == 3
    assert [each["rows"] for each in data["by_name"]] == [2, 1]
    assert [each["id"] for each in data["schemes"]] == ["lanhe_2025", "two_parts"]


def test_a_very_large_city_keeps_the_last_grade_and_the_limits(make: Any) -> None:
    opened = snapshots.read(make(enterprises=900))
    figures = summary.of(opened)
    data = payload.build(opened, figures, most=100)
    kept = set(data["enterprises"]["columns"]["uscc"])
    assert data["enterprises"]["total"] == 900
    assert 0 < len(kept) < 900
    for scheme in figures.schemes:
        rows = opened.evaluation(scheme.scheme, 2024).to_pylist()
        cuts = {(g.key, b.last) for g in figures.schemes[1].groups for b in g.bands[:-1]}
        must = {row["uscc"] for row in rows if row["grade"] == scheme.grades[-1]}
        if scheme.scheme.id == "two_parts":
            must |= {
                row["uscc"] for row in rows if ((row["district"], row["part"]), row["rank"]) in cuts
            }
        assert must
        assert must <= kept


@pytest.mark.parametrize(
    "options",
    [{"year_before": False}, {"rated": False}, {"quarantined": False}, {"by_name": False}],
)
def test_empty_states_can_be_written(make: Any, tmp_path: Path, options: dict[str, bool]) -> None:
    html.write(make(**options), tmp_path / "report.html")
    assert carried((tmp_path / "report.html").read_text(encoding="utf-8"))["schemes"]


def test_absent_assets_name_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "VENDOR", tmp_path)
    with pytest.raises(RunRefused) as refused:
        assets.vendor(assets.ECHARTS)
    assert "make assets" in refused.value.text.zh


def test_what_is_inlined_cannot_end_its_element() -> None:
    with pytest.raises(ValueError, match="</script"):
        inline.inline("x = '</SCRIPT>'")


@pytest.mark.parametrize(
    ("record", "said"),
    [(None, "不是完整的快照"), ("{", "不是完整的快照"), ('{"format": 99}', "快照格式不是 1")],
)
def test_what_is_no_snapshot_is_refused(tmp_path: Path, record: str | None, said: str) -> None:
    if record is not None:
        (tmp_path / "run.json").write_text(record, encoding="utf-8")
    with pytest.raises(RunRefused) as refused:
        snapshots.read(tmp_path)
    assert said in refused.value.text.zh


def test_an_absent_table_is_named(make: Any) -> None:
    folder = make()
    (folder / "tables" / "quarantine.parquet").unlink()
    with pytest.raises(RunRefused) as refused:
        summary.read(folder)
    assert "tables/quarantine.parquet" in refused.value.text.zh
