# ruff: noqa: E501 - clauses are read best on one line each
"""A city with four policies, made up and run once: what the pages of policies are tried on."""

import shutil
from pathlib import Path

import pyarrow.parquet as pq
from typer.testing import CliRunner

from cityforge.brain.cli.main import app

CITY = Path(__file__).resolve().parents[1] / "cities" / "lanhe"
EVIDENCE = "{source: 虚构城市，数值为设例, verified: assumption}"

# 3 % of revenue in R&D: a tenth of it, 50万元 at most.
RD = f"""
id: lh_rd
title: 研发投入奖励
title_en: Award for research
level: city
office: 兰河市科技局
delivery: automatic
versions:
  - from: 2024-01-01
    document: {{title: 兰河市创新办法, number: 兰政〔2024〕1号, clause: 第三条}}
    evidence: {EVIDENCE}
    assumptions: [研发费用按申报数]
    rolling: true
    terms:
      - {{id: share, says: 研发占比, says_en: share of R&D, value: 3%}}
      - {{id: cap, says: 封顶, says_en: cap, value: 50万元}}
    conditions:
      all:
        - {{id: alive, says: 正常经营, says_en: in business, article: 第三条（一）, expr: "status in ('在业', '存续')", effort: 5}}
        - {{id: rd, says: 研发费用占比不低于百分之三, says_en: R&D of 3 % of revenue, article: 第三条（二）, expr: "rd_expense >= revenue * p.share", effort: 3}}
    benefit: {{kind: award, says: 研发费用的十分之一，最高 50 万元, says_en: a tenth of R&D, amount: "least(rd_expense * 10%, p.cap)"}}
"""
TAX = f"""
id: lh_tax
title: 纳税贡献奖励
title_en: Award for taxes
level: city
office: 兰河市财政局
delivery: instant
versions:
  - from: 2024-01-01
    document: {{title: 兰河市贡献办法, number: 兰政〔2024〕2号}}
    evidence: {EVIDENCE}
    rolling: true
    conditions:
      any:
        - {{id: taxes, says: 实缴税收 50 万元以上, says_en: "taxes of 500,000 yuan", article: 第五条, expr: tax_paid >= 50万元, effort: 4}}
        - {{id: staff, says: 用工 100 人以上, says_en: 100 employees, article: 第六条, expr: employees >= 100人, effort: 4}}
    benefit: {{kind: award, says: 奖励 20 万元, says_en: "200,000 yuan", amount: 20万元}}
"""
GREEN = f"""
id: qy_green
title: 青屿区绿色工厂奖励
title_en: "Qingyu: award for green factories"
level: district
office: 青屿区工信局
delivery: reviewed
districts: [qingyu]
versions:
  - from: 2023-01-01
    to: 2025-08-31
    document: {{title: 青屿区绿色办法}}
    evidence: {EVIDENCE}
    terms: [{{id: award, says: 奖励, says_en: award, value: 10万元}}]
    rolling: true
    conditions: {{id: green, says: 省级绿色工厂, says_en: a green factory, expr: "holds('green_factory_provincial')", effort: 3}}
    benefit: {{kind: award, says: 奖励 10 万元, says_en: "100,000 yuan", amount: p.award}}
  - from: 2025-09-01
    document: {{title: 青屿区绿色办法（修订）}}
    evidence: {EVIDENCE}
    terms: [{{id: award, says: 奖励, says_en: award, value: 30万元}}]
    windows: [{{opens: 2025-10-15, closes: 2025-11-14, batch: 第一批}}]
    materials: [{{title: 绿色工厂证书, title_en: certificate, source: licence}}]
    conditions: {{id: green, says: 省级绿色工厂, says_en: a green factory, article: 第二条, expr: "holds('green_factory_provincial')", effort: 3}}
    benefit: {{kind: award, says: 奖励 30 万元, says_en: "300,000 yuan", amount: p.award}}
"""
MODEL = f"""
id: ref_rent
title: 参照外地：厂房租金补助
title_en: "Model: rent"
level: city
model: true
office: 外地
delivery: reviewed
versions:
  - from: 2024-01-01
    document: {{title: 外地办法}}
    evidence: {EVIDENCE}
    windows: [{{opens: 2025-12-01, closes: 2025-12-31}}]
    conditions: {{id: alive, says: 正常经营, expr: "status in ('在业', '存续')", effort: 5}}
    benefit: {{kind: subsidy, says: 租金补助, says_en: rent}}
"""
EITHER = f"""
id: one_award
title: 两项奖励不重复享受
title_en: One of two awards
kind: exclusive
policies: [lh_rd, lh_tax]
says: 两项奖励就高不就低
says_en: the higher of two awards
evidence: {EVIDENCE}
"""


def made(folder: Path) -> Path:
    """The folder of its runs."""
    city = folder / "lanhe"
    shutil.copytree(CITY, city)
    (city / "policies").mkdir()
    (city / "combinations").mkdir()
    for name, text in (("lh_rd", RD), ("lh_tax", TAX), ("qy_green", GREEN), ("ref_rent", MODEL)):
        (city / "policies" / f"{name}.yaml").write_text(text, encoding="utf-8")
    (city / "combinations" / "one_award.yaml").write_text(EITHER, encoding="utf-8")
    for words in (
        ("mock", city, "--out", folder / "data", "--as-of", "2025-09-30", "--seed", 4,
         "--above-scale", 60, "--below-scale", 40),
        ("run", city, "--data", folder / "data", "--as-of", "2025-09-30", "--out",
         folder / "runs", "--no-report"),
    ):  # fmt: skip
        found = CliRunner().invoke(app, [str(word) for word in words])
        assert found.exit_code == 0, found.output
    return folder / "runs"


def applicants(runs: Path) -> list[dict[str, object]]:
    """The facts of every enterprise, as the run wrote them."""
    (file,) = runs.glob("2025*/tables/applicants.parquet")
    return pq.read_table(file).to_pylist()


def without_research(runs: Path) -> dict[str, object]:
    """One that paid taxes enough, and of whose research nobody knows: all else of it is known."""
    return next(
        row
        for row in applicants(runs)
        if row["rd_expense"] is None
        and row["status"] in ("在业", "存续")
        and row["revenue"] is not None
        and row["revenue"] < 100_000
        and (row["tax_paid"] or 0) >= 50
        and row["employees"] is not None
    )
