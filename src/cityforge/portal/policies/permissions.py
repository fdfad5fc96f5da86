"""Who may do what with a draft of a policy, and when; each refusal with the reason shown."""

from cityforge.brain.errors import Text
from cityforge.portal.accounts import permissions
from cityforge.portal.accounts.models import User
from cityforge.portal.accounts.permissions import NotAllowed, NotNow
from cityforge.portal.policies import states
from cityforge.portal.policies.models import Draft


def check_can_write(user: User, bureau: str) -> None:
    """Raises NotAllowed unless the person writes policies for this bureau."""
    permissions.check(user, "policies.draft")
    scope = permissions.scope(user, "policies.draft")
    if not scope.everything and bureau not in scope.units:
        raise NotAllowed(
            Text(
                zh="这项政策由别的部门主管，只能由该部门起草",
                en="This policy is another bureau's: that bureau drafts it.",
            )
        )


def writes_for_all(user: User) -> bool:
    return permissions.scope(user, "policies.draft").everything


def check_can_write_for_all(user: User) -> None:
    """Of policies of the state, the province or a district: those whom no bureau here issued."""
    if not writes_for_all(user):
        raise NotAllowed(
            Text(
                zh="这项政策不由本市部门主管，只能由市级分析员修订",
                en="No bureau of the city is in charge of this policy: an analyst revises it.",
            )
        )


def check_can_save(user: User, draft: Draft) -> None:
    check_can_write(user, draft.bureau)
    _check_follows(draft, states.DRAFTING)
    if draft.state not in states.WRITING:
        raise NotNow(
            Text(
                zh="已经提交；先取回再改", en="It is handed in: take it back first, then alter it."
            )
        )


def check_can_take_back(user: User, draft: Draft) -> None:
    """To alter a draft once more that was handed in."""
    check_can_write(user, draft.bureau)
    if draft.state != states.SUBMITTED:
        raise _not_in(draft)


def check_can_take_over(user: User, draft: Draft, now: str) -> None:
    """To go on from the file that stands in force now, whose digest is `now`."""
    check_can_write(user, draft.bureau)
    if draft.state not in (*states.WRITING, states.SUBMITTED):
        raise _not_in(draft)
    if draft.base == now:
        raise NotNow(Text(zh="现行文件没有变，不用接着改", en="The file in force has not changed."))


def check_can_submit(user: User, draft: Draft) -> None:
    check_can_write(user, draft.bureau)
    _check_follows(draft, states.SUBMITTED)


def check_can_withdraw(user: User, draft: Draft) -> None:
    check_can_write(user, draft.bureau)
    _check_follows(draft, states.WITHDRAWN)


def check_can_decide(user: User, draft: Draft) -> None:
    """To publish or to send back: a checker of the bureau who wrote nothing of it."""
    permissions.check(user, "policies.publish")
    if draft.bureau not in permissions.scope(user, "policies.publish").units:
        raise NotAllowed(
            Text(
                zh="这项政策由主管部门的审核员发布",
                en="A checker of the bureau in charge publishes this policy.",
            )
        )
    if user.pk in authors(draft):
        raise NotAllowed(
            Text(
                zh="参与起草的人不能发布：请本部门另一位审核员办理",
                en="Who wrote part of it does not publish it: another checker of the bureau does.",
            )
        )
    if draft.state != states.SUBMITTED:
        raise _not_in(draft)


def authors(draft: Draft) -> frozenset[int]:
    """Everybody who began, saved or handed in any of it."""
    wrote = set(draft.wordings.values_list("by_id", flat=True))
    return frozenset({*wrote, draft.begun_by_id, *_some(draft.submitted_by_id)})


def _some(key: int | None) -> tuple[int, ...]:
    return () if key is None else (key,)


def _check_follows(draft: Draft, state: str) -> None:
    if state not in states.FOLLOWS[draft.state]:
        raise _not_in(draft)


def _not_in(draft: Draft) -> NotNow:
    now = states.STATES[draft.state]
    return NotNow(Text(zh=f"现在的状态是“{now.zh}”，不能这样做", en=f"It is {now.en}: not now."))
