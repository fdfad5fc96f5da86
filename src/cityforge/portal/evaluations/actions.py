"""What people do in an evaluation: one permission, one act in its journal, one event of the trail.

The event is written first and goes away with the transaction where the journal refuses the act.
"""

from collections.abc import Sequence
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from cityforge.brain.errors import Text
from cityforge.portal import evidence
from cityforge.portal.accounts import actions as people
from cityforge.portal.accounts import permissions, roles
from cityforge.portal.accounts.models import User
from cityforge.portal.accounts.permissions import NotAllowed
from cityforge.portal.analytics import grades, proceedings
from cityforge.portal.audit import actions as audit
from cityforge.portal.evaluations import signals


@transaction.atomic
def begin(scheme: str, *, by: User, publicity_days: int) -> None:
    role = _conducts(by)
    _record(by, "evaluations.begun", scheme, publicity_days=publicity_days)
    grades.begin(scheme, by=by.shown, role=role, publicity_days=publicity_days)


@transaction.atomic
def step(scheme: str, to: str, *, by: User) -> None:
    role = _conducts(by)
    _record(by, "evaluations.stepped", scheme, to=to)
    grades.step(scheme, to, by=by.shown, role=role)


@transaction.atomic
def rule(
    scheme: str, objection: str, outcome: str, *, grounds: str, value: str, by: User
) -> list[Text]:
    """Rule on an objection; what else comes of it, as the apps above tell."""
    role = _conducts(by)
    _record(by, "evaluations.ruled", scheme, objection=objection, outcome=outcome, value=value)
    grades.rule(scheme, objection, outcome, grounds=grounds, value=value, by=by.shown, role=role)
    return _told(scheme, objection, outcome, by)


@transaction.atomic
def withdraw_ruling(scheme: str, objection: str, *, reason: str, by: User) -> list[Text]:
    """Let a ruling hold no longer; what else comes of it, as the apps above tell."""
    role = _conducts(by)
    _record(by, "evaluations.ruling_withdrawn", scheme, objection=objection, reason=reason)
    proceedings.withdraw_ruling(scheme, objection, reason=reason, by=by.shown, role=role)
    return _told(scheme, objection, signals.WITHDRAWN, by)


@transaction.atomic
def rerun(scheme: str, *, why: str, by: User) -> int:
    role = _conducts(by)
    _record(by, "evaluations.rerun", scheme, why=why)
    return grades.rerun(scheme, why=why, by=by.shown, role=role)


@transaction.atomic
def publish(scheme: str, purpose: str, *, by: User) -> None:
    role = _conducts(by)
    _record(by, "evaluations.published", scheme, purpose=purpose)
    grades.publish(scheme, purpose, by=by.shown, role=role)


@transaction.atomic
def confirm(scheme: str, uscc: str, *, by: User) -> None:
    role = _speaks_for(by, uscc)
    _record(by, "evaluations.confirmed", scheme, uscc=uscc)
    grades.confirm(scheme, uscc, by=by.shown, role=role)


@transaction.atomic
def object_(
    scheme: str,
    uscc: str,
    right: str,
    *,
    reason: str,
    files: Sequence[UploadedFile],
    by: User,
) -> str:
    """An objection with its evidence; returns its id."""
    role = _speaks_for(by, uscc)
    if not files:
        raise NotAllowed(Text(zh="请附佐证材料", en="Attach your evidence."))
    kept = [evidence.keep(file) for file in files]
    _record(by, "evaluations.objected", scheme, uscc=uscc, right=right, files=len(kept))
    return grades.object_(scheme, uscc, right, reason=reason, files=kept, by=by.shown, role=role)


@transaction.atomic
def taken(scheme: str, kind: str, *, by: User, about: str = "", **detail: object) -> None:
    """Leave word that a file was taken: letters, lists, evidence."""
    _record(by, "evaluations.taken", scheme, file=kind, whose=about, **detail)


def take_evidence(scheme: str, name: str, *, by: User) -> Path | None:
    """A file shown in an objection, for those who rule and those whose it is; None for others.

    It leaves word.
    """
    if permissions.scope(by, "evaluations.conduct").everything:
        allowed = proceedings.evidence(scheme)
    else:
        codes = permissions.scope(by, "evaluations.speak").enterprises
        allowed = {each for code in codes for each in proceedings.evidence(scheme, code)}
    found = evidence.find(name) if name in allowed else None
    if found is not None:
        taken(scheme, "evidence", by=by, name=name)
    return found


def _told(scheme: str, objection: str, outcome: str, by: User) -> list[Text]:
    told = {"scheme": scheme, "objection": objection, "outcome": outcome, "by": by}
    answers = signals.ruled.send_robust(sender=None, **told)
    return [said for _, said in answers if isinstance(said, Text)]


def _conducts(by: User) -> str:
    permissions.check_whole_city(by, "evaluations.conduct")
    return roles.ROLES[roles.ANALYST].zh


def _speaks_for(by: User, uscc: str) -> str:
    permissions.check(by, "evaluations.speak")
    if uscc not in permissions.scope(by, "evaluations.speak").enterprises:
        raise NotAllowed(Text(zh="只能代表本企业", en="Only for one's own enterprise."))
    return roles.ROLES[roles.ENTERPRISE_CLERK].zh


def _record(by: User, action: str, scheme: str, **detail: object) -> None:
    audit.record(action, **people.said_by(by), kind="scheme", about=scheme, **detail)
