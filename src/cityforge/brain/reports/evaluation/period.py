"""When a list is made public, and where objections go."""

from dataclasses import dataclass
from datetime import date, timedelta

from cityforge.brain.errors import Text


@dataclass(frozen=True, slots=True)
class Publicity:
    """What the office says of the publicity of a list.

    begins   the first day; None: not settled yet
    contact  to whom objections go
    ends     the last day, where it was settled with the first: the scheme is not asked then
    """

    begins: date | None = None
    contact: str = ""
    ends: date | None = None

    def period(self, days: int | None) -> Text:
        """From when to when: so many days with the first, where the scheme says how many."""
        if self.begins and self.ends:
            return Text(
                zh=f"公示期：{self.begins} 至 {self.ends}",
                en=f"Publicity: {self.begins} to {self.ends}",
            )
        if days is None:
            return Text(zh="公示期：方案未载明", en="Publicity: the scheme does not say how long")
        if self.begins is None:
            return Text(
                zh=f"公示期：{days} 天，自公布之日起", en=f"Publicity: {days} days from publication"
            )
        ends = self.begins + timedelta(days=days - 1)
        return Text(
            zh=f"公示期：{self.begins} 至 {ends}（含首日共 {days} 天）",
            en=f"Publicity: {self.begins} to {ends} ({days} days with the first)",
        )

    @property
    def objections(self) -> Text:
        """How to object: in writing, to whom, with what."""
        zh = f"向{self.contact}" if self.contact else "向组织评价的部门"
        en = self.contact or "the office that evaluates"
        return Text(
            zh=f"对评价结果有异议的，请在公示期内{zh}书面提出，写明事实并附证明材料。",
            en=f"Objections are made in writing to {en} while the list is public, with the facts "
            "and proof.",
        )


NOT_SETTLED = Publicity()
