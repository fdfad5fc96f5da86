"""What people do with corrections: one transaction, one check, one event each."""

from collections.abc import Sequence

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from cityforge.brain.errors import Text
from cityforge.portal import evidence
from cityforge.portal.accounts import roles
from cityforge.portal.accounts.actions import said_by
from cityforge.portal.accounts.models import Organisation, User
from cityforge.portal.accounts.permissions import NotAllowed, NotNow
from cityforge.portal.analytics import corrections as analytics
from cityforge.portal.analytics import rulings
from cityforge.portal.analytics.corrections import Correctable
from cityforge.portal.analytics.rulings import Ruled
from cityforge.portal.audit import actions as audit
from cityforge.portal.corrections import permissions, queries, states
from cityforge.portal.corrections.models import Correction
from cityforge.portal.evaluations.signals import WITHDRAWN


@transaction.atomic
def ask(
    user: User,
    enterprise: Organisation,
    fact: str,
    year: int,
    *,
    value: str,
    reason: str,
    files: Sequence[UploadedFile],
) -> Correction:
    """Say what a fact of one's enterprise should be. Raises NotAllowed, NotNow with the reason."""
    permissions.check_speaks_for(user, enterprise.code)
    form = queries.asking(enterprise, user, fact)
    stated = {of_year: text for of_year, text, _ in form.years}.get(year) if form else None
    if form is None or stated is None:
        raise NotNow(Text(zh="这项数据不能在这里更正", en="This fact is not put right here."))
    if not files:
        raise NotNow(Text(zh="请附佐证材料", en="Attach your evidence."))
    try:
        right = analytics.read(fact, value)
    except analytics.Refused as refused:
        raise NotNow(refused.text) from refused
    if right == stated:
        raise NotNow(Text(zh="与现有的数相同", en="That is what the data say already."))
    kept = [evidence.keep(one).name for one in files[: evidence.MOST_FILES]]
    try:
        with transaction.atomic():
            made = Correction.objects.create(
                organisation=enterprise,
                fact=fact,
                year=year,
                stated=stated,
                value=right,
                reason=reason,
                evidence=kept,
                owner=form.fact.owner,
                declared=form.fact.declared,
                by=user,
            )
    except IntegrityError as error:
        raise NotNow(
            Text(
                zh="这一项已有一件更正待核实：等核实，或先撤回它",
                en="A correction of this fact awaits its ruling: wait, or withdraw it first.",
            )
        ) from error
    _record("corrections.asked", made, user, files=kept)
    _written_after()
    return made


@transaction.atomic
def withdraw(user: User, pk: int) -> None:
    """Take a correction back before it was ruled on."""
    one = _locked(pk)
    permissions.check_can_withdraw(user, one)
    one.state = states.WITHDRAWN
    one.save(update_fields=["state"])
    _record("corrections.withdrawn", one, user)
    _written_after()


@transaction.atomic
def rule(user: User, pk: int, outcome: str, *, grounds: str) -> None:
    """Accept or refuse a correction, with grounds. Raises NotAllowed, NotNow."""
    one = _locked(pk)
    permissions.check_can_rule(user, one)
    permissions.check_follows(one, outcome)
    if outcome not in (states.ACCEPTED, states.REFUSED) or not grounds.strip():
        raise NotNow(Text(zh="写明核实的依据", en="Say on what grounds."))
    one.state, one.grounds = outcome, grounds.strip()
    one.ruled_by, one.ruled_at = user, timezone.now()
    one.save()
    _record("corrections.ruled", one, user, outcome=outcome, grounds=one.grounds)
    _written_after()


def taken(user: User, one: Correction, name: str) -> None:
    """Leave word that evidence was opened. Raises NotAllowed where it is not of the correction."""
    if name not in one.evidence:
        raise NotAllowed(Text(zh="没有这份佐证", en="There is no such evidence."))
    with transaction.atomic():
        _record("corrections.evidence_opened", one, user, file=name)


@transaction.atomic
def follow_rulings(scheme: str = "", *, objection: str = "", by: User | None = None) -> list[str]:
    """Let the corrections be what stands ruled in the journals of proceedings; twice is as once.

    Returns the proceedings that were followed.

    scheme          of one whose proceedings are under way; without, every proceeding there is
    objection, by   the one that somebody just ruled on, or whose ruling they withdrew
    """
    # The journal comes first: its line is on the disk before a correction is made of it, and the
    # list is written once that is committed. What a stop left undone between them, a run's start
    # does (`write_out`), which also finds what another program ruled or withdrew.
    found = rulings.ruled(scheme)
    for proceeding, stand in found.items():
        made = Correction.objects.filter(proceeding=proceeding)
        known = set(made.values_list("ruling", flat=True))
        for one in stand:
            if one.ruling not in known and one.about is not None:
                _take(proceeding, one, one.about, by if one.objection == objection else None)
        gone = made.filter(state=states.ACCEPTED).exclude(ruling__in=[one.ruling for one in stand])
        for each in gone:
            each.state = states.UNDONE
            each.save(update_fields=["state"])
            who = by if each.objection == objection else None
            _record("corrections.undone", each, who, origin=each.mark)
    return list(found)


@transaction.atomic
def after_ruling(
    sender: object, *, scheme: str, objection: str, outcome: str, by: User, **_: object
) -> Text | None:
    """Take an upheld objection into the corrections at once, or out of them again; what it says
    to who ruled."""
    if outcome == "rejected":
        return None
    followed = follow_rulings(scheme, objection=objection, by=by)
    _written_after()
    if outcome == WITHDRAWN:
        return Text(
            zh="异议重新待认定；已列入“数据更正”的，也一并撤销",
            en="The objection waits again; what stood of it among the corrections is undone.",
        )
    if queries.is_among(followed, objection):
        return Text(
            zh="已列入“数据更正”：下一次计算起采用认定的数",
            en="It is among the corrections: the next run takes the figure from there.",
        )
    return Text(
        zh="这项数据不由“数据更正”带入下一次计算：请数据的主管部门改报",
        en="Corrections do not carry this fact into the next run: its bureau delivers it anew.",
    )


def write_out() -> int:
    """Put what counts where the next run reads it; how many."""
    follow_rulings()
    return _write()


def _write() -> int:
    return analytics.write_out(queries.lines())


def _written_after() -> None:
    # A run writes it out again at its start, whatever became of this.
    transaction.on_commit(_write, robust=True)


def _take(proceeding: str, ruled: Ruled, about: Correctable, by: User | None) -> None:
    named = {"title": queries.name_of(ruled.uscc)}
    enterprise, _ = Organisation.objects.get_or_create(
        kind=roles.ENTERPRISE, code=ruled.uscc, defaults=named
    )
    one, is_new = Correction.objects.get_or_create(
        proceeding=proceeding,
        ruling=ruled.ruling,
        defaults={
            "objection": ruled.objection,
            "organisation": enterprise,
            "fact": ruled.fact,
            "year": ruled.year,
            "stated": ruled.stated[:200],
            "value": ruled.value[:200],
            "reason": ruled.reason[:1000],
            "evidence": [name for name in ruled.files if evidence.find(name)],
            "owner": about.owner,
            "declared": about.declared,
            "by_name": ruled.asked_by[:200],
            "at": ruled.asked_at,
            "state": states.ACCEPTED,
            "grounds": ruled.grounds[:1000],
            "ruled_by_name": ruled.ruled_by[:200],
            "ruled_at": ruled.ruled_at,
        },
    )
    if is_new:
        _record(
            "corrections.ruled", one, by, outcome=one.state, grounds=one.grounds, origin=one.mark
        )


def _locked(pk: int) -> Correction:
    found = Correction.objects.select_for_update(of=("self",)).select_related("organisation")
    return found.get(pk=pk)


def _record(action: str, one: Correction, user: User | None, **detail: object) -> None:
    """`user` None: nobody at a page; the portal reads it in a journal."""
    audit.record(
        action,
        **(said_by(user) if user else {"actor": "system"}),
        kind="enterprise",
        about=one.organisation.code,
        correction=one.pk,
        fact=one.fact,
        year=one.year,
        value=one.value,
        **detail,
    )
