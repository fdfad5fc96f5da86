"""What changes about enterprises: the list made anew, claims, codes merged and split."""

from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import transaction
from django.utils import timezone

from cityforge.brain.errors import Text
from cityforge.brain.values import credit_code
from cityforge.portal.accounts import actions as accounts
from cityforge.portal.accounts import permissions, roles
from cityforge.portal.accounts.models import Membership, Organisation, User
from cityforge.portal.accounts.permissions import NotAllowed
from cityforge.portal.analytics import dossiers
from cityforge.portal.audit import actions as audit
from cityforge.portal.enterprises import permissions as own
from cityforge.portal.enterprises import queries, search
from cityforge.portal.enterprises.models import (
    ASKED,
    GRANTED,
    REFUSED,
    Claim,
    Enterprise,
    FormerName,
    Indexed,
    Merger,
)

_BATCH = 2_000
_OPEN_CLAIMS = 5
_SIZES = ("大", "中", "小", "微")


@transaction.atomic
def index(*, anew: bool = False) -> int | None:
    """Make the list of the newest run; None where it is there already, or there is no run."""
    run = dossiers.run()
    standing = queries.indexed()
    if not run or (standing is not None and standing.run == run and not anew):
        return None
    _keep_names(standing.run if standing else "")
    Enterprise.objects.all().delete()
    search.clear()
    former: dict[str, list[str]] = {}
    for uscc, name in FormerName.objects.values_list("uscc", "name"):
        former.setdefault(uscc, []).append(name)
    merged = dict(Merger.objects.filter(undone_at=None).values_list("uscc", "into"))
    count, industries, grades = 0, set(), set()
    for batch in _batches(_made(merged)):
        Enterprise.objects.bulk_create(batch)
        search.add(_found_by(one, former.get(one.uscc, [])) for one in batch if not one.merged)
        industries |= {one.industry for one in batch if one.industry}
        grades |= {one.grade for one in batch if one.grade}
        count += len(batch)
    choices = {"industries": sorted(industries), "grades": sorted(grades), "sizes": _SIZES}
    Indexed.objects.all().delete()
    Indexed.objects.create(run=run, count=count, choices=choices)
    audit.record("enterprises.indexed", kind="run", about=run, count=count)
    return count


def _keep_names(run: str) -> None:
    """Names of earlier years, and of the list before where the new run calls them otherwise."""
    changed = [FormerName(uscc=code, name=name) for code, name in dossiers.former_names()]
    before = dict(Enterprise.objects.values_list("uscc", "name").iterator(chunk_size=_BATCH))
    if before:
        for one in dossiers.listed():
            name = before.get(one.uscc)
            if name and name != one.name:
                changed.append(FormerName(uscc=one.uscc, name=name, seen_until=run))
    FormerName.objects.bulk_create(changed, ignore_conflicts=True)


def _made(merged: dict[str, str]) -> Iterator[Enterprise]:
    for number, one in enumerate(dossiers.listed(), start=1):
        yield Enterprise(
            number=number,
            uscc=one.uscc,
            name=one.name[:200],
            district=one.district,
            park=one.park,
            park_title=one.park_title[:200],
            address=one.address[:500],
            industry=one.industry,
            industry_code=one.industry_code,
            status=one.status,
            registered_on=one.registered_on,
            size=one.size,
            grade=one.grade,
            merged=one.uscc in merged,
        )


def _batches(rows: Iterable[Enterprise]) -> Iterator[list[Enterprise]]:
    waiting = iter(rows)
    while batch := list(islice(waiting, _BATCH)):
        yield batch


def _found_by(one: Enterprise, former: list[str]) -> tuple[int, list[str], list[str]]:
    texts = [one.name, *former, one.address, one.park_title]
    marks = [("d", one.district), ("p", one.park), ("i", one.industry), ("s", one.size),
             ("g", one.grade)]  # fmt: skip
    return one.number, texts, [search.mark(kind, code) for kind, code in marks if code]


@transaction.atomic
def downloaded(by: User, asked: queries.Asked, *, form: str) -> None:
    """Leave word of a list that was taken out. Raises NotAllowed."""
    permissions.check(by, "enterprises.download")
    told = {name: getattr(asked, name) for name in ("text", "district", "industry", "size",
                                                    "grade")}  # fmt: skip
    narrowed = {name: value for name, value in told.items() if value}
    audit.record(
        "enterprises.downloaded", **accounts.said_by(by), kind="list", form=form, **narrowed
    )


@transaction.atomic
def claim(by: User, uscc: str, note: str) -> Claim:
    """Say that one acts for an enterprise. Raises NotAllowed.

    Whether the list has the code is told to the officer alone.
    """
    permissions.check(by, "enterprises.claim")
    held = permissions.memberships(by)
    if any(one.organisation.kind != roles.ENTERPRISE for one in held):
        raise NotAllowed(
            Text(
                zh="部门和园区的账号不能认领企业，请用企业经办人自己的账号",
                en="An account of an authority claims no enterprise: use a clerk's own.",
            )
        )
    code = uscc.strip().upper()
    if not credit_code.is_valid(code):
        raise NotAllowed(
            Text(zh="不是有效的统一社会信用代码", en="This is no valid unified social credit code.")
        )
    if any(one.organisation.code == code for one in held):
        raise NotAllowed(Text(zh="这家企业已经是您的", en="This enterprise is yours already."))
    open_ = queries.own_claims(by).filter(state=ASKED)
    if open_.filter(uscc=code).exists():
        raise NotAllowed(
            Text(zh="已经提交过，正在核验", en="Asked for already, and being looked at.")
        )
    if open_.count() >= _OPEN_CLAIMS:
        raise NotAllowed(
            Text(
                zh=f"最多同时认领 {_OPEN_CLAIMS} 家，请等核验结果",
                en=f"At most {_OPEN_CLAIMS} claims at a time: wait for the rulings.",
            )
        )
    made = Claim.objects.create(user=by, uscc=code, note=note)
    audit.record("enterprises.claimed", **accounts.said_by(by), kind="enterprise", about=code)
    return made


@transaction.atomic
def rule(number: int, *, by: User, granted: bool, reason: str = "") -> Claim:
    """Grant or refuse a claim of one's own district. Raises NotAllowed, Claim.DoesNotExist."""
    permissions.check(by, "enterprises.rule")
    found = queries.claims(by).select_related(None).select_for_update().get(pk=number)
    if found.user_id == by.pk:
        raise NotAllowed(Text(zh="不能核验自己的申请", en="Nobody rules on their own claim."))
    if found.state != ASKED:
        raise NotAllowed(Text(zh="这项申请已经处理过", en="This claim is ruled on already."))
    if not granted and not reason.strip():
        raise NotAllowed(Text(zh="不通过须写明理由", en="A refusal states its reason."))
    enterprise = Enterprise.objects.filter(uscc=found.uscc).first()
    role = ""
    if granted:
        if enterprise is None:
            raise NotAllowed(
                Text(zh="企业库中没有这个代码，不能通过", en="The list has no such code.")
            )
        organisation, _ = Organisation.objects.get_or_create(
            kind=roles.ENTERPRISE, code=enterprise.uscc, defaults={"title": enterprise.name}
        )
        has_admin = Membership.objects.filter(
            organisation=organisation, role=roles.ENTERPRISE_ADMIN, ends=None
        ).exists()
        role = roles.ENTERPRISE_CLERK if has_admin else roles.ENTERPRISE_ADMIN
        accounts.grant(found.user, organisation, role, by=None)
    found.state = GRANTED if granted else REFUSED
    found.ruled_by, found.ruled_at, found.reason = by, timezone.now(), reason.strip()
    found.save(update_fields=["state", "ruled_by", "ruled_at", "reason"])
    audit.record(
        f"enterprises.claim_{found.state}",
        **accounts.said_by(by),
        kind="enterprise",
        about=found.uscc,
        claimed_by=found.user.username,
        role=role,
        reason=found.reason,
    )
    return found


@transaction.atomic
def merge(uscc: str, into: str, *, by: User, reason: str) -> Merger:
    """Tell two credit codes as one enterprise, under `into`. Raises NotAllowed."""
    permissions.check(by, "enterprises.merge")
    scope = permissions.scope(by, "enterprises.merge")
    gone, kept = (
        Enterprise.objects.select_for_update().filter(own.visible(scope), uscc=code).first()
        for code in (uscc, into.strip().upper())
    )
    if gone is None or kept is None:
        raise NotAllowed(Text(zh="企业库中没有这个代码", en="The list has no such code."))
    if gone == kept or gone.merged or kept.merged or queries.merged_from(gone.uscc):
        raise NotAllowed(
            Text(
                zh="只能把未合并过的代码并入另一家独立的企业",
                en="Only a code that stands by itself is merged into another that does.",
            )
        )
    if not reason.strip():
        raise NotAllowed(Text(zh="须写明合并理由", en="A merger states its reason."))
    made = Merger.objects.create(uscc=gone.uscc, into=kept.uscc, reason=reason, made_by=by)
    gone.merged = True
    gone.save(update_fields=["merged"])
    FormerName.objects.get_or_create(
        uscc=kept.uscc, name=gone.name, defaults={"seen_until": _merged_mark(made)}
    )
    search.remove(gone.number)
    _find_again(kept)
    audit.record("enterprises.merged", **accounts.said_by(by), kind="enterprise",
                 about=gone.uscc, into=kept.uscc, reason=reason)  # fmt: skip
    return made


@transaction.atomic
def split(number: int, *, by: User) -> Merger:
    """Undo a merger. Raises NotAllowed, Merger.DoesNotExist."""
    permissions.check(by, "enterprises.merge")
    made = Merger.objects.select_for_update().get(pk=number)
    scope = permissions.scope(by, "enterprises.merge")
    kept = Enterprise.objects.filter(own.visible(scope), uscc=made.into).first()
    if kept is None:
        raise Merger.DoesNotExist
    if made.undone_at is not None:
        raise NotAllowed(Text(zh="这次合并已经撤销", en="This merger is undone already."))
    made.undone_by, made.undone_at = by, timezone.now()
    made.save(update_fields=["undone_by", "undone_at"])
    FormerName.objects.filter(uscc=made.into, seen_until=_merged_mark(made)).delete()
    _find_again(kept)
    gone = Enterprise.objects.filter(uscc=made.uscc).first()
    if gone is not None:
        gone.merged = False
        gone.save(update_fields=["merged"])
        _find_again(gone)
    audit.record("enterprises.split", **accounts.said_by(by), kind="enterprise",
                 about=made.uscc, into=made.into)  # fmt: skip
    return made


def _find_again(one: Enterprise) -> None:
    search.remove(one.number)
    search.add([_found_by(one, queries.former_names(one.uscc))])


def _merged_mark(made: Merger) -> str:
    return f"merger {made.pk}"
