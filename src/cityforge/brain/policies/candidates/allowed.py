"""Which facts may stand beside an enterprise's name in a list that we hand out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.folder import City
from cityforge.brain.city.shapes import LegalUse, Sensitivity

_ORDER = list(Sensitivity)


@dataclass(frozen=True, slots=True)
class Known:
    """A column and its value for one enterprise.

    hidden     the reader may not see the value: it is None here, whatever it is
    declared   it rests on what the enterprise itself declared
    """

    column: str
    value: object = None
    hidden: bool = False
    declared: bool = False


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a reader may see: facts that may treat a single enterprise, up to a sensitivity."""

    city: City
    book: Dictionary
    upto: Sensitivity = Sensitivity.INTERNAL

    def shows(self, column: str) -> bool:
        use, sensitivity, _ = self._about(column)
        return LegalUse.TREAT in use and _ORDER.index(sensitivity) <= _ORDER.index(self.upto)

    def known(self, columns: Iterable[str], row: Mapping[str, object]) -> tuple[Known, ...]:
        """These columns of one row, each once."""
        found = []
        for column in dict.fromkeys(columns):
            shown = self.shows(column)
            value = row.get(column) if shown else None
            found.append(Known(column, value, not shown, self._about(column)[2]))
        return tuple(found)

    def _about(self, column: str) -> tuple[frozenset[LegalUse], Sensitivity, bool]:
        """Legal use, sensitivity, and whether declared, of a fact (of any year) or a register."""
        _, _, register = column.partition(":")
        if register:
            source = self.city.datasets[self.city.registers[register].dataset]
            return frozenset(source.legal_use), source.sensitivity, source.declared
        fact = self.book.facts[column.partition("[")[0]]
        declared = fact.declared or any(one.declared for one in self.book.rests_on([fact.name]))
        return fact.legal_use, fact.sensitivity, declared
