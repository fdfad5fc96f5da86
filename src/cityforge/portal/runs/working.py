"""What the background writes of a run; only while it is still wanted."""

from django.db import transaction
from django.utils import timezone

from cityforge.brain.errors import CityForgeError, Problem
from cityforge.portal.analytics import runs as analytics
from cityforge.portal.analytics.runs import Computed
from cityforge.portal.audit import actions as audit
from cityforge.portal.runs import states
from cityforge.portal.runs.models import Run

_MOST_PROBLEMS = 50


def given(pk: int) -> Run | None:
    """The run to be computed; None where it was cancelled, or given up, meanwhile."""
    return Run.objects.filter(pk=pk, state=states.RUNNING).first()


def awaited() -> set[str]:
    """The computed runs that await their decision."""
    return set(Run.objects.filter(state=states.DONE).values_list("run", flat=True))


def tell(pk: int, doing: list[str], share: float) -> bool:
    """How far it is; whether it is still wanted. Each word is a sign of life."""
    found = Run.objects.filter(pk=pk, state=states.RUNNING)
    return bool(found.update(doing=doing, progress=round(100 * share), news_at=timezone.now()))


def done(pk: int, made: Computed) -> bool:
    """Keep what came of it; False where nobody wants it any more."""
    report = {
        "notes": [[one.zh, one.en] for one in made.notes],
        "effect": analytics.as_json(made.effect),
    }
    return _end(pk, states.DONE, "runs.computed", run=made.id, report=report)


def refused(pk: int, error: CityForgeError) -> None:
    problems = getattr(error, "problems", ())
    told = [_problem(one) for one in problems[:_MOST_PROBLEMS]]
    told = told or [{"what": [error.text.zh, error.text.en], "hint": ["", ""]}]
    _end(pk, states.REFUSED, "runs.refused", report={"problems": told})


def interrupted(pk: int) -> None:
    _end(pk, states.INTERRUPTED, "runs.interrupted")


@transaction.atomic
def _end(pk: int, state: str, action: str, /, **fields: object) -> bool:
    now = timezone.now()
    found = Run.objects.filter(pk=pk, state=states.RUNNING)
    if not found.update(state=state, progress=100, news_at=now, ended_at=now, **fields):
        return False
    audit.record(action, actor="system", kind="run", about=str(pk), snapshot=fields.get("run", ""))
    return True


def _problem(problem: Problem) -> dict[str, list[str]]:
    hint = problem.hint
    where = f"{problem.file}:{problem.line} " if problem.line else ""
    return {
        "what": [f"{where}{problem.what.zh}", f"{where}{problem.what.en}"],
        "hint": [hint.zh, hint.en] if hint else ["", ""],
    }
