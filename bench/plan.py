"""How long reading a plan takes as it grows: 10 KB to 10 MB; the time per letter must stay flat.

    .venv/bin/python bench/plan.py

The plan is made up here, section after section, so that no real text is needed.
"""

import time

from cityforge.brain.plans.read import read_lines

SECTION = """一、重点任务（第{n}批）
（一）做强养殖。到2027年，渔业产值突破{n}00亿元，占比达68%左右，单位产值能耗比2022年下降17%。
1.建设网箱。围绕产业链建设深水网箱，完善配套设施，提升管理水平，推动养殖业提质增效和转型升级，每年新建深水网箱{n}口以上、码头2座。（责任单位：市渔业局、财政局，各区人民政府）
2.改良品种。推广优良品种，建立繁育体系，支持企业与院校合作，2027年良种覆盖率、标准化率分别达到90%和80%。（市渔业局牵头，市科技局配合）
"""


def plan(size: int) -> list[str]:
    """Lines of at least `size` bytes."""
    lines: list[str] = []
    held = 0
    n = 0
    while held < size:
        n += 1
        section = SECTION.format(n=n)
        held += len(section.encode())
        lines.extend(section.splitlines())
    return lines


def main() -> None:
    print(f"{'KB':>8}  {'seconds':>8}  {'µs/letter':>9}  {'measures':>8}  {'targets':>8}")
    for size in (10_000, 100_000, 1_000_000, 10_000_000):
        lines = plan(size)
        letters = sum(map(len, lines))
        start = time.perf_counter()
        reading = read_lines(lines)
        seconds = time.perf_counter() - start
        print(
            f"{size // 1000:>8}  {seconds:>8.2f}  {seconds / letters * 1e6:>9.2f}"
            f"  {len(reading.measures):>8}  {len(reading.targets):>8}"
        )


if __name__ == "__main__":
    main()
