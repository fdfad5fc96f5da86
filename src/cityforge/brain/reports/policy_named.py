"""A policy as somebody names it, by id or title; why one has no answer of its own."""

from datetime import date

from cityforge.brain.city.folder import City
from cityforge.brain.city.policy import Policy
from cityforge.brain.city.wording import nearest
from cityforge.brain.errors import RunRefused, Text


def policy_of(city: City, name: str) -> Policy:
    """A policy by its id or its title. Raises RunRefused, naming the nearest."""
    found = city.policies.get(name)
    titled = [one for one in city.policies.values() if name in (one.title, one.title_en)]
    if found is None and len(titled) == 1:
        (found,) = titled
    if found is not None:
        return found
    known = [*city.policies, *(one.title for one in city.policies.values())]
    hint = nearest(name, known if any(sign >= "\u4e00" for sign in name) else city.policies)
    raise RunRefused(
        Text(
            zh=f"没有政策“{name}”；{hint.zh}",
            en=f"There is no policy '{name}'. {hint.en}",
        )
    )


def unanswered(policy: Policy, day: date) -> RunRefused:
    """Why a policy is not among those matched on a day."""
    if policy.model:
        return RunRefused(
            Text(
                zh=f"“{policy.title}”（{policy.id}）是外地政策范本，只供参照起草：本市企业不能据此"
                "申报，不计入体检和匹配。想看照它办会怎样，用 cityforge policy simulate "
                f"{policy.id}",
                en=f"'{policy.title_en}' ({policy.id}) is a model from elsewhere, to draft by: no "
                "enterprise of this city can claim by it, and it is left out of check-ups and "
                f"matches. cityforge policy simulate {policy.id} tells what it would do here",
            )
        )
    return RunRefused(
        Text(
            zh=f"“{policy.title}”（{policy.id}）在 {day} 没有有效版本，没有匹配",
            en=f"no version of '{policy.title_en}' ({policy.id}) counts on {day}: it is not "
            "matched",
        )
    )
