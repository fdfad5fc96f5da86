"""Backed up, thrown away, made anew: the same pages, files and trail, on both databases."""

import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from .postgresql import new_database, programs, server

# What stands in a portal before it is backed up; then a backup of it.
BEFORE = """
call_command("migrate", verbosity=0)
with transaction.atomic():
    city = Organisation.objects.create(kind=roles.CITY, code="city", title="示例市")
    for name in (roles.SECURITY_ADMIN, roles.AUDITOR, roles.ANALYST):
        user = actions.make_user(name, "某 " + name, codes.once(), by=None)
        actions.grant(user, city, name, by=None)
User.objects.update(must_change=False, last_login=timezone.now())
print(json.dumps(pages()))
call_command("backup", sys.argv[1], stdout=sys.stderr)
"""
# An empty portal: what is no backup is refused, the backup is taken, a second time it is refused.
AFTER = """
for file in sys.argv[2:]:
    try:
        call_command("restore", file)
    except CommandError as refused:
        assert "不是完整的备份" in str(refused), refused
    else:
        raise AssertionError(file)
    assert not connection.introspection.table_names()
call_command("restore", sys.argv[1], stdout=sys.stderr)
print(json.dumps(pages()))
try:
    call_command("restore", sys.argv[1])
except CommandError as refused:
    assert "已有" in str(refused), refused
else:
    raise AssertionError("restored over another portal")
with transaction.atomic():  # the trail goes on where it ended; so do the numbers of rows
    actions.make_user("later", "后来", codes.once(), by=None)
assert trail.breaks() == []
with connection.cursor() as cursor:
    try:
        cursor.execute("DELETE FROM audit_event")
    except DatabaseError as refused:
        assert "appended" in str(refused)
    else:
        raise AssertionError("the trail may be altered")
"""
SCRIPT = """
import json, os, re, sys
import django
django.setup()
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone
from cityforge.portal.accounts import actions, codes, roles
from cityforge.portal.accounts.models import Organisation, User
from cityforge.portal.audit import queries as trail

def pages():
    found = {}
    for name in (roles.SECURITY_ADMIN, roles.AUDITOR, roles.ANALYST):
        client = Client()
        user = User.objects.get(username=name)
        seen = user.last_login
        client.force_login(user)
        User.objects.filter(pk=user.pk).update(last_login=seen)
        for address in ("/people/", "/me/", "/audit/?verify=1", "/", f"/people/{user.pk}/"):
            answer = client.get(address, follow=True, headers={"host": "127.0.0.1"})
            text = re.sub(r"[A-Za-z0-9]{64}", "TOKEN", answer.content.decode())
            found[name + address] = [answer.status_code, text]
    return found
"""
FILES = {
    "files/ab/upload.xlsx": b"PK upload", "data/tax.csv": "年度\n2024\n".encode(),
    "runs/2025-09-30-abc/run.json": b"{}", "city/city.yaml": "名称: 示例市\n".encode(),
}  # fmt: skip


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """The environment of the portal that is backed up, and of the one made anew."""
    if request.param == "sqlite":
        yield {}, {}
        return
    with server() as uri:
        path = {"PATH": f"{programs()}{os.pathsep}{os.environ['PATH']}"}
        first, second = new_database(uri, "first"), new_database(uri, "second")
        yield {"DATABASE_URL": first, **path}, {"DATABASE_URL": second, **path}


def run(
    script: str, home: Path, environment: dict[str, str], *arguments: Path
) -> dict[str, object]:
    own = {
        "CITYFORGE_HOME": str(home), "CITYFORGE_DEMO": "1", "CITYFORGE_CITY": "",
        "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "portal_settings",
        "PYTHONPATH": str(Path(__file__).parent),
    }  # fmt: skip
    home.mkdir(exist_ok=True)
    command = [sys.executable, "-c", SCRIPT + script, *map(str, arguments)]
    done = subprocess.run(
        command, env=os.environ | own | environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(json.loads(done.stdout))


def test_a_portal_is_made_anew_from_its_backup(
    databases: tuple[dict[str, str], dict[str, str]], tmp_path: Path
) -> None:
    before, after = databases
    old, new, file = tmp_path / "old", tmp_path / "new", tmp_path / "backup.tar.gz"
    for name, content in FILES.items():
        (old / name).parent.mkdir(parents=True, exist_ok=True)
        (old / name).write_bytes(content)
    wanted = run(BEFORE, old, before, file)
    assert file.stat().st_mode & 0o077 == 0
    assert wanted["auditor/audit/?verify=1"][0] == 200  # type: ignore[index]

    cut, other, evil = tmp_path / "cut.gz", tmp_path / "other.gz", tmp_path / "evil.gz"
    cut.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    other.write_bytes(b"no archive")
    with tarfile.open(file) as whole, tarfile.open(evil, "w:gz") as written:
        for member in whole:
            content = whole.extractfile(member)
            if member.name != "data/tax.csv":  # left out though the manifest names it
                written.addfile(member, content)
    got = run(AFTER, new, after, file, cut, other, evil)
    assert got == wanted
    assert {name: (new / name).read_bytes() for name in FILES} == FILES
