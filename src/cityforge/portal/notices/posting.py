"""How a letter leaves the portal: what every connector is, and what it may raise.

A connector is named in `settings.CONNECTORS` by its dotted path and made without arguments.
"""

from dataclasses import dataclass, field
from types import TracebackType
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Letter:
    """`subject` and `headers` where the channel has such."""

    to: str
    text: str
    subject: str = ""
    headers: dict[str, str] = field(default_factory=dict)


class NotSent(Exception):
    """What became of a letter; `said`: by the other side."""


class Refused(NotSent):
    """It will never be taken."""


class Later(NotSent):
    """It was not taken, and may be another time."""


class Down(NotSent):
    """The other side is not reached at all: no letter of this channel is taken now."""


class Unsure(NotSent):
    """It was handed over, and no answer came: it may have been taken."""


class Connector(Protocol):
    """Kept open over many letters."""

    def __enter__(self) -> "Connector": ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None: ...

    def send(self, letter: Letter) -> None:
        """Hand over one letter; returning means it was taken. Raises NotSent."""
        ...


def is_set_up(channel: str) -> bool:
    return bool(settings.CONNECTORS.get(channel))


def connector(channel: str) -> Connector:
    """That of a channel which is set up."""
    made: Connector = import_string(settings.CONNECTORS[channel])()
    return made
