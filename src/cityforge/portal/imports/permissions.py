"""Who may do what with a delivery, and when; each refusal with the reason that the page shows."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from cityforge.brain.errors import Text
from cityforge.portal.accounts import permissions
from cityforge.portal.accounts.models import User
from cityforge.portal.accounts.permissions import NotAllowed, NotNow
from cityforge.portal.imports import states
from cityforge.portal.imports.models import Delivery


def check_own(user: User, action: str, owner: str) -> None:
    """Raises NotAllowed unless the person acts so for the bureau that owns the dataset."""
    permissions.check(user, action)
    if owner not in permissions.scope(user, action).units:
        raise NotAllowed(Text(zh="这是别的部门的数据集", en="This dataset is another bureau's."))


def check_can_check(user: User, delivery: Delivery) -> None:
    _check_reporter(user, delivery)
    if delivery.state == states.UPLOADED and not is_stalled(delivery):
        raise NotNow(Text(zh="检查正在进行", en="The check is at work."))
    _check_follows(delivery, states.UPLOADED)


def check_can_submit(user: User, delivery: Delivery, note: str) -> None:
    _check_reporter(user, delivery)
    _check_follows(delivery, states.SUBMITTED)
    if delivery.changes_nothing:
        raise NotNow(
            Text(zh="与现有数据没有不同，不用提交", en="It changes nothing: no need to submit it.")
        )
    if not delivery.accepted:
        raise NotNow(Text(zh="没有一行通过，不能提交", en="Not one row was accepted."))
    if delivery.report.get("alarms") and not note:
        raise NotNow(
            Text(
                zh="有 ▲ 警告：核实后写明原因再提交", en="There are ▲ alarms: say why it is right."
            )
        )


def check_can_withdraw(user: User, delivery: Delivery) -> None:
    _check_reporter(user, delivery)
    _check_follows(delivery, states.WITHDRAWN)


def check_can_decide(user: User, delivery: Delivery) -> None:
    """To approve or to return: a checker of the bureau who is not its reporter."""
    check_own(user, "imports.decide", delivery.organisation.code)
    if user.pk in (delivery.uploaded_by_id, delivery.submitted_by_id):
        raise NotAllowed(
            Text(zh="不能审核自己报送的数据", en="Nobody approves what they delivered themselves.")
        )
    if delivery.state == states.TAKING and is_stalled(delivery):
        return
    if delivery.state != states.SUBMITTED:
        raise _not_in(delivery)


def check_can_undo(user: User, delivery: Delivery, current: int | None) -> None:
    check_own(user, "imports.decide", delivery.organisation.code)
    if user.pk in (delivery.uploaded_by_id, delivery.submitted_by_id):
        raise NotAllowed(
            Text(zh="不能撤销自己报送的数据", en="Nobody undoes what they delivered themselves.")
        )
    _check_follows(delivery, states.UNDONE)
    if current != delivery.number:
        raise NotNow(
            Text(zh="现行数据已不是这一次报送", en="What counts now is not this delivery any more.")
        )


def check_everything(user: User) -> None:
    """Raises NotAllowed unless the person looks after the data of the whole city."""
    permissions.check(user, "imports.count")
    if not permissions.scope(user, "imports.count").everything:
        raise NotAllowed(Text(zh="只有市级可以清点", en="Only the city counts them all."))


def is_stalled(delivery: Delivery) -> bool:
    """Whether nothing was heard of its background work for too long."""
    silence = timezone.now() - delivery.news_at
    return delivery.state in states.WORKING and silence > timedelta(
        seconds=settings.STALLED_SECONDS
    )


def _check_reporter(user: User, delivery: Delivery) -> None:
    check_own(user, "imports.deliver", delivery.organisation.code)


def _check_follows(delivery: Delivery, state: str) -> None:
    if state not in states.FOLLOWS[delivery.state]:
        raise _not_in(delivery)


def _not_in(delivery: Delivery) -> NotNow:
    now = states.STATES[delivery.state]
    return NotNow(Text(zh=f"现在的状态是“{now.zh}”，不能这样做", en=f"It is {now.en}: not now."))
