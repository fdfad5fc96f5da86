"""Which records are one enterprise: links taken strongest first, none across two codes."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Groups:
    """Records joined so far.

    identities   the codes of a record, by kind
    sources      the sources a record comes from

    Two groups that hold two different codes of one kind are never joined: that is how a component
    with two valid codes is cut at its weakest links, for the weakest come last.
    """

    identities: dict[str, dict[str, str]] = field(default_factory=dict)
    sources: dict[str, frozenset[str]] = field(default_factory=dict)
    _above: dict[str, str] = field(default_factory=dict)

    def entity(self, record: str) -> str:
        """The smallest record of the group."""
        root = record
        while (above := self._above.get(root, root)) != root:
            root = above
        while (above := self._above.get(record, record)) != root:
            self._above[record] = root
            record = above
        return root

    def join(self, left: str, right: str) -> bool:
        """Whether the two are one group now; False leaves both as they were."""
        first, second = sorted((self.entity(left), self.entity(right)))
        if first == second:
            return True
        mine, others = self.identities.get(first, {}), self.identities.get(second, {})
        if any(mine.get(kind, value) != value for kind, value in others.items()):
            return False
        self._above[second] = first
        if others:
            self.identities[first] = others | mine
        self.sources[first] = self._sources(first) | self._sources(second)
        return True

    def share_source(self, left: str, right: str) -> bool:
        """Whether one source has a record in either of two groups."""
        first, second = self.entity(left), self.entity(right)
        return first != second and bool(self._sources(first) & self._sources(second))

    def _sources(self, entity: str) -> frozenset[str]:
        return self.sources.get(entity, frozenset())

    def joined(self) -> dict[str, str]:
        """The entity of every record that is not alone or whose group has others."""
        return {record: self.entity(record) for record in self._above}

    def members(self, records: Iterable[str]) -> dict[str, list[str]]:
        """The given records by entity."""
        found = defaultdict(list)
        for record in records:
            found[self.entity(record)].append(record)
        return dict(found)
