"""Outlines of schemes: refused with what is missing; published counts held against bands."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cityforge.brain.city import checks
from cityforge.brain.city.folder import City
from cityforge.brain.errors import Problem
from cityforge.brain.evaluation import outlines

ROOT = Path(__file__).resolve().parents[3]
LANHE = ROOT / "tests" / "cities" / "lanhe"
TAIZHOU = ROOT / "cities" / "taizhou"
OUTLINE = """\
id: elsewhere
title: 外地方案
title_en: Elsewhere
evidence: &seen {source: 设例, verified: third_party_copy}
objects: 规上企业
objects_en: enterprises above designated size
parts: [{id: above, title: 规上, title_en: above}]
indicators:
  - {id: yield, title: 亩均税收, title_en: tax, parts: [above], expr: tax_paid / land_mu,
     unit: 万元/亩}
  - {id: other, title: 另一项, title_en: another}
grades: [{grade: 甲, from: 0, to: 30}, {grade: 乙, from: 30, to: 100}]
history: [{id: twice, says: 连续两年乙, says_en: twice, grades: [乙], years: 2}]
missing:
  - {what: weights, says: 各项权重, says_en: the weights}
  - {what: bands, says: 分档比例, says_en: the bands}
published:
  - {year: 2023, part: above, counts: {甲: 3, 乙: 7}, evidence: *seen}
  - {year: 2024, part: above, counts: {甲: 5, 乙: 5}, evidence: *seen}
"""
Written = Callable[[str, str], Path]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """A city with the outline, one passage of it changed."""

    def write(old: str = "", new: str = "") -> Path:
        city = Path(shutil.copytree(LANHE, tmp_path / "city", dirs_exist_ok=True))
        assert old in OUTLINE
        (city / "scheme_outlines").mkdir(exist_ok=True)
        file = city / "scheme_outlines" / "elsewhere.yaml"
        file.write_text(OUTLINE.replace(old, new, 1) if old else OUTLINE, encoding="utf-8")
        return city

    return write


def test_naming_an_outline_is_refused_with_all_that_is_missing(written: Written) -> None:
    city, _ = checks.load(written("", ""))
    refusal = outlines.outline_refusal(city, "elsewhere")
    assert refusal is not None and refusal.exit_code == 13
    assert "各项权重；分档比例" in refusal.text.zh and "不能评价" in refusal.text.zh
    assert "the weights; the bands" in refusal.text.en
    assert "schemes/elsewhere.yaml" in refusal.text.zh


def test_a_scheme_or_nothing_is_not_refused_here(written: Written) -> None:
    city, _ = checks.load(written("", ""))
    assert outlines.outline_refusal(city, "lanhe_2025") is None
    assert outlines.outline_refusal(city, "nothing") is None


def test_published_counts_are_held_against_the_outlines_own_bands(written: Written) -> None:
    city, _ = checks.load(written("", ""))
    first, second = outlines.notes(city, city.scheme_outlines["elsewhere"])
    # 30 % of ten are three, not five.
    assert first.zh == "2023 年度规上：公布的 甲3 乙7（共 10 家）可由分档比例得出"
    assert "不能由分档比例以任何取整方式得出" in second.zh and "甲3 乙7" in second.zh


def test_without_bands_of_its_own_another_schemes_serve(written: Written) -> None:
    city, _ = checks.load(
        written("{grade: 乙, from: 30, to: 100}]", "{grade: 乙}]\ncompared_with: lanhe_2025")
    )
    outline = city.scheme_outlines["elsewhere"]
    assert outlines.bands(outline) is None
    assert "自身分档未见，按“兰河市" in outlines.notes(city, outline)[0].zh
    alone = city.scheme_outlines["elsewhere"].model_copy(update={"compared_with": None})
    assert outlines.notes(city, alone) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("expr: tax_paid / land_mu", "expr: tax_paid / land_m", 9, "land_m"),
        ("unit: 万元/亩}", "unit: 万元/人}", 10, "单位不符"),
        ("id: other", "id: yield", 11, "“yield”重复"),
        ("parts: [above]", "parts: [below]", 9, "“below”不存在"),
        ("grades: [乙], years", "grades: [丙], years", 13, "“丙”不存在"),
        ("part: above, counts: {甲: 3", "part: all, counts: {甲: 3", 18, "“all”不存在"),
        ("{甲: 3, 乙: 7}", "{A: 3, 乙: 7}", 18, "“A”不存在"),
        ("objects: 规上企业", "compared_with: nobody", 5, "“nobody”不存在"),
        ("objects: 规上企业", "missing_rule: penalty", 5, "missing_points"),
    ],
)
def test_each_slip_is_said_at_its_line(
    written: Written, old: str, new: str, line: int, said: str
) -> None:
    errors = checks.check(written(old, new)).errors
    assert [(error.line, said in error.what.zh) for error in errors if _of(error)] == [(line, True)]


def _of(error: Problem) -> bool:
    return error.file == "scheme_outlines/elsewhere.yaml"


def test_nothing_missing_is_no_outline(written: Written) -> None:
    start = OUTLINE.index("missing:")
    gone = OUTLINE[start : OUTLINE.index("published:")]
    (error,) = checks.check(written(gone, "missing: []\n")).errors
    assert error.path == "missing"


def test_a_whole_scheme_and_an_outline_do_not_share_an_id(written: Written) -> None:
    root = written("", "")
    scheme = root / "schemes" / "lanhe_2025.yaml"
    text = scheme.read_text(encoding="utf-8").replace("id: lanhe_2025", "id: elsewhere", 1)
    (root / "schemes" / "elsewhere.yaml").write_text(text, encoding="utf-8")
    (error,) = checks.check(root).errors
    assert "已是完整方案" in error.what.zh


@pytest.fixture(scope="module")
def taizhou() -> City:
    return checks.load(TAIZHOU)[0]


def test_of_the_nineteen_variants_each_is_whole_or_says_what_it_lacks(taizhou: City) -> None:
    whole = {"js_huaian_2024", "js_wujin_2018_draft", "ah_style_city", "zj_huangyan"}
    lacking = {
        *("js_changzhou_2018", "js_wuxi", "js_jiangyin_2024", "js_suzhou_2018", "js_nanjing_2017"),
        *("js_lianyungang_2018", "js_yangzhou_2025", "js_old_reverse", "ah_jingde_2022"),
        *("zj_2018_guidance", "zj_jiangshan_2023_draft", "zj_jingning_2022"),
        *("sd_2019", "sd_jining_htz_2023"),
    }
    assert whole <= taizhou.schemes.keys() and lacking == taizhou.scheme_outlines.keys()
    # Huangyan's two years are one scheme with dated base values.
    assert len(whole) + len(lacking) == 19 - 1
    for name in lacking:
        refusal = outlines.outline_refusal(taizhou, name)
        assert refusal is not None
        assert all(one.says in refusal.text.zh for one in taizhou.scheme_outlines[name].missing)


def test_what_the_published_counts_of_elsewhere_tell(taizhou: City) -> None:
    def of(name: str) -> list[bool]:
        told = outlines.notes(taizhou, taizhou.scheme_outlines[name])
        return ["可由分档比例得出" in one.zh for one in told]

    assert of("sd_jining_htz_2023") == [False, True]
    assert of("zj_jingning_2022") == [False, False]
