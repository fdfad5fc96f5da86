"""What the background writes of a delivery; only its newest job may, whatever else still runs."""

from dataclasses import asdict
from datetime import date

from django.db import transaction
from django.utils import timezone

from cityforge.brain.errors import DataRefused, Problem
from cityforge.portal.analytics.deliveries import Examined, Taken
from cityforge.portal.audit import actions as audit
from cityforge.portal.imports import states
from cityforge.portal.imports.models import Delivery, Holding


def given(pk: int, job: int, state: str) -> Delivery | None:
    """The delivery that a job was given; None where it was given on, or decided meanwhile."""
    return Delivery.objects.select_related("decided_by").filter(pk=pk, job=job, state=state).first()


def tell(pk: int, job: int, doing: list[str], share: float) -> None:
    """How far the work is; each word of it is a sign of life."""
    Delivery.objects.filter(pk=pk, job=job).update(
        doing=doing, progress=round(100 * share), news_at=timezone.now()
    )


def checked(pk: int, job: int, found: Examined) -> None:
    """`folder` in the report names the job whose folder holds the rows and the error file."""
    before = Delivery.objects.get(pk=pk).report
    report = {"folder": job, "changed_meanwhile": "changed_meanwhile" in before, **found.report}
    shown = {**asdict(found.counts), "changes_nothing": found.changes_nothing, "report": report}
    _end(pk, job, states.UPLOADED, states.CHECKED, "imports.checked", **shown)


def unreadable(pk: int, job: int, error: DataRefused) -> None:
    report = {"problems": [_problem(one) for one in error.problems[:50]]}
    _end(pk, job, states.UPLOADED, states.UNREADABLE, "imports.unreadable", report=report)


def interrupted(pk: int, job: int) -> None:
    _end(pk, job, states.UPLOADED, states.INTERRUPTED, "imports.interrupted")


@transaction.atomic
def taken(pk: int, job: int, done: Taken) -> None:
    is_ours = _end(pk, job, states.TAKING, states.APPROVED, "imports.taken", number=done.number)
    if is_ours and done.newest is not None:
        delivery = Delivery.objects.get(pk=pk)
        _hold(delivery.dataset, done.counts.read, done.counts.accepted, done.newest, [])


def not_taken(pk: int, job: int, problems: tuple[Problem, ...] = ()) -> None:
    """Back to the checker, with what went wrong."""
    delivery = Delivery.objects.filter(pk=pk).first()
    report = (delivery.report if delivery else {}) | {
        "problems": [_problem(one) for one in problems],
        "not_taken": True,
    }
    _end(pk, job, states.TAKING, states.SUBMITTED, "imports.not_taken", report=report)


@transaction.atomic
def changed_meanwhile(pk: int, job: int) -> bool:
    """Back to be compared anew, as job + 1: what counts is not what the delivery was shown with."""
    report = {"changed_meanwhile": True}
    who = {"decided_by": None, "decided_at": None, "submitted_by": None, "submitted_at": None}
    after = {"report": report, "job": job + 1, "doing": [], **who}
    return _end(pk, job, states.TAKING, states.UPLOADED, "imports.changed_meanwhile", **after)


@transaction.atomic
def hold(dataset: str, read: int, accepted: int, newest: date | None, refused: list[str]) -> None:
    _hold(dataset, read, accepted, newest, refused)


def _hold(dataset: str, read: int, accepted: int, newest: date | None, refused: list[str]) -> None:
    Holding.objects.update_or_create(
        dataset=dataset,
        defaults={
            "read": read,
            "accepted": accepted,
            "newest": newest,
            "refused": refused,
            "counted_at": timezone.now(),
        },
    )


@transaction.atomic
def _end(pk: int, job: int, before: str, after: str, action: str, /, **fields: object) -> bool:
    """Move a delivery on where this job still has it; whether it had."""
    found = Delivery.objects.filter(pk=pk, job=job, state=before)
    if not found.update(state=after, progress=100, news_at=timezone.now(), **fields):
        return False
    delivery = Delivery.objects.get(pk=pk)
    told = {"read": delivery.read, "accepted": delivery.accepted, "number": delivery.number}
    said = {"dataset": delivery.dataset, **{k: v for k, v in told.items() if v is not None}}
    audit.record(action, actor="system", kind="delivery", about=str(pk), **said)
    return True


def _problem(problem: Problem) -> dict[str, list[str]]:
    hint = problem.hint
    return {
        "what": [problem.what.zh, problem.what.en],
        "hint": [hint.zh, hint.en] if hint else ["", ""],
    }
