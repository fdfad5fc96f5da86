"""Evaluation on the web: results by role, what if, an objection won, the public list."""

import re
import shutil
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from typer.testing import CliRunner

from cityforge.brain.api import evaluations as api
from cityforge.brain.cli.main import app
from cityforge.portal.accounts import roles
from cityforge.portal.accounts.models import Organisation
from cityforge.portal.analytics import city, grade_files, grades, proceedings
from cityforge.portal.audit.models import Event

CITY = Path(__file__).resolve().parents[1] / "cities" / "lanhe"
SCHEME = "lanhe_2025"
PDF = b"%PDF-1.4 proof"


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("evaluated")
    for words in (
        ("mock", CITY, "--out", folder / "data", "--as-of", "2025-09-30", "--seed", 4,
         "--above-scale", 120, "--below-scale", 40),
        ("run", CITY, "--data", folder / "data", "--as-of", "2025-09-30", "--out",
         folder / "runs", "--no-report"),
    ):  # fmt: skip
        found = CliRunner().invoke(app, [str(word) for word in words])
        assert found.exit_code == 0, found.output
    return folder / "runs"


@pytest.fixture(autouse=True)
def here(runs: Path, settings: LazySettings, tmp_path: Path) -> None:
    """Each test has proceedings of its own."""
    shutil.copytree(runs, tmp_path / "runs")
    settings.SNAPSHOTS, settings.HOME = tmp_path / "runs", tmp_path


def graded(grade: str) -> str:
    return next(str(row["uscc"]) for row in rows() if row["grade"] == grade)


def rows() -> list[dict[str, object]]:
    snapshot = api.read_snapshot(next(runs_of().glob("2025*")))
    return api.evaluate(snapshot, api.scheme_of(snapshot, SCHEME)).rows.to_pylist()


def runs_of() -> Path:
    from django.conf import settings

    return Path(settings.SNAPSHOTS)


def test_what_each_official_sees(
    signed_in: Callable[[str], Client], organisations: dict[str, Organisation]
) -> None:
    analyst = signed_in(roles.ANALYST)
    assert "绩效评价" in analyst.get("/evaluations/").text
    whole = analyst.get(f"/evaluations/{SCHEME}/").text
    assert "可腾出" in whole and "改变一项即可升等" in whole
    Organisation.objects.filter(pk=organisations[roles.DISTRICT].pk).update(code="qingyu")
    part = signed_in(roles.DISTRICT_OFFICER).get(f"/evaluations/{SCHEME}/").text
    assert "可腾出" not in part and "青屿区" in part
    assert "云坪区" not in part
    assert analyst.get("/evaluations/nowhere/").status_code == 404


def test_of_a_large_city_the_counts_of_the_run_are_told(
    signed_in: Callable[[str], Client],
    organisations: dict[str, Organisation],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same counts as of a small one, of all and of a district; nobody is evaluated again."""
    analyst = signed_in(roles.ANALYST)
    Organisation.objects.filter(pk=organisations[roles.DISTRICT].pk).update(code="qingyu")
    everything, some = None, frozenset({"qingyu"})
    small = [grades.result(SCHEME, where).tables[0] for where in (everything, some)]

    def never(*_: object) -> None:
        raise AssertionError("evaluated again")

    monkeypatch.setattr(city, "MOST_EVALUATED", 0)
    monkeypatch.setattr(grades, "_evaluate", never)
    large = [grades.result(SCHEME, where).tables for where in (everything, some)]
    assert large == [[small[0]], [small[1]]]
    assert "evaluate write" in analyst.get(f"/evaluations/{SCHEME}/").text
    part = signed_in(roles.DISTRICT_OFFICER).get(f"/evaluations/{SCHEME}/").text
    assert "青屿区" in part and "云坪区" not in part


def test_what_if_shows_who_moves_and_what_does_not_fit(
    signed_in: Callable[[str], Client],
) -> None:
    analyst = signed_in(roles.ANALYST)
    address = f"/evaluations/{SCHEME}/what-if/"
    assert "家升等" not in analyst.get(address).text
    assert "家降等" in analyst.get(address, {"band.甲": "10"}).text
    assert "权重合计" in analyst.get(address, {"weight.rd_ratio": "50"}).text


def test_an_objection_is_won_and_the_list_is_shown(
    signed_in: Callable[[str], Client], organisations: dict[str, Organisation]
) -> None:
    code = graded("丙")
    Organisation.objects.filter(pk=organisations[roles.ENTERPRISE].pk).update(code=code)
    analyst, clerk = signed_in(roles.ANALYST), signed_in(roles.ENTERPRISE_CLERK)
    act = f"/evaluations/{SCHEME}/proceeding/"

    def conduct(what: str, **said: object) -> None:
        assert analyst.post(f"{act}{what}/", said).status_code == 302

    conduct("begin", publicity_days=5)
    for stage in ("listed", "collected", "checked"):
        conduct("step", to=stage)
    shown = clerk.get("/evaluations/mine/").text
    assert "丙 类" in shown and "提交异议" in shown
    said = {"fact": "tax_paid", "right": "99999", "reason": "漏计"}
    mine = f"/evaluations/{SCHEME}/mine/{code}/object/"
    for name, content in (("x.exe", b"MZ"), ("x.pdf", b"MZ not a pdf")):
        clerk.post(mine, said | {"evidence": SimpleUploadedFile(name, content)})
    assert not grades.standing(SCHEME).open  # type: ignore[union-attr]
    clerk.post(mine, said | {"evidence": SimpleUploadedFile("x.pdf", PDF)})
    [(objection, uscc, fact, _, right)] = grades.standing(SCHEME).open  # type: ignore[union-attr]
    assert (uscc, fact, right) == (code, "tax_paid", "99999")
    conduct("step", to="objected")
    conduct("rerun", why="初评")
    conduct("rule", objection=objection, outcome="upheld", grounds="核实")
    conduct("rerun", why="采纳")
    for stage in ("computed", "reviewed"):
        conduct("step", to=stage)
    assert "没有公示中的名单" in Client().get("/publicity/").text
    letter = f"/evaluations/{SCHEME}/letters/{code}.pdf"
    assert clerk.get(letter).status_code == 404  # not before the list is shown
    won = clerk.get("/evaluations/mine/").text
    assert "更正之后" in won and "名单公示后列出企业名称" in won
    conduct("publish", purpose="publicity")
    public = Client().get("/publicity/").text
    total = proceedings.api.publicity_list(grades.begun(SCHEME)).rows.num_rows
    last = Client().get("/publicity/", {"page": total // 100 + 1}).text
    assert public.count('class="grade"') == 100 and last.count('class="grade"') == total % 100
    shown = re.findall(r'class="grade">(.)<', public)
    assert shown[0] == "甲" and shown == sorted(shown, key="甲乙丙丁T".index)
    for odd in ("999999", "0", "-1", "x", "٣"):
        assert Client().get("/publicity/", {"page": odd}).status_code == 200
    assert Client().get("/publicity/", {"page": "999"}).text.count('class="grade"') == total % 100
    assert "第 2 版" in public and code not in public
    assert clerk.get(letter).content.startswith(b"%PDF-")
    others = {str(row["name"]) for row in rows() if row["uscc"] != code}
    shown = clerk.get("/evaluations/mine/").text
    assert "基准值随更正变动" in shown and any(name in shown for name in others)
    page = analyst.get(act).text
    assert "本企业数据更正" in page and "采纳" in page
    written = set(Event.objects.values_list("action", flat=True))
    assert written >= {
        "evaluations.begun", "evaluations.stepped", "evaluations.objected", "evaluations.ruled",
        "evaluations.rerun", "evaluations.published",
    }  # fmt: skip
    refused = Event.objects.filter(action="evaluations.objected").count()
    assert refused == 1  # what was refused left no event


def test_who_answered_and_the_evidence(
    signed_in: Callable[[str], Client], organisations: dict[str, Organisation]
) -> None:
    """One objects, one confirms; the rest keep silent."""
    analyst, clerk = signed_in(roles.ANALYST), signed_in(roles.ENTERPRISE_CLERK)
    act = f"/evaluations/{SCHEME}/proceeding/"
    analyst.post(f"{act}begin/", {"publicity_days": 5})
    for stage in ("listed", "collected", "checked"):
        analyst.post(f"{act}step/", {"to": stage})
    enterprise = Organisation.objects.filter(pk=organisations[roles.ENTERPRISE].pk)
    said = {"fact": "tax_paid", "right": "5", "reason": "漏计"}
    code = graded("丙")
    enterprise.update(code=code)
    proof = SimpleUploadedFile("x.pdf", PDF)
    clerk.post(f"/evaluations/{SCHEME}/mine/{code}/object/", said | {"evidence": proof})
    code = graded("甲")
    enterprise.update(code=code)
    clerk.post(f"/evaluations/{SCHEME}/mine/{code}/confirm/")
    found = proceedings.answers(SCHEME)
    assert found is not None
    assert (found.counts["confirmed"], found.counts["objected"]) == (1, 1)
    assert sum(found.counts.values()) == len(rows())
    assert sum(sum(each[2:]) for each in found.districts) == len(rows())
    listed = analyst.get(f"{act}answers/", {"state": "confirmed"}).text
    assert code in listed and listed.count("已确认") == 2  # the filter, and the one row
    [objected] = proceedings.objections(SCHEME)
    [name] = objected.files
    address = f"/evaluations/{SCHEME}/evidence/{name}/"
    assert clerk.get(address).status_code == 404  # another's
    enterprise.update(code=objected.uscc)
    assert clerk.get(address).content == PDF
    assert analyst.get(address).content == PDF
    assert Event.objects.filter(action="evaluations.taken").count() == 2


def test_letters_for_all_and_files(signed_in: Callable[[str], Client]) -> None:
    analyst = signed_in(roles.ANALYST)
    files = f"/evaluations/{SCHEME}/files/"
    assert "评价结果表" in analyst.get(files).text
    answer = analyst.get(f"{files}letters.zip", {"grade": "丁"})
    with zipfile.ZipFile(BytesIO(b"".join(answer.streaming_content))) as letters:
        names = letters.namelist()
        assert letters.testzip() is None and letters.read(names[0]).startswith(b"%PDF-")
    assert 0 < len(names) == len(grade_files.addressees(SCHEME, district="", grade="丁"))
    none = analyst.get(f"{files}letters.zip", {"grade": "无"}, follow=True)
    assert "有 0 家" in none.text
    for kind, status in (("workbook", 200), ("follow-up", 200), ("water", 404), ("x", 404)):
        assert analyst.get(f"{files}{kind}/").status_code == status


def test_two_years_side_by_side(signed_in: Callable[[str], Client]) -> None:
    analyst = signed_in(roles.ANALYST)
    asked = {"first": SCHEME, "second": SCHEME, "first_year": 2023, "second_year": 2024}
    assert "家升等" in analyst.get("/evaluations/compare/", asked).text
    assert "没有" in analyst.get("/evaluations/compare/", asked | {"first_year": 1999}).text
    assert analyst.get("/evaluations/compare/").status_code == 200


def test_nobody_speaks_for_another_enterprise(
    signed_in: Callable[[str], Client], organisations: dict[str, Organisation]
) -> None:
    Organisation.objects.filter(pk=organisations[roles.ENTERPRISE].pk).update(code=graded("乙"))
    clerk = signed_in(roles.ENTERPRISE_CLERK)
    everybody = rows()
    own = Organisation.objects.get(kind=roles.ENTERPRISE).code
    for row in everybody:
        if row["uscc"] != own:
            address = f"/evaluations/{SCHEME}/mine/{row['uscc']}/confirm/"
            assert clerk.post(address).status_code == 404
    shown = clerk.get("/evaluations/mine/").text
    assert not [row["name"] for row in everybody if row["uscc"] != own and row["name"] in shown]


@pytest.mark.parametrize(("least", "is_few"), [(1, False), (10_000, True)])
def test_of_few_neither_mean_nor_median_is_told(
    monkeypatch: pytest.MonkeyPatch, least: int, *, is_few: bool
) -> None:
    """Where few of a group have a figure, its mean and median would tell of the others."""
    monkeypatch.setattr(grades, "LEAST_SHOWN", least)
    shown = grades.enterprise(SCHEME, graded("乙"))
    assert shown is not None
    heads = [column.zh for column in shown.tables[0].columns]
    assert ("组内平均分" in heads, "组内中位数" in heads) == (not is_few, not is_few)
    assert all(len(line) == len(heads) for line in shown.tables[0].rows)
    assert any("不列组内平均" in one.zh for one in shown.words) == is_few
