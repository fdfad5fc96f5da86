"""The two city folders of the repository stand every check; Taizhou's codes fit real registers."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from cityforge.brain.city import checks, folder, schemas
from cityforge.brain.runs import examples

ROOT = Path(__file__).resolve().parents[3]
TAIZHOU = ROOT / "cities" / "taizhou"
LANHE = ROOT / "tests" / "cities" / "lanhe"


@pytest.mark.parametrize("root", [TAIZHOU, LANHE], ids=["taizhou", "lanhe"])
def test_a_city_of_the_repository_has_no_problem(root: Path) -> None:
    checked = checks.check(root)
    assert [problem.say("zh") for problem in checked.problems] == []
    assert checked.city is not None


@pytest.mark.parametrize(("root", "count"), [(TAIZHOU, 5), (LANHE, 2)], ids=["taizhou", "lanhe"])
def test_each_worked_example_comes_out_as_by_hand(root: Path, count: int) -> None:
    _, results = examples.check(root)
    # The examples beside policies come on top of the folder of examples.
    assert len(results) >= count
    assert [result.says.zh for result in results if not result.passed] == []


@pytest.mark.parametrize("root", [TAIZHOU, LANHE], ids=["taizhou", "lanhe"])
def test_each_file_names_its_schema_by_the_right_way_up(root: Path) -> None:
    wrong = []
    for file in root.rglob("*.yaml"):
        first = file.read_text(encoding="utf-8").splitlines()[0]
        name = file.stem if file.parent == root else schemas.singular(file.parent.name)
        schema = ROOT / "schemas" / f"{name}.schema.json"
        stated = first.removeprefix("# yaml-language-server: $schema=")
        if (file.parent / stated).resolve() != schema:
            wrong.append((file.name, first))
    assert wrong == []


def test_each_register_entry_is_named_once() -> None:
    city, _ = folder.read(TAIZHOU)
    assert city is not None
    entries = Counter((register.dataset, register.entry) for register in city.registers.values())
    assert set(entries.values()) == {1}


def test_all_other_indicators_than_the_cumulative_cut_can_be_computed() -> None:
    city, _ = folder.read(TAIZHOU)
    assert city is not None
    mute = [i.id for i in city.indicators.values() if not (i.expr or i.register_count)]
    assert mute == ["energy_intensity_cut"]


@pytest.mark.shared
def test_codes_of_real_registrations_find_their_district(shared: Path) -> None:
    city, _ = folder.read(TAIZHOU)
    assert city is not None
    district_of = city.district_of_code()
    prefixes: Counter[str] = Counter()
    file = shared / "data" / "enterprises" / "taizhou_registrations.csv"
    with file.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            code = row["统一社会信用代码"].strip()
            if len(code) == 18:
                prefixes[code[2:8]] += 1
            elif len(code) == 15:
                prefixes[code[:6]] += 1
    homeless = {code: n for code, n in prefixes.items() if code not in district_of}
    own = {code: n for code, n in homeless.items() if code.startswith("3212")}
    assert own == {"321200": 352}, "only the city's own registry code names no single district"
    assert sum(homeless.values()) - 352 == 135, "codes of other cities"
    assert district_of["321284"] == district_of["321204"] == "jiangyan"
    assert district_of["321291"] == district_of["321292"] == district_of["321271"] == "gaogang"
