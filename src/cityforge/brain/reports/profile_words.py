"""What a profile says in words: its own messages beside those every page shares."""

import json
from functools import cache

from cityforge.brain.errors import Language, Text
from cityforge.brain.intake.profile.shape import AgreementProfile, DatasetProfile, Profile
from cityforge.brain.reports import assets, messages
from cityforge.brain.reports.messages import fixed, number


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Every message of a profile by key; its own win over the shared ones."""
    own: dict[str, dict[str, str]] = json.loads(assets.own("profile_messages.json"))
    return {**messages.catalogue(), **own}


def say(key: str, language: Language, **values: str | Text) -> str:
    """One message with its places filled; a Text fills in the reader's language."""
    said = {
        name: value.say(language) if isinstance(value, Text) else value
        for name, value in values.items()
    }
    return catalogue()[key][language].format(**said)


def text(key: str, **values: str | Text) -> Text:
    """One message in both languages."""
    return Text(zh=say(key, "zh", **values), en=say(key, "en", **values))


def percent(part: int, whole: int) -> str:
    """A share. Nearly all is not all: 99.97 % must not read as 100 %."""
    if part < whole and part / whole > 0.9995:
        return ">99.9%"
    return f"{fixed(100 * part / whole, 1)}%" if whole else "—"


def sentence(profile: Profile) -> Text:
    """The whole folder in one paragraph: what is late, what came back, what looks wrong."""
    sets = profile.datasets
    late = sum(1 for each in sets if each.freshness.light in ("warn", "bad"))
    slips = sum(each.slips for each in sets)
    worst = min(
        (each for each in profile.agreements if each.compared),
        key=lambda each: each.agree / each.compared,
        default=None,
    )
    nothing = Text(zh="", en="")
    return text(
        "p_sentence",
        as_of=profile.as_of.isoformat(),
        city=profile.city,
        datasets=str(len(sets)),
        late=text("p_some_late", n=str(late)) if late else text("p_all_on_time"),
        read=fixed(sum(each.read for each in sets), 0),
        accepted=fixed(sum(each.accepted for each in sets), 0),
        quarantined=fixed(sum(each.quarantined for each in sets), 0),
        slips=text("p_slips_found", n=str(slips)) if slips else text("p_no_slips"),
        agreement=_worst(worst) if worst else nothing,
    )


def _worst(worst: AgreementProfile) -> Text:
    share = percent(worst.agree, worst.compared)
    return text("p_worst_pair", left=worst.left, right=worst.right, share=share)


LIGHTS = {"ok": "●", "warn": "▲", "bad": "■", "unknown": "○"}


def light(dataset: DatasetProfile) -> Text:
    """The light of a dataset's delivery with its word."""
    shape = LIGHTS[dataset.freshness.light]
    if dataset.refused:
        said = text("light_refused")
    elif dataset.freshness.newest is None:
        said = text("light_none")
    else:
        said = dataset.freshness.said
    return Text(zh=f"{shape} {said.zh}", en=f"{shape} {said.en}")


def to_do(dataset: DatasetProfile) -> list[Text]:
    """What its owner is to be asked for, most urgent first; empty when nothing."""
    asked = []
    fresh = dataset.freshness
    if dataset.refused:
        asked.append(text("p_do_file"))
    elif dataset.file is None:
        asked.append(text("p_do_absent"))
    elif fresh.late and fresh.next_period:
        key = "p_do_late" if fresh.late == 1 else "p_do_late_more"
        values: dict[str, str | Text] = {"period": fresh.next_period}
        if fresh.late > 1:
            values["n"] = str(fresh.late)
        asked.append(text(key, **values))
    if dataset.slips:
        asked.append(text("p_do_slips", n=fixed(dataset.slips, 0)))
    if dataset.to_mend > 0:
        asked.append(text("p_do_rows", n=fixed(dataset.to_mend, 0)))
    return asked


def urgency(dataset: DatasetProfile) -> tuple[int, int, int, str]:
    """A key that puts what is most urgent first."""
    order = {"bad": 0, "warn": 1, "unknown": 2, "ok": 2}
    return order[dataset.freshness.light], -dataset.slips, -dataset.quarantined, dataset.id


def figure(value: float | None) -> str:
    """A figure as the page writes it, whole numbers without a tail."""
    if value is None:
        return "—"
    said = number(value)
    head, dot, tail = said.partition(".")
    return head if dot and not tail.strip("0") else said
