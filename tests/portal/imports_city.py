"""A made-up bureau with its data: five enterprises, two years, hand-written."""

from pathlib import Path

from cityforge.brain.values import credit_code

LANHE = Path(__file__).parents[1] / "cities" / "lanhe"
HEAD = "统一社会信用代码,年份,规上,营业收入"


def codes() -> list[str]:
    """Credit codes with right check digits, nobody's."""
    made = []
    for number in range(5):
        subject = f"MK0000{number:02d}"
        first17 = f"91990001{subject}{credit_code.organisation_check(subject)}"
        made.append(first17 + credit_code.check_digit(first17))
    return made


def lay_out(data: Path) -> None:
    """The frame of five enterprises, and what counts of `performance`: 2023, 100 each."""
    data.mkdir(parents=True)
    frame = ["统一社会信用代码,单位名称", *(f"{c},企业{n}" for n, c in enumerate(codes()))]
    (data / "market_entities.csv").write_text("\n".join(frame), encoding="utf-8")
    (data / "performance.csv").write_bytes(performance([(2023, 100)]))


def performance(years: list[tuple[int, int]], *faults: str) -> bytes:
    """A delivery: of each year and figure a row an enterprise, then the faulty lines."""
    rows = [f"{code},{year},是,{figure}" for year, figure in years for code in codes()]
    return "\n".join([HEAD, *rows, *faults]).encode()
