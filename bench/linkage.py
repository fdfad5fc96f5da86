"""Linkage of a real register with a noisy copy of itself: precision, recall, seconds.

    python bench/linkage.py --register jiangsu_registrations_slim.csv.gz [--rows 20000] [--train]

The register has no second source, so the copy is made: every row gets one kind of noise by a fixed
seed, in the shares of MIXTURE, and MOST lose their code. The truth is the row it came from. Records
whose row number hashes to an even value are the development half, that thresholds were read off;
both halves are printed, each kind apart; --alone adds Splink alone in the same run.
"""

import argparse
import csv
import gzip
import hashlib
import random
import resource
import time
from collections import Counter, defaultdict
from pathlib import Path

import pyarrow as pa

from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.linkage import link, places, probability, sounds
from cityforge.brain.linkage.tables import query

SEED = 20260101
NO_CODE = 0.80
BAD_CODE = 0.05
UNKNOWN = 0.05  # rows of the copy whose original is taken out of the register
MIXTURE = {
    "as it is": 0.16,
    "no form": 0.15,
    "no place": 0.10,
    "short": 0.08,
    "form varied": 0.10,
    "width": 0.07,
    "brackets": 0.05,
    "sound": 0.08,
    "shape": 0.03,
    "exchanged": 0.04,
    "dropped": 0.04,
    "other letter": 0.02,
    "two slips": 0.02,
    "brand only": 0.01,
    "renamed": 0.005,
    "branch added": 0.045,
}
NEVER = ("branch added",)
"""Kinds that must not be joined with the row they were made from."""
SHAPES = (
    "己已巳", "未末", "士土", "千干于", "洲州", "晶品", "天夭夫", "大太犬", "人入八",
    "日曰目", "贝见", "工土", "木本术", "王玉主", "田由甲申", "午牛", "今令", "广厂",
    "力刀", "文交", "科料", "杨扬", "清靖情", "钢铜", "银根", "泰秦", "兴光", "利和",
    "材村", "诚城", "祥样", "鑫森", "华毕", "达迖", "恒桓", "远运", "明朋", "顺项",
    "瑞端", "德得", "宏弘", "源原", "电申", "机杌", "丰半",
)  # fmt: skip


def by_sound():
    """Characters of one syllable, for each."""
    alike = defaultdict(list)
    for code in sounds._READINGS:
        alike[sounds.sound(chr(code))].append(chr(code))
    return {c: [x for x in cs if x != c] for cs in alike.values() for c in cs}


SOUNDS = by_sound()
LOOKS = {c: [x for x in group if x != c] for group in SHAPES for c in group}
EVERY = sorted(SOUNDS)
FORMS = ("股份有限公司", "有限责任公司", "有限公司", "专业合作社", "公司", "厂")


def form_of(name):
    if name.endswith(("分公司", "支公司", "子公司")):
        return ""
    return next((form for form in FORMS if name.endswith(form)), "")


def noisy(kind, name, draw, words):
    """The name with one kind of noise; None where the name does not allow it."""
    form = form_of(name)
    body = name.removesuffix(form)
    _, at = words.leading(body)
    match kind:
        case "as it is":
            return name
        case "no form":
            return body if form and len(body) >= 4 else None
        case "no place":
            return name[at:] if at else None
        case "short":
            return body[at:] if at and form else None
        case "form varied":
            if "有限责任公司" in name:
                return name.replace("有限责任公司", "有限公司")
            return name.replace("有限公司", "有限责任公司") if "有限公司" in name else None
        case "width":
            wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in name)
            return wide if wide != name else name[: len(body)] + "　" + form
        case "brackets":
            if "(" in name:
                return name.replace("(", "（").replace(")", "）")
            place = body[:at]
            return f"{body[at:]}（{place}）{form}" if at and form == "有限公司" else None
        case "sound":
            return replaced(name, SOUNDS, draw)
        case "shape":
            return replaced(name, LOOKS, draw)
        case "other letter":
            return replaced(name, dict.fromkeys(EVERY, EVERY), draw)
        case "exchanged":
            i = draw.randrange(len(name) - 1)
            new = name[:i] + name[i + 1] + name[i] + name[i + 2 :]
            return new if new != name else None
        case "dropped":
            i = draw.randrange(len(name))
            return name[:i] + name[i + 1 :]
        case "two slips":
            once = replaced(name, SOUNDS, draw)
            return replaced(once, SOUNDS, draw) if once else None
        case "brand only":
            return body[at : at + 4] if len(body) - at >= 6 else None
        case "renamed":
            brand = "".join(draw.choice(EVERY) for _ in range(2))
            return body[:at] + brand + body[at + 2 :] + form if form else None
        case "branch added":
            place = draw.choice(("东城", "新区", "第一", "开发区", "江北"))
            return name + place + draw.choice(("分公司", "门市部", "营业部")) if form else None
    raise ValueError(kind)


def replaced(name, table, draw):
    spots = [i for i, c in enumerate(name) if table.get(c)]
    if not spots:
        return None
    i = draw.choice(spots)
    return name[:i] + draw.choice(table[name[i]]) + name[i + 1 :]


def bad_code(code, draw):
    i = draw.randrange(len(code))
    return code[:i] + draw.choice("0123456789ABCDEFGH".replace(code[i], "")) + code[i + 1 :]


def read(path):
    """(name, code, district, address) of every row."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            code = row.get("代码") or row.get("统一社会信用代码")
            yield row["企业名称"], code, row["地区"], row.get("注册地址")


def half(i):
    """0 development, 1 report."""
    return hashlib.sha256(str(i).encode()).digest()[0] & 1


def made(rows, words, *, only=None, unknown=UNKNOWN, seed=SEED):
    """The register, the copy, and the kind of noise of each row of the copy."""
    draw = random.Random(seed)
    kinds, shares = list(MIXTURE), list(MIXTURE.values())
    left, right, kind_of = [], [], {}
    for i, (name, code, district, address) in enumerate(rows):
        kind = only or draw.choices(kinds, shares)[0]
        new = noisy(kind, name, draw, words)
        if new is None:
            if only:
                new, kind = None, None
            else:
                kind, new = "as it is", name
        gone = not only and draw.random() < unknown
        chance = draw.random()
        other = None if only or chance < NO_CODE else code
        if not only and NO_CODE <= chance < NO_CODE + BAD_CODE:
            other = bad_code(code, draw)
        if kind in NEVER or gone:
            other = None
        if not gone:
            left.append((f"a{i:07}", "register", name, code, district, address))
        if new is not None:
            right.append((f"b{i:07}", "copy", new, other, district, moved(address, draw)))
            kind_of[i] = "unknown" if gone else kind
    return left + right, kind_of


def moved(address, draw):
    """An address as another bureau has it: a third none, a third shortened, a third the same."""
    if not address or draw.random() < 0.33:
        return None
    return address[3:] if draw.random() < 0.5 and len(address) > 12 else address


def table(records):
    columns = ("record", "source", "name", "code", "district", "address")
    return pa.table(
        {
            c: pa.array(v, pa.string())
            for c, v in zip(columns, zip(*records, strict=True), strict=True)
        }
    )


def measure(records, kind_of, words, **options):
    """Seconds, counts, and what is told of each half of the same links."""
    with Engine(threads=2) as engine:
        engine.take("records", table(records))
        began = time.perf_counter()
        counts = link.link(engine, "records", places=words, **options)
        seconds = time.perf_counter() - began
        rows = engine.arrow(query("SELECT record, entity, rung FROM links")).to_pylist()
        review = engine.arrow(
            query('SELECT "left" AS l, "right" AS r FROM pairs WHERE status = \'review\'')
        )
    groups = defaultdict(list)
    rung = {}
    for row in rows:
        groups[row["entity"]].append(row["record"])
        rung[row["record"]] = row["rung"]
    entity = {row["record"]: row["entity"] for row in rows}
    asked = {tuple(sorted(p.values())) for p in review.to_pylist()}
    return seconds, counts, {h: told(h, kind_of, groups, entity, rung, asked) for h in (0, 1)}


def told(which, kind_of, groups, entity, rung, asked):
    """Per kind, of one half: pairs that are, were found, found rightly; and the wrong by rung."""
    kinds = defaultdict(Counter)
    wrong_by_rung = Counter()
    for i, kind in kind_of.items():
        if half(i) != which:
            continue
        mate, own = f"a{i:07}", f"b{i:07}"
        found = [r for r in groups[entity[own]] if r[0] == "a"]
        is_pair = kind not in NEVER and kind != "unknown"
        right = sum(r == mate for r in found) if is_pair else 0
        kinds[kind]["pairs"] += is_pair
        kinds[kind]["found"] += len(found)
        kinds[kind]["right"] += right
        kinds[kind]["asked"] += is_pair and not right and (mate, own) in asked
        if len(found) > right:
            wrong_by_rung[rung[own], kind] += len(found) - right
    return kinds, wrong_by_rung


def shown(title, result):
    seconds, counts, halves = result
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"\n{title}: {seconds:.1f} s; peak {peak} MB; {counts}")
    for which, found in halves.items():
        print(("development half", "report half")[which])
        by_kind(*found)


def by_kind(kinds, wrong):
    total = sum(kinds.values(), Counter())
    for kind, c in [*sorted(kinds.items()), ("ALL", total)]:
        recall = c["right"] / c["pairs"] if c["pairs"] else float("nan")
        precision = c["right"] / c["found"] if c["found"] else float("nan")
        print(f"  {kind:14} pairs {c['pairs']:7} recall {recall:.4f} precision {precision:.4f}"
              f" wrong {c['found'] - c['right']:5} asked {c['asked']:5}")  # fmt: skip
    print("  wrong by rung:", dict(wrong.most_common(12)))


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--register", type=Path, required=True)
    options.add_argument("--rows", type=int)
    options.add_argument("--province", default="32")
    options.add_argument("--train", action="store_true")
    options.add_argument("--alone", action="store_true", help="Splink alone too")
    options.add_argument("--kinds", action="store_true", help="each kind in a copy of its own")
    options.add_argument("--rules", action="store_true", help="rules without Splink")
    options.add_argument("--itself", action="store_true")
    options.add_argument("--unknown", type=float, default=UNKNOWN, help="share of strangers")
    given = options.parse_args()
    words = places.national([given.province])
    rows = list(read(given.register))
    if given.rows:
        rows = random.Random(SEED).sample(rows, given.rows)
    if given.itself:
        itself(rows, words)
        return
    records, kind_of = made(rows, words, unknown=given.unknown)
    if given.train:
        train(records, words)
        return
    shown("mixed copy", measure(records, kind_of, words, weigh=not given.rules))
    if given.alone:
        result = measure(records, kind_of, words, ladder_too=False)
        shown("mixed copy, Splink alone after codes", result)
    if given.kinds:
        for kind in MIXTURE:
            records, kind_of = made(rows, words, only=kind)
            shown(
                f"every row: {kind}, no code",
                measure(records, kind_of, words, weigh=not given.rules),
            )


def itself(rows, words):
    """The register against itself: what is joined, and whether any two codes are."""
    records = [(f"a{i:07}", "register", n, c, d, a) for i, (n, c, d, a) in enumerate(rows)]
    with Engine(threads=2) as engine:
        engine.take("records", table(records))
        began = time.perf_counter()
        counts = link.link(engine, "records", places=words)
        print(f"against itself: {time.perf_counter() - began:.1f} s; {counts}")
        rows = engine.arrow(
            query("""
            SELECT COUNT(*) AS groups, SUM(n) AS records, SUM(CASE WHEN codes > 1 THEN 1 ELSE 0 END)
              AS two_codes FROM (
              SELECT entity, COUNT(*) AS n, COUNT(DISTINCT f.code) AS codes
              FROM links JOIN link_faces AS f ON links.record = f.record
              GROUP BY entity HAVING COUNT(*) > 1) AS g""")
        ).to_pylist()
        print(rows)


def train(records, words):
    """Learn the weights from the development half and print them for weights.py."""
    development = [r for r in records if half(int(r[0][1:])) == 0]
    with Engine(threads=2) as engine:
        engine.take("records", table(development))
        link.link(engine, "records", places=words, weigh=False, ladder_too=False)
        model = probability.train(engine)
    print("PRIOR:", model["probability_two_random_records_match"])
    for comparison in model["comparisons"]:
        print(f'    "{comparison["output_column_name"]}": {{')
        for level in comparison["comparison_levels"]:
            if not level.get("is_null_level"):
                m, u = level.get("m_probability"), level.get("u_probability")
                label, found = level["label_for_charts"], (m and round(m, 6), u and round(u, 9))
                print(f'        "{label}": {found},')
        print("    },")


if __name__ == "__main__":
    main()
