"""What people do with runs: one transaction, one check, one event each."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from cityforge.brain.errors import RunRefused, Text
from cityforge.portal.accounts import permissions as people
from cityforge.portal.accounts.actions import said_by
from cityforge.portal.accounts.models import User
from cityforge.portal.accounts.permissions import NotNow
from cityforge.portal.analytics import grades
from cityforge.portal.analytics import runs as analytics
from cityforge.portal.audit import actions as audit
from cityforge.portal.runs import permissions, queries, states
from cityforge.portal.runs.models import Run

# Work in the background, by name: tasks stand above actions.
_COMPUTE = "cityforge.portal.runs.tasks.compute"
_INDEX = "cityforge.portal.runs.tasks.index"


@transaction.atomic
def start(user: User, scheme: str, year: int) -> Run:
    """Have the city run for a year, to be looked at by a scheme. Raises NotAllowed, NotNow.

    A run of which nothing was heard for long is given up for it.
    """
    people.check_whole_city(user, "runs.start")
    as_of = _as_of(year)
    if not grades.exists(scheme) and grades.schemes():
        raise NotNow(Text(zh="没有这个方案", en="There is no such scheme."))
    standing = Run.objects.select_for_update().filter(state=states.RUNNING).first()
    if standing is not None:
        if not permissions.is_stalled(standing):
            raise _another()
        _move(standing, states.INTERRUPTED, user, "runs.given_up")
    now = analytics.in_force()
    try:
        with transaction.atomic():
            made = Run.objects.create(
                scheme=scheme,
                year=year,
                as_of=as_of,
                before=now.id if now else "",
                started_by=user,
            )
    except IntegrityError as error:
        raise _another() from error
    import_string(_COMPUTE).enqueue(made.pk)
    _record("runs.started", made, user, scheme=scheme, year=year, as_of=as_of.isoformat())
    return made


@transaction.atomic
def cancel(user: User, pk: int) -> None:
    """Stop a run; its worker sees it at its next word."""
    run = _locked(pk)
    permissions.check_can(user, run, states.CANCELLED)
    run.ended_at = timezone.now()
    _move(run, states.CANCELLED, user, "runs.cancelled")


@transaction.atomic
def adopt(user: User, pk: int, *, is_aware: bool) -> None:
    """Make a run the one that every page shows. Raises NotAllowed, NotNow.

    is_aware  that proceedings on the run in force stop being shown
    The snapshot is turned last: where that fails, nothing here has changed.
    """
    run = _locked(pk)
    permissions.check_can(user, run, states.ADOPTED)
    if not is_aware and queries.under_way():
        raise NotNow(
            Text(
                zh="现行结果上还有没办完的评价流程：勾选“我知道”后再启用",
                en="Proceedings rest on the run in force: tick that you know first.",
            )
        )
    now = analytics.in_force()
    run.decided_by, run.decided_at = user, timezone.now()
    _move(
        run,
        states.ADOPTED,
        user,
        "runs.adopted",
        snapshot=run.run,
        instead_of=now.id if now else "",
    )
    import_string(_INDEX).enqueue()
    try:
        analytics.put_in_force(run.run)
    except RunRefused as refused:
        raise NotNow(refused.text) from refused


@transaction.atomic
def discard(user: User, pk: int) -> None:
    """Throw a run away that was computed and is not wanted."""
    run = _locked(pk)
    permissions.check_can(user, run, states.DISCARDED)
    run.decided_by, run.decided_at = user, timezone.now()
    _move(run, states.DISCARDED, user, "runs.discarded", snapshot=run.run)
    transaction.on_commit(lambda: analytics.discard(run.run))


def _as_of(year: int) -> date:
    for one in analytics.years():
        if one.year == year:
            return one.as_of
    raise NotNow(Text(zh=f"{year} 年度不能评价", en=f"{year} cannot be evaluated."))


def _locked(pk: int) -> Run:
    return Run.objects.select_for_update().get(pk=pk)


def _move(run: Run, state: str, user: User, action: str, **detail: object) -> None:
    run.state = state
    run.save()
    _record(action, run, user, **detail)


def _record(action: str, run: Run, user: User, **detail: object) -> None:
    audit.record(action, **said_by(user), kind="run", about=str(run.pk), **detail)


def _another() -> NotNow:
    return NotNow(
        Text(
            zh="另一次计算正在进行：等它完成，或先取消它",
            en="Another run is at work: wait for it, or cancel it first.",
        )
    )
