"""The trail: appended to, refused to be altered, every tampering found."""

import random
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, connections, transaction
from django.db.transaction import TransactionManagementError
from django.test import Client

from cityforge.portal.accounts import roles
from cityforge.portal.audit import actions, chain, queries, words
from cityforge.portal.audit.models import Event


def test_the_chain_of_what_was_recorded_is_whole(db: None) -> None:
    for number in range(30):
        actions.record("test.did", actor="a", about=str(number), 值="甲" * number)
    assert queries.breaks() == []
    assert [e.number for e in Event.objects.all()] == list(range(1, 31))
    assert Event.objects.get(number=1).before == chain.START


def test_an_event_is_written_with_its_change_or_not_at_all(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Tests stand in a transaction, and the trail could not be emptied after one that does not.
    with monkeypatch.context() as outside, pytest.raises(TransactionManagementError):
        outside.setattr(connections["default"], "in_atomic_block", False)
        actions.record("test.did")
    with pytest.raises(RuntimeError), transaction.atomic():
        actions.record("test.did")
        raise RuntimeError
    assert Event.objects.count() == 0


@pytest.mark.parametrize("how", ["UPDATE audit_event SET actor = 'x'", "DELETE FROM audit_event"])
def test_the_database_refuses_to_alter_the_trail(db: None, how: str) -> None:
    actions.record("test.did")
    with (
        pytest.raises(DatabaseError, match="appended"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(how)


def trail(method: str, length: int) -> list[dict[str, object]]:
    before, found = chain.START, []
    for number in range(1, length + 1):
        event: dict[str, object] = {
            "number": number,
            "at": datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number),
            "actor": f"u{number % 7}",
            "actor_name": "张三",
            "organisation": "工信局",
            "action": "test.did",
            "kind": "thing",
            "about": str(number % 11),
            "detail": {"old": number, "new": number + 1},
            "method": method,
            "before": before,
        }
        before = event["digest"] = chain.digest(method, event)
        found.append(event)
    return found


@pytest.mark.parametrize("method", sorted(chain.METHODS))
def test_ten_thousand_tamperings_are_all_found(method: str) -> None:
    """A field changed, an event left out, doubled, put in, two exchanged: never the last alone."""
    whole = trail(method, 40)
    assert list(chain.breaks(whole)) == []
    chance = random.Random(7)
    for _ in range(5_000):
        events = [dict(event) for event in whole]
        at = chance.randrange(len(events) - 1)
        kind = chance.choice(["field", "drop", "double", "swap", "forge"])
        if kind == "field":
            name = chance.choice([*chain.FIELDS[1:9], "before", "digest"])
            value = events[at][name]
            changed = value + timedelta(microseconds=1) if isinstance(value, datetime) else None
            events[at][name] = changed or ({"old": 0} if name == "detail" else f"{value}x")
        elif kind == "drop":
            del events[at]
        elif kind == "double":
            events.insert(at, dict(events[at]))
        elif kind == "swap":
            other = at + 1
            events[at], events[other] = events[other], events[at]
        else:  # altered with a digest that fits: the next one tells
            events[at]["actor"] = "somebody else"
            events[at]["digest"] = chain.digest(method, events[at])
        assert list(chain.breaks(events)), (kind, at)


def test_the_auditor_sees_and_verifies(signed_in: Callable[[str], Client]) -> None:
    client = signed_in(roles.AUDITOR)
    shown = client.get("/audit/?verify=1").text
    assert "链条完整" in shown and "accounts.granted" in shown
    assert "没有符合条件的记录" in client.get("/audit/?action=nothing").text


def test_the_command_proves_the_chain(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    actions.record("test.did")
    call_command("verify_audit")
    assert "链条完整" in capsys.readouterr().out


def test_every_event_has_its_words() -> None:
    """What the source writes into the trail is called something in both languages."""
    portal = Path(words.__file__).parents[1]
    said = re.compile(r'(?:record|_record|_told)\(\s*(?:[a-z_]+,\s*)?"([a-z_]+\.[a-z_]+)"')
    written = {
        name
        for file in portal.rglob("*.py")
        for name in said.findall(file.read_text(encoding="utf-8"))
    }
    assert len(written) > 30
    assert {name for name in written if name not in words.ACTIONS} == set()


def test_what_the_trail_kept_is_told_in_words() -> None:
    kept = {"role": "auditor", "way": "oidc and code", "files": ["a.pdf", "b.pdf"], "to": "checked",
            "on": True, "note": "", "value": 12}  # fmt: skip
    told = [(name.zh, value.zh) for name, value in words.details(kept)]
    assert told == [("角色", "审计员"), ("方式", "统一登录和动态码"), ("文件", "a.pdf、b.pdf"),
                    ("到", "企业核对"), ("on", "是"), ("数值", "12")]  # fmt: skip
