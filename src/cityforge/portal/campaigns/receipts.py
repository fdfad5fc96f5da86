"""What became of a campaign at each recipient, as lines of a page or of a workbook."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from cityforge.brain.errors import Language, Text
from cityforge.portal.analytics.policies.pushing import GROUPS
from cityforge.portal.campaigns import queries
from cityforge.portal.campaigns.models import Campaign, Recipient
from cityforge.portal.notices import queries as notices
from cityforge.portal.notices import states
from cityforge.portal.notices.models import Dispatch

_HEADS = (
    Text(zh="信用代码", en="code"),
    Text(zh="企业", en="enterprise"),
    Text(zh="属地", en="district"),
    Text(zh="类别", en="group"),
)
_RECEIPTS = (Text(zh="已读时间", en="read at"), Text(zh="查看时间", en="looked at"))


@dataclass(frozen=True, slots=True)
class Line:
    """One recipient with its receipts; on each channel of the campaign: light, state, reason."""

    recipient: Recipient
    district: Text
    group: Text
    channels: list[tuple[str, Text, Text | None]]
    read: datetime | None
    followed: datetime | None


def lines(one: Campaign, page: list[Recipient]) -> list[Line]:
    codes = [each.uscc for each in page]
    sent = notices.dispatches(one.key, codes)
    receipts = notices.receipts(one.key, one.policy, codes)
    return [
        Line(
            each,
            queries.districts(each.district),
            GROUPS[each.group],
            [_state(sent.get(each.uscc, {}).get(name)) for name in one.channels],
            *receipts.get(each.uscc, (None, None)),
        )
        for each in page
    ]


def table(
    one: Campaign, told: list[Line], language: Language
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The same as heads and cells."""
    roads = [states.CHANNELS[name] for name in one.channels]
    heads = tuple(text.say(language) for text in (*_HEADS, *roads, *_RECEIPTS))
    return heads, [tuple(_cells(line, language)) for line in told]


def _cells(line: Line, language: Language) -> list[str]:
    own = line.recipient
    sent = [
        state.say(language) + (f"（{reason.say(language)}）" if reason else "")
        for _, state, reason in line.channels
    ]
    moments = [_moment(one) for one in (line.read, line.followed)]
    names = [own.uscc, own.name, line.district.say(language), line.group.say(language)]
    return [*names, *sent, *moments]


def _moment(one: datetime | None) -> str:
    return f"{timezone.localtime(one):%Y-%m-%d %H:%M}" if one else ""


def _state(one: Dispatch | None) -> tuple[str, Text, Text | None]:
    if one is None:
        return "grey", states.STATES[states.WAITING], None
    return states.LIGHTS[one.state], states.STATES[one.state], states.REASONS.get(one.reason)
