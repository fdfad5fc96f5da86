"""The cross-checks of a ladder, one planted fault each."""

import shutil
from pathlib import Path

import pytest

from cityforge.brain.city import checks

LANHE = Path(__file__).resolve().parents[2] / "cities" / "lanhe"
POLICY = """\
id: first
title: 一级认定
title_en: First
level: city
office: 市经信局
delivery: reviewed
versions:
  - from: 2025-01-01
    document: {title: 设例}
    evidence: {source: 设例, verified: assumption}
    rolling: true
    conditions:
      all:
        - {id: large, says: 规上, expr: above_scale}
        - {id: revenue, says: 收入, expr: revenue >= 1000万元}
    benefit: {kind: title, says: 称号, says_en: title}
"""
LADDER = """\
id: climb
title: 登高
title_en: Climb
gaps: 2
near: 20%
library: {states: [promising], evidence: {source: 设例, verified: assumption}}
renewal: {alert_days: [90], evidence: {source: 设例, verified: assumption}}
trend: {method: linear, most: 50%, evidence: {source: 设例, verified: assumption}}
evidence: {source: 设例, verified: assumption}
lines:
  - id: titles
    title: 称号
    title_en: Titles
    applies: above_scale
    rungs:
      - id: first
        title: 一级
        title_en: First
        level: provincial
        register: specialised_provincial
        policy: first
        scope: [large]
        awaited: [revenue]
        scores:
          - from: 2025-01-01
            pass: 60分
            parts: [{id: all, says: 分, says_en: points, fact: points, most: 100分}]
            evidence: {source: 设例, verified: assumption}
        renewal:
          alert_days: [90]
          follows: [{from: 2026-01-01, to: 2026-12-31, version: 2025-01-01}]
          evidence: {source: 设例, verified: assumption}
      - id: second
        title: 二级
        title_en: Second
        level: national
        register: green_factory_provincial
        from: [first]
        unspecified: [未取得]
  - id: stages
    title: 阶段
    title_en: Stages
    stage: stage
    rungs:
      - {id: begun, title: 开始, title_en: Begun, level: city, stages: [开始]}
aims: [{target: specialised_enterprises, rungs: [first]}]
"""
POINTS = """\
id: points
title: 得分
title_en: points
expr: case when above_scale then 60分 else 0分 end
unit: 分
evidence: {source: 设例, verified: assumption}
"""
# old, new, what is said, the text at the line
CASES = {
    "register": (
        "register: specialised_provincial",
        "register: specialised",
        "名录“specialised”不存在",
        "register: sp",
    ),
    "policy": ("policy: first", "policy: frist", "政策“frist”不存在", "policy: frist"),
    "clause": ("scope: [large]", "scope: [huge]", "条件“huge”不存在", "scope"),
    "clause twice": ("awaited: [revenue]", "awaited: [large]", "已列在另一处", "awaited"),
    "rung beneath": ("from: [first]", "from: [fisrt]", "级“fisrt”不存在", "from: [fisrt]"),
    "circle": ("from: [first]", "from: [second]", "要求先取得它自己", "from: [second]"),
    "rung twice": ("id: second", "id: first", "“first”重复", "- id: first"),
    "expression": ("applies: above_scale", "applies: above", "没有事实“above”", "applies"),
    "no condition": ("applies: above_scale", "applies: revenue", "这里要条件", "applies"),
    "score no points": ("fact: points", "fact: revenue", "“revenue”不是分数", "fact: revenue"),
    "score no fact": ("fact: points", "fact: pionts", "事实“pionts”不存在", "fact: pionts"),
    "mark no points": ("pass: 60分", "pass: 60万元", "单位不符", "pass"),
    "mark no literal": ("pass: 60分", "pass: 30分 + 30分", "不是字面量", "pass"),
    "near no share": ("near: 20%", "near: 20万元", "单位不符", "near"),
    "trend no share": ("most: 50%", "most: 5分", "单位不符", "most: 5分"),
    "version": (
        "version: 2025-01-01",
        "version: 2024-01-01",
        "没有 2024-01-01 起施行的版本",
        "follows",
    ),
    "stage": ("stages: [开始]", "stages: [开端]", "阶段“开端”不存在", "开端"),
    "stage fact": ("stage: stage", "stage: above_scale", "不是文字事实", "stage: above"),
    "target": (
        "target: specialised_enterprises",
        "target: specialised",
        "目标“specialised”不存在",
        "target",
    ),
    "held in two ways": (
        "register: specialised_provincial",
        "register: specialised_provincial\n        fact: above_scale",
        "须有且只有",
        "first",
    ),
    "neither rule nor reason": (
        "        unspecified: [未取得]\n",
        "",
        "policy 与 unspecified 须写其一",
        "second",
    ),
    "stage without stages": ("    stage: stage\n", "", "须同时写明", "stages"),
    "unknown key": ("gaps: 2", "gaps: 2\nsteps: 3", "steps", "steps"),
}


def _city(root: Path, ladder: str) -> Path:
    shutil.copytree(LANHE, root)
    (root / "policies").mkdir(exist_ok=True)
    files = {"policies/first": POLICY, "ladders/climb": ladder, "facts/points": POINTS}
    for name, text in files.items():
        (root / f"{name}.yaml").write_text(text, encoding="utf-8")
    dataset = root / "datasets" / "performance.yaml"
    column = "  - {id: stage, title: 阶段, title_en: stage, kind: choice, values: [开始, 完成]}\n"
    dataset.write_text(dataset.read_text("utf-8") + column, encoding="utf-8")
    return root


def test_the_ladder_itself_is_sound(tmp_path: Path) -> None:
    checked = checks.check(_city(tmp_path / "lanhe", LADDER))
    assert checked.problems == []
    assert checked.city is not None and set(checked.city.ladders) == {"stairs", "climb"}


@pytest.mark.parametrize("case", CASES)
def test_a_planted_fault_is_told_at_its_place(tmp_path: Path, case: str) -> None:
    old, new, said, near = CASES[case]
    assert LADDER.count(old) >= 1
    text = LADDER.replace(old, new, 1)
    found = checks.check(_city(tmp_path / "lanhe", text)).problems
    here = [one for one in found if one.file == "ladders/climb.yaml"]
    assert here, found
    assert any(said in one.what.zh or said in one.what.en for one in here), here
    lines = text.splitlines()
    told = next(one for one in here if said in one.what.zh or said in one.what.en)
    around = "\n".join(lines[max(told.line - 2, 0) : told.line + 1])
    assert near in around, (told, around)
    assert told.hint.zh and told.hint.en


def test_all_faults_of_a_ladder_are_told_at_once(tmp_path: Path) -> None:
    text = LADDER.replace("policy: first", "policy: frist").replace("near: 20%", "near: 20万元")
    found = checks.check(_city(tmp_path / "lanhe", text)).problems
    assert {one.line for one in found} >= {5} and len(found) >= 2
