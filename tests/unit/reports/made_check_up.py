"""A check-up of one made-up enterprise under many policies, without a run."""

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

from cityforge.brain.city import checks
from cityforge.brain.policies import combining
from cityforge.brain.policies.check_up import declared
from cityforge.brain.policies.check_up.check_up import check_up
from cityforge.brain.policies.prepared import prepare
from cityforge.brain.policies.reach.bounds import of_version
from cityforge.brain.reports.examined import Examined
from cityforge.brain.reports.snapshot import Snapshot
from cityforge.brain.rules.row import completed

LANHE = Path(__file__).resolve().parents[2] / "cities" / "lanhe"
DAY = date(2026, 3, 1)
HOSTILE = '<img src=x onerror=alert(1)>#let x = 1 "引号" & $公式$ 机械厂'
POLICY = """\
id: {id}
title: {title}
title_en: {id} grant
level: city
office: 市经信局
districts: [{district}]
delivery: reviewed
contact: "0523-1234567"
versions:
  - from: 2025-01-01
    to: 2027-12-31
    document: {{title: 设例文件, number: 设例〔2025〕1号, clause: 第二条}}
    evidence: {{source: 设例, verified: {verified}}}
    assumptions: [申报期为设定]
    {when}
    conditions:
      all:
        - {{id: firm, says: 从业人数不低于 1 人, says_en: one employee, expr: employees >= 1人}}
        - {{id: it, says: {says}, says_en: the condition, article: 第三条, expr: "{expr}"}}
    materials:
      - {{title: 申请表, title_en: form}}
      - {{title: 纳税证明, source: shared, owner: shuiwu}}
    benefit:
      kind: subsidy
      says: 按研发费用的一成，最高 80 万元
      says_en: a tenth of R&D, up to 800,000 yuan
      steps: [{{id: tenth, says: 研发费用的 10%, says_en: a tenth of R&D, expr: "{step}"}}]
      amount: "{amount}"
      instalments: {parts}
"""
OPEN = "windows: [{opens: 2026-02-01, closes: 2026-03-10}, {opens: 2026-09-01, closes: 2026-10-31}]"
COMING = "windows: [{opens: 2026-05-01, closes: 2026-06-30}]"
ROLLING = "rolling: true"
TENTH = "10% * rd_expense"
# title, district, condition in words, as an expression, window, amount
POLICIES = {
    "research": ("研发补助", "qingyu", "研发投入占比 2% 以上", "rd_expense / revenue >= 2%", OPEN,
                 "least(tenth, 80万元)"),
    "digital": ("数字化补助", "qingyu", "规模以上", "above_scale", ROLLING, "12.34万元"),
    "small": ("小企业奖励", "qingyu", "营业收入 1 亿元以下", "revenue <= 1亿元", COMING, "5万元"),
    "spring": ("春季奖励", "qingyu", "规模以上", "above_scale", COMING, "3万元"),
    "growing": ("成长奖励", "qingyu", "营业收入 4500 万元以上", "revenue >= 4500万元", ROLLING,
                "10万元"),
    "strong": ("强研发奖励", "qingyu", "研发投入占比 5% 以上", "rd_expense / revenue >= 5%", OPEN,
               "20万元"),
    "green": ("绿色工厂奖励", "qingyu", "省级绿色工厂", "holds('green_factory_provincial')",
              ROLLING, "40万元"),
    "listed": ("专精特新奖励", "qingyu", "省级专精特新", "holds('specialised_provincial')", ROLLING,
               "30万元"),
    "saving": ("节能补助", "qingyu", "综合能耗 9 吨标准煤以下", "energy <= 9tce", ROLLING,
               "least(10% * value_added, 60万元)"),
    "away": ("云平专项", "yunping", "规模以上", "above_scale", ROLLING, "50万元"),
}  # fmt: skip
VERIFIED = {
    "digital": "third_party_copy", "growing": "general_knowledge", "strong": "assumption",
}  # fmt: skip
COMBINATION = """\
id: one
title: 只取其一
title_en: One of them
kind: exclusive
policies: [digital, small]
says: 同一年度不重复享受
says_en: one a year
evidence: {source: 设例, verified: assumption}
"""
FACTS: dict[str, object] = {
    "uscc": "91339901MK002F8N4J",
    "district": "qingyu",
    "industry": "34",
    "above_scale": True,
    "rd_expense": Decimal("123.4567"),
    "revenue": Decimal(4000),
    "employees": Decimal(50),
    "register:specialised_provincial": False,
}


def examined(root: Path, *answers: str, name: str = HOSTILE) -> Examined:
    """The check-up; the city is copied under `root`."""
    place = root / "lanhe"
    shutil.copytree(LANHE, place)
    for folder in ("policies", "combinations"):
        (place / folder).mkdir(exist_ok=True)
    for policy, (title, district, says, expr, when, amount) in POLICIES.items():
        text = POLICY.format(
            id=policy, title=title, district=district, says=says, expr=expr, when=when,
            amount=amount, step=TENTH, parts="[0.6, 0.4]" if policy == "research" else "[]",
            verified=VERIFIED.get(policy, "official"),
        )  # fmt: skip
        (place / "policies" / f"{policy}.yaml").write_text(text, encoding="utf-8")
    (place / "combinations" / "one.yaml").write_text(COMBINATION, encoding="utf-8")
    city, book = checks.load(place)
    policies, rules = prepare(city, book, day=DAY), combining.rules(city)
    row = completed(book, FACTS | {"name": name}, day=DAY, parameters={})
    found = check_up(
        policies,
        row,
        rules,
        answers=[declared.read(city, book, text) for text in answers],
        world=of_version(city, book, policies[0].version),
    )
    run = {
        "run_id": "2026-03-01-made",
        "as_of": DAY.isoformat(),
        "year": 2025,
        "simulated": True,
        "versions": {"cityforge": "0.1.0"},
    }
    return Examined(Snapshot(root, run, city), book, dict(row.values), rules, found)
