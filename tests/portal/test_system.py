"""Whether the portal is well: each check tells what it sees, and what to do."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.test import Client
from django_tasks_db.models import DBTaskResult
from mail_server import Mailbox, certificate, free_port, password_of, running

from cityforge.portal.accounts import roles
from cityforge.portal.accounts.models import Membership, Organisation, User
from cityforge.portal.audit.models import Event
from cityforge.portal.system import checks, queries, tasks

LANHE = Path(__file__).parents[1] / "cities" / "lanhe"


@pytest.fixture
def home(settings: Any, tmp_path: Path) -> Path:
    settings.HOME, settings.CITY = tmp_path, None
    settings.SNAPSHOTS = tmp_path / "runs"
    return tmp_path


@pytest.mark.parametrize(
    ("key", "light"),
    [("short", "red"), ("a" * 60, "red"), ("Jw3kQe9TzXb7Vn5Lr1Yp8Gd4Hs6Mf2Ca0Uo3Ik9Wx", "green")],
)
def test_the_secret_key(settings: Any, key: str, light: str) -> None:
    settings.DEMO, settings.SECRET_KEY = False, key
    found = checks.secret()
    assert found.light == light and bool(found.todo.zh) is (light == "red")
    assert key not in found.said.zh
    settings.DEMO = True
    assert checks.secret().light == "amber"


def test_hosts_and_https(settings: Any) -> None:
    settings.DEMO = False
    for names, light in ((["*"], "red"), (["localhost"], "amber"), (["brain.example"], "green")):
        settings.ALLOWED_HOSTS = names
        assert checks.hosts().light == light
    for secure, demo, light in (
        (True, False, "green"),
        (False, False, "red"),
        (False, True, "amber"),
    ):
        settings.IS_SECURE, settings.DEMO = secure, demo
        assert checks.https().light == light


def test_a_database_that_does_not_answer(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [checks.database().light, checks.migrated().light] == ["green", "green"]

    def gone(*_: object) -> None:
        raise DatabaseError("connection refused\nmore")

    with monkeypatch.context() as broken:
        broken.setattr(type(connection), "cursor", gone, raising=False)
        broken.setattr("cityforge.portal.system.checks.connection.cursor", gone)
        found = checks.database()
    assert found.light == "red" and "connection refused" in found.said.zh and found.todo.zh


def test_somebody_must_be_able_to_grant(
    home: Path, person: Callable[[str], User], organisations: dict[str, Organisation]
) -> None:
    assert checks.administrator().light == "red"
    admin = person(roles.SECURITY_ADMIN)
    assert checks.administrator().light == "green"
    Membership.objects.filter(user=admin).update(starts="2020-01-01", ends="2020-12-31")
    assert checks.administrator().light == "red"


def test_disk_and_snapshot(home: Path, settings: Any) -> None:
    assert checks.disk().light in ("green", "amber")
    assert checks.snapshot().light == "amber" and "cityforge run" in checks.snapshot().todo.zh
    settings.HOME = home / "file"
    settings.HOME.write_text("")
    assert checks.disk().light == "red"


def test_the_city_folder(home: Path, settings: Any) -> None:
    assert checks.city().light == "amber"
    settings.CITY = LANHE
    assert checks.city().light in ("green", "amber") and "0 个错误" in checks.city().said.zh
    settings.CITY = home / "city"
    settings.CITY.mkdir()
    (settings.CITY / "city.yaml").write_text("nonsense: [", encoding="utf-8")
    found = checks.city()
    assert found.light == "red" and "0 个错误" not in found.said.zh


def test_the_worker_is_asked(db: None) -> None:
    silent = tasks.probe(patience=0.0)
    assert silent.light == "red" and "db_worker" in silent.todo.zh
    assert not DBTaskResult.objects.exists()  # what was but to see is taken away again
    asked = tasks.beat.enqueue()
    call_command("db_worker", "--batch", "--interval", "0", "--no-startup-delay")
    assert DBTaskResult.objects.get(pk=asked.id).status == "SUCCESSFUL"


def test_the_page_of_the_system_admin(
    home: Path,
    signed_in: Callable[[str], Client],
    settings: Any,
    django_assert_max_num_queries: Callable[[int], object],
) -> None:
    client = signed_in(roles.SYSTEM_ADMIN)
    with django_assert_max_num_queries(20):  # type: ignore[attr-defined]
        shown = client.get("/system/").text
    assert "磁盘" in shown and "Django" in shown
    assert "没有设置城市文件夹" in client.get("/system/city-folder/").text
    settings.CITY = home / "city"
    settings.CITY.mkdir()
    (settings.CITY / "city.yaml").write_text("nonsense: [", encoding="utf-8")
    assert "city.yaml" in client.get("/system/city-folder/").text


def test_the_first_account(
    home: Path, db: None, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.CITY = LANHE
    call_command("first_account", "wang", "王五")
    name, password = capsys.readouterr().out.splitlines()[0].split()
    user = User.objects.get(username=name)
    assert user.must_change and user.check_password(password)
    assert Membership.objects.get(user=user).role == roles.SECURITY_ADMIN
    assert Event.objects.filter(action="accounts.made", about="wang").exists()
    with pytest.raises(Exception, match="已有安全管理员"):
        call_command("first_account", "zhao", "赵六")


@pytest.mark.enable_socket
def test_the_mail_server_is_reached_and_gets_no_letter(tmp_path: Path, settings: Any) -> None:
    file, context = certificate(tmp_path)
    box, known = Mailbox(), password_of("portal", "p@ss")
    settings.SMTP_URL = ""
    assert checks.mail().light == "green" and "不发邮件" in checks.mail().said.zh

    def of(url: str) -> tuple[str, str, str]:
        settings.SMTP_URL = url
        found = checks.mail()
        return found.light, found.said.zh, found.todo.say("en")

    with running(box, tls_context=context, require_starttls=True, authenticator=known) as port:
        where = f"127.0.0.1:{port}?ca={file}"
        light, said, todo = of(f"smtp://portal:p%40ss@{where}")
        assert (light, todo) == ("green", "") and "已登录" in said
        light, said, todo = of(f"smtp://portal:wrong@{where}")
        assert light == "red" and "不认用户名或密码" in said and "%40" in todo
        light, said, todo = of(f"smtp://portal:p%40ss@127.0.0.1:{port}")
        assert light == "red" and "证书" in said and "?ca=" in todo
        assert "wrong" not in said and "p@ss" not in said
    with running(box, ssl_context=context) as port:
        assert of(f"smtps://127.0.0.1:{port}?ca={file}")[0] == "green"
    with running(box) as port:
        light, said, todo = of(f"smtp://127.0.0.1:{port}")
        assert light == "red" and "没有加密" in said and "STARTTLS" in todo
        assert of(f"smtp://127.0.0.1:{port}?tls=none")[0] == "green"
    light, said, todo = of(f"smtp://127.0.0.1:{free_port()}?tls=none")
    assert light == "red" and "连不上" in said and "network" in todo
    assert of("smtp://x?tls=maybe")[0] == "red"
    assert box.letters == []


def test_the_doctor_goes_through_all(
    home: Path, db: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "_PATIENCE", 0.0)
    monkeypatch.setattr(tasks.probe, "__defaults__", (0.0,))
    with pytest.raises(SystemExit):
        call_command("doctor")
    said = capsys.readouterr().out
    assert "没有回应" in said and "first_account" in said and "审计链条" in said


def test_every_task_is_called_something() -> None:
    portal = Path(queries.__file__).parents[1]
    found = {
        f"{file.parent.name}.tasks.{name}"
        for file in portal.glob("*/tasks.py")
        for name in re.findall(r"@task\([^)]*\)\ndef (\w+)", file.read_text(encoding="utf-8"))
    }
    assert found == set(queries.TASKS)
