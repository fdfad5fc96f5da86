"""What people do in an evaluation: one permission, one act in its journal, one event of the trail.

The event is written first and goes away with the transaction where the journal refuses the act.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from cityforge.brain.errors import Text
from cityforge.portal.accounts import actions as people
from cityforge.portal.accounts import permissions, roles
from cityforge.portal.accounts.models import User
from cityforge.portal.accounts.permissions import NotAllowed
from cityforge.portal.analytics import grades
from cityforge.portal.audit import actions as audit

MOST_BYTES = 10 * 1024 * 1024
# What a file must begin with, by its ending: its name alone proves nothing.
KINDS = {
    ".pdf": (b"%PDF-",),
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
}


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
def rule(scheme: str, objection: str, outcome: str, *, grounds: str, value: str, by: User) -> None:
    role = _conducts(by)
    _record(by, "evaluations.ruled", scheme, objection=objection, outcome=outcome, value=value)
    grades.rule(scheme, objection, outcome, grounds=grounds, value=value, by=by.shown, role=role)


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
    kept = [_keep(file) for file in files]
    _record(by, "evaluations.objected", scheme, uscc=uscc, right=right, files=len(kept))
    return grades.object_(scheme, uscc, right, reason=reason, files=kept, by=by.shown, role=role)


def _conducts(by: User) -> str:
    permissions.check(by, "evaluations.conduct")
    return roles.ROLES[roles.ANALYST].zh


def _speaks_for(by: User, uscc: str) -> str:
    permissions.check(by, "evaluations.speak")
    if uscc not in permissions.scope(by, "evaluations.speak").enterprises:
        raise NotAllowed(Text(zh="只能代表本企业", en="Only for one's own enterprise."))
    return roles.ROLES[roles.ENTERPRISE_CLERK].zh


def _keep(file: UploadedFile) -> Path:
    """A file of evidence under its digest. Raises NotAllowed where it is too large or no such
    file."""
    ending = Path(file.name or "").suffix.lower()
    starts = KINDS.get(ending)
    if starts is None or (file.size or 0) > MOST_BYTES:
        raise NotAllowed(
            Text(
                zh="佐证文件限 PDF、PNG、JPG，每个不超过 10 MB",
                en="Evidence is a PDF, PNG or JPG of at most 10 MB each.",
            )
        )
    content = file.read()
    if not content.startswith(starts):
        raise NotAllowed(
            Text(zh=f"{file.name} 不是 {ending} 文件", en=f"{file.name} is no {ending} file.")
        )
    folder = Path(settings.HOME) / "files" / "evidence"
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / f"{hashlib.sha256(content).hexdigest()}{ending}"
    if not place.exists():
        partial = place.with_suffix(".partial")
        partial.write_bytes(content)
        partial.replace(place)
    return place


def _record(by: User, action: str, scheme: str, **detail: object) -> None:
    audit.record(action, **people.said_by(by), kind="scheme", about=scheme, **detail)
