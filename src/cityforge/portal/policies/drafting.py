"""Writing drafts of policies: one transaction, one check, one event each."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from cityforge.brain.errors import RunRefused, Text
from cityforge.portal.accounts import permissions as people
from cityforge.portal.accounts import roles
from cityforge.portal.accounts.actions import said_by
from cityforge.portal.accounts.models import Organisation, User
from cityforge.portal.accounts.permissions import NotNow
from cityforge.portal.analytics.policies import in_force, review
from cityforge.portal.audit import actions as audit
from cityforge.portal.policies import drafts, permissions, states
from cityforge.portal.policies.models import Draft, Wording


def begin(user: User, policy: str, *, bureau: str = "") -> Draft:
    """Begin from the file in force.

    bureau   the one that looks after a policy of another office: for who writes for all of them
    Raises NotAllowed, NotNow.
    """
    content = in_force.text(policy)
    if not content:
        raise NotNow(Text(zh="没有这项政策", en="There is no such policy."))
    named = review.bureau_in_force(policy)
    if not named:
        permissions.check_can_write_for_all(user)
    base = in_force.digest_of(policy)
    return _begin(user, policy, content, bureau=named or bureau, base=base, base_text=content)


def begin_from(user: User, policy: str, digest: str) -> Draft:
    """Begin with a text that stood in force earlier; it is compared with the file in force.

    Raises NotAllowed, NotNow.
    """
    earlier = next((one for one in drafts.kept(user, policy) if one.digest == digest), None)
    if earlier is None or not review.is_there():
        raise NotNow(Text(zh="没有这一版文本", en="There is no such text."))
    base = in_force.digest_of(policy)
    if base == digest:
        raise NotNow(
            Text(zh="这一版就是现行文件：直接修订它", en="That is the file in force: revise it.")
        )
    named = review.bureau_in_force(policy)
    if base and not named:
        permissions.check_can_write_for_all(user)
    return _begin(
        user,
        policy,
        earlier.text,
        bureau=named or earlier.bureau,
        base=base,
        base_text=in_force.text(policy),
        earlier=digest,
    )


def begin_new(
    user: User, policy: str, title: str, *, source: str, day: date, bureau: str = ""
) -> Draft:
    """Begin a policy that the city has not yet.

    source   `template:…`, or `policy:…` for another policy as a pattern
    Raises NotAllowed, NotNow.
    """
    kind, _, named = source.partition(":")
    if in_force.digest_of(policy):
        raise NotNow(
            Text(
                zh=f"“{policy}”已有政策：换一个标识，或直接修订它",
                en=f"There is a policy '{policy}': choose another id, or revise that one.",
            )
        )
    try:
        if kind == "policy":
            content = review.like(named, policy, title)
        else:
            content = review.new(policy, title, template=named, day=day)
    except RunRefused as error:
        raise NotNow(error.text) from error
    return _begin(user, policy, content, bureau=bureau, title=title)


def _begin(
    user: User,
    policy: str,
    content: str,
    *,
    bureau: str,
    title: str = "",
    base: str = "",
    base_text: str = "",
    **detail: str,
) -> Draft:
    bureau = bureau or _own_bureau(user)
    if not Organisation.objects.filter(kind=roles.BUREAU, code=bureau).exists():
        raise NotNow(
            Text(zh="请选择主管部门", en="Choose the bureau that is in charge of the policy.")
        )
    permissions.check_can_write(user, bureau)
    title = _title(policy, content) or title or policy
    with transaction.atomic():
        draft = Draft.objects.create(
            policy=policy,
            title=title[:200],
            bureau=bureau,
            base=base,
            base_text=base_text,
            begun_by=user,
        )
        _keep(draft, content, user)
        _record("policies.draft_begun", draft, user, base=base, bureau=bureau, **detail)
    return draft


def save(user: User, pk: int, content: str, *, seen: str = "") -> Draft:
    """Keep a text as the newest version; the same text again changes nothing.

    seen   the digest of the version that the text was typed over; empty: whichever is the newest
    """
    if len(content) > review.LONGEST:
        raise NotNow(Text(zh="文本太长，没有保存", en="The text is too long; it was not saved."))
    # Looked over before the transaction: it takes a while.
    title = _title(Draft.objects.get(pk=pk).policy, content)
    return _save(user, pk, content, title, seen)


@transaction.atomic
def _save(user: User, pk: int, content: str, title: str, seen: str) -> Draft:
    draft = _locked(pk)
    permissions.check_can_save(user, draft)
    last = newest(draft)
    if in_force.digest(content) == last.digest:
        return draft
    if seen not in ("", last.digest):
        raise NotNow(
            Text(
                zh=f"{last.by.shown} 刚保存了第 {last.number} 稿，您的还没有保存："
                "先比较；再点“保存”就以您的为准",
                en=f"{last.by.shown} just saved version {last.number}; yours is not saved. Compare "
                "them; to save again lets yours stand.",
            )
        )
    draft.title = title[:200] or draft.title
    draft.state = states.DRAFTING
    draft.save()
    made = _keep(draft, content, user)
    _record("policies.draft_saved", draft, user, number=made.number, digest=made.digest)
    return draft


def submit(user: User, pk: int, *, note: str) -> None:
    """Hand the newest version in to be published by somebody else."""
    draft = Draft.objects.get(pk=pk)
    review.look(draft.policy, newest(draft).text)  # before the transaction: it takes a while
    _submit(user, pk, note)


@transaction.atomic
def _submit(user: User, pk: int, note: str) -> None:
    draft = _locked(pk)
    permissions.check_can_submit(user, draft)
    check_sound(draft)
    if not permissions.writes_for_all(user) and not _names_its_bureau(draft):
        raise NotNow(
            Text(
                zh="office（主管部门）须写本部门的全称",
                en="Under office there has to stand the full name of your bureau.",
            )
        )
    draft.note, draft.reason = note[:500], ""
    draft.submitted_by, draft.submitted_at = user, timezone.now()
    draft.decided_by, draft.decided_at = None, None
    _move(draft, states.SUBMITTED, user, "policies.draft_submitted", note=note)


@transaction.atomic
def take_back(user: User, pk: int) -> None:
    """Alter a draft once more that was handed in."""
    draft = _locked(pk)
    permissions.check_can_take_back(user, draft)
    _move(draft, states.DRAFTING, user, "policies.draft_taken_back")


@transaction.atomic
def withdraw(user: User, pk: int) -> None:
    """Give a draft up."""
    draft = _locked(pk)
    permissions.check_can_withdraw(user, draft)
    _move(draft, states.WITHDRAWN, user, "policies.draft_withdrawn")


@transaction.atomic
def take_over(user: User, pk: int) -> None:
    """Go on from the file in force now: the text stays, what it is compared with is another."""
    draft = _locked(pk)
    now = in_force.digest_of(draft.policy)
    permissions.check_can_take_over(user, draft, now)
    before = draft.base
    draft.base, draft.base_text = now, in_force.text(draft.policy)
    _move(draft, states.DRAFTING, user, "policies.draft_taken_over", base_before=before, base=now)


@transaction.atomic
def send_back(user: User, pk: int, *, reason: str) -> None:
    """Return a draft to its writers with the reason."""
    draft = _locked(pk)
    permissions.check_can_decide(user, draft)
    if not reason:
        raise NotNow(Text(zh="写明退回的原因", en="Say why it is sent back."))
    draft.reason = reason[:500]
    draft.decided_by, draft.decided_at = user, timezone.now()
    _move(draft, states.RETURNED, user, "policies.draft_sent_back", reason=reason)


def newest(draft: Draft) -> Wording:
    found = draft.wordings.first()
    assert found is not None  # it is begun with one
    return found


def check_sound(draft: Draft) -> None:
    """Raises NotNow while the newest version may not be published."""
    look = review.look(draft.policy, newest(draft).text)
    if look is None:
        raise NotNow(Text(zh="没有城市文件夹或运行结果", en="There is no city folder or no run."))
    if look.elsewhere:
        raise NotNow(
            Text(
                zh="城市文件夹里另有文件出错，先请系统管理员改好",
                en="Other files of the city folder hold errors: have the system admin mend them.",
            )
        )
    if not look.is_sound:
        raise NotNow(
            Text(
                zh=f"还有 {look.errors} 处错误、{look.failing} 个算例未通过，改好再办",
                en=f"Mend {look.errors} error(s) and {look.failing} failing example(s) first.",
            )
        )
    if look.bureau not in ("", draft.bureau):
        raise NotNow(
            Text(
                zh="文本里的主管部门已不是起草部门：换部门须由新的主管部门另行起草",
                en="The text names another bureau as its office: that bureau has to draft it.",
            )
        )


def _names_its_bureau(draft: Draft) -> bool:
    look = review.look(draft.policy, newest(draft).text)
    return look is not None and look.bureau == draft.bureau


def _title(policy: str, content: str) -> str:
    look = review.look(policy, content)
    return look.title.zh if look is not None and look.title is not None else ""


def _own_bureau(user: User) -> str:
    """The first bureau that somebody belongs to; empty where to none."""
    units = [one.organisation for one in people.memberships(user)]
    return min((unit.code for unit in units if unit.kind == roles.BUREAU), default="")


def _keep(draft: Draft, content: str, user: User) -> Wording:
    last = draft.wordings.first()
    return Wording.objects.create(
        draft=draft,
        number=last.number + 1 if last else 1,
        text=content,
        digest=in_force.digest(content),
        by=user,
    )


def _locked(pk: int) -> Draft:
    return Draft.objects.select_for_update(of=("self",)).get(pk=pk)


def _move(draft: Draft, state: str, user: User, action: str, **detail: object) -> None:
    draft.state = state
    draft.save()
    _record(action, draft, user, **detail)


def _record(action: str, draft: Draft, user: User, **detail: object) -> None:
    said = {"draft": draft.pk, **detail}
    audit.record(action, **said_by(user), kind="policy", about=draft.policy, **said)
