"""What people do with deliveries: one transaction, one check, one event each."""

from collections.abc import Iterable

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from cityforge.brain.errors import DataRefused, Problem, Text
from cityforge.portal.accounts.actions import said_by
from cityforge.portal.accounts.models import Organisation, User
from cityforge.portal.accounts.permissions import NotNow
from cityforge.portal.analytics import contracts, deliveries
from cityforge.portal.audit import actions as audit
from cityforge.portal.imports import files, permissions, states
from cityforge.portal.imports.models import Delivery

# Work in the background, by name: tasks stand above actions.
_CHECK = "cityforge.portal.imports.tasks.check"
_TAKE = "cityforge.portal.imports.tasks.take"
_STOCK = "cityforge.portal.imports.tasks.stock"


def upload(user: User, dataset: str, chunks: Iterable[bytes], *, name: str, size: int) -> Delivery:
    """Take a file in and have it checked; drafts of the same dataset are withdrawn.

    Raises NotAllowed, NotNow while another delivery awaits its decision, DataRefused with the
    Problem where the file must not be opened.
    """
    contract = contracts.contract(dataset)
    owner = contract.owner if contract else ""
    permissions.check_own(user, "imports.deliver", owner)
    plain = files.plain_name(name)
    if size > settings.DELIVERY_MOST_BYTES:
        raise DataRefused([_too_large(plain)])
    ending = plain[plain.rfind(".") :] if "." in plain else ""
    part, sha256, real_size = files.keep(chunks, ending)
    try:
        deliveries.admit(part, name=plain)
        with transaction.atomic():
            _check_none_in_decision(dataset)
            files.settle(part, sha256, ending)
            for draft in Delivery.objects.filter(dataset=dataset, state__in=states.DRAFTS):
                _move(draft, states.WITHDRAWN, user, "imports.withdrawn", superseded=True)
            made = Delivery.objects.create(
                dataset=dataset,
                organisation=Organisation.objects.get(kind="bureau", code=owner),
                name=plain,
                ending=ending,
                sha256=sha256,
                size=real_size,
                uploaded_by=user,
            )
            _record("imports.uploaded", made, user, name=plain, sha256=sha256, bytes=real_size)
            _start(made, _CHECK)
        return made
    finally:
        part.unlink(missing_ok=True)


@transaction.atomic
def check_again(user: User, pk: int) -> None:
    """Have a delivery checked once more: after an interruption, or because the data changed."""
    delivery = _locked(pk)
    permissions.check_can_check(user, delivery)
    delivery.state = states.UPLOADED
    _start(delivery, _CHECK)
    _record("imports.checked_again", delivery, user)


@transaction.atomic
def submit(user: User, pk: int, *, note: str) -> None:
    """Hand a checked delivery to the bureau's checker."""
    delivery = _locked(pk)
    permissions.check_can_submit(user, delivery, note)
    _check_none_in_decision(delivery.dataset)
    delivery.note = note[:500]
    delivery.submitted_by, delivery.submitted_at = user, timezone.now()
    try:
        with transaction.atomic():
            _move(delivery, states.SUBMITTED, user, "imports.submitted", note=note)
    except IntegrityError as error:
        raise _another_waits() from error


@transaction.atomic
def withdraw(user: User, pk: int) -> None:
    """Take a delivery back before it was decided."""
    delivery = _locked(pk)
    permissions.check_can_withdraw(user, delivery)
    _check_not_counted(delivery)
    _move(delivery, states.WITHDRAWN, user, "imports.withdrawn")


@transaction.atomic
def approve(user: User, pk: int) -> None:
    """Let a delivery count: it is taken in the background."""
    delivery = _locked(pk)
    permissions.check_can_decide(user, delivery)
    delivery.decided_by, delivery.decided_at = user, timezone.now()
    delivery.state = states.TAKING
    _start(delivery, _TAKE)
    _record("imports.approved", delivery, user, sha256=delivery.sha256)


@transaction.atomic
def return_(user: User, pk: int, *, reason: str) -> None:
    """Send a delivery back with the reason."""
    delivery = _locked(pk)
    permissions.check_can_decide(user, delivery)
    _check_not_counted(delivery)
    if not reason:
        raise NotNow(Text(zh="写明退回的原因", en="Say why it is returned."))
    delivery.decided_by, delivery.decided_at = user, timezone.now()
    delivery.reason = reason[:500]
    delivery.job += 1  # work that still hangs on may not write any more
    _move(delivery, states.RETURNED, user, "imports.returned", reason=reason)


@transaction.atomic
def undo(user: User, pk: int, *, reason: str) -> None:
    """Call an approved delivery back: what counted before counts again.

    The shelf is turned last: where it refuses, nothing here has changed.
    """
    delivery = _locked(pk)
    permissions.check_can_undo(user, delivery, deliveries.number(delivery.dataset))
    if not reason:
        raise NotNow(Text(zh="写明撤销的原因", en="Say why it is undone."))
    delivery.reason = reason[:500]
    _move(delivery, states.UNDONE, user, "imports.undone", reason=reason, number=delivery.number)
    import_string(_STOCK).enqueue([delivery.dataset])
    try:
        deliveries.undo(delivery.dataset, by=user.username)
    except DataRefused as error:
        raise NotNow(error.problems[0].what) from error


@transaction.atomic
def count(user: User | None) -> None:
    """Have the holdings of the whole city counted anew; `user` None: the installer."""
    if user is not None:
        permissions.check_everything(user)
    import_string(_STOCK).enqueue([])
    audit.record("imports.counted", **said_by(user), kind="dataset", about="*")


def _locked(pk: int) -> Delivery:
    return (
        Delivery.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=pk)
    )


def _move(delivery: Delivery, state: str, user: User, action: str, **detail: object) -> None:
    delivery.state = state
    delivery.save()
    _record(action, delivery, user, **detail)


def _record(action: str, delivery: Delivery, user: User, **detail: object) -> None:
    said = {"dataset": delivery.dataset, **detail}
    audit.record(action, **said_by(user), kind="delivery", about=str(delivery.pk), **said)


def _start(delivery: Delivery, work: str) -> None:
    """Give a delivery to the background; what it was given to before may not write any more."""
    delivery.job += 1
    delivery.progress, delivery.doing, delivery.news_at = 0, [], timezone.now()
    delivery.save()
    import_string(work).enqueue(delivery.pk, delivery.job)


def _check_none_in_decision(dataset: str) -> None:
    if Delivery.objects.filter(dataset=dataset, state__in=states.DECIDING).exists():
        raise _another_waits()


def _another_waits() -> NotNow:
    return NotNow(
        Text(
            zh="这个数据集有一次报送正待审核：先撤回它，或等审核完",
            en="A delivery of this dataset awaits its decision: withdraw it first, or wait.",
        )
    )


def _check_not_counted(delivery: Delivery) -> None:
    """An interrupted approval may have got as far as the shelf."""
    if delivery.decided_by_id and deliveries.is_counted(delivery.dataset, delivery.sha256):
        raise NotNow(
            Text(
                zh="文件其实已经入库：再次批准以完成，然后可以撤销",
                en="The file does count already: approve it again to finish, then undo it.",
            )
        )


def _too_large(name: str) -> Problem:
    most = settings.DELIVERY_MOST_BYTES // 2**20
    return Problem(
        name,
        0,
        0,
        Text(zh=f"文件超过 {most} MB", en=f"the file is larger than {most} MB"),
        Text(zh="分年度报送，或用 Parquet 格式", en="Deliver it by years, or as Parquet."),
    )
