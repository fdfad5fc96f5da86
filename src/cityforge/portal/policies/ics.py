"""Windows as an iCalendar file (RFC 5545): an opening and a close each, by whole days."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from cityforge.brain.errors import Language
from cityforge.portal.analytics.policies.catalogue import Window

_LONGEST = 75  # octets of a line
_AHEAD = 7  # days before a close that a reminder comes


def ics(windows: Iterable[Window], *, as_of: date, simulated: bool, language: Language) -> bytes:
    """The file; the same bytes for the same run."""
    mark = {"zh": "（模拟数据）", "en": " (simulated data)"}[language] if simulated else ""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//CityForge//policies//ZH",
        "CALSCALE:GREGORIAN",
    ]
    for window in windows:
        lines += _event(window, "opens", as_of=as_of, mark=mark, language=language)
        lines += _event(window, "closes", as_of=as_of, mark=mark, language=language)
    lines.append("END:VCALENDAR")
    return "".join(f"{piece}\r\n" for line in lines for piece in _folded(line)).encode()


def _event(
    window: Window, what: str, *, as_of: date, mark: str, language: Language
) -> Iterator[str]:
    day = window.opens if what == "opens" else window.closes
    title = window.title.say(language)
    told = {
        "opens": {"zh": "开始受理", "en": "opens"},
        "closes": {"zh": "今日截止", "en": "closes today"},
    }[what][language]
    joined = f"{title}：{told}{mark}" if language == "zh" else f"{title}: {told}{mark}"
    yield "BEGIN:VEVENT"
    yield f"UID:{window.policy}-{window.opens:%Y%m%d}-{what}@cityforge"
    yield f"DTSTAMP:{as_of:%Y%m%d}T000000Z"
    yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_escaped(joined)}"
    yield f"DESCRIPTION:{_escaped(' · '.join(x for x in (window.office, window.batch) if x))}"
    yield "TRANSP:TRANSPARENT"
    if what == "closes":
        yield "BEGIN:VALARM"
        yield "ACTION:DISPLAY"
        yield f"TRIGGER:-P{_AHEAD}D"
        yield f"DESCRIPTION:{_escaped(joined)}"
        yield "END:VALARM"
    yield "END:VEVENT"


def _escaped(text: str) -> str:
    plain = " ".join(text.split())
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> Iterator[str]:
    """A line in pieces of so many octets at most, cut between characters."""
    piece = ""
    for character in line:
        if len((piece + character).encode()) > _LONGEST:
            yield piece
            piece = " "
        piece += character
    yield piece
