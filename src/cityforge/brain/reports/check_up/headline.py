"""The headline of a check-up: one sentence and three numbers."""

from dataclasses import dataclass

from cityforge.brain.errors import Language
from cityforge.brain.reports import policy_words as words
from cityforge.brain.reports.check_up.page import Figure
from cityforge.brain.reports.check_up.voice import Voice
from cityforge.brain.reports.examined import Examined


def sentence(examined: Examined, language: Language) -> str:
    """What there is to have, when it closes, what is near and what to tell first."""
    return _Headline(examined, language).sentence()


def figures(examined: Examined, language: Language) -> tuple[Figure, ...]:
    """Money to be had now, policies within reach, policies that lack facts."""
    return _Headline(examined, language).figures()


@dataclass(frozen=True, slots=True)
class _Headline(Voice):
    def sentence(self) -> str:
        found = self.examined.check_up
        parts = [self._now()]
        if found.later:
            later = self.pick(
                f"另有 {len(found.later)} 项已符合、待开放申报",
                f"{len(found.later)} once the window opens",
            )
            pays = self.say(words.about(found.paid(found.later)))
            if found.paid(found.later):
                later += self.pick(f"（{pays}）", f" ({pays})")
            parts.append(later)
        parts += self._deadline()
        if found.near:
            parts.append(
                self.pick(f"还差一步的 {len(found.near)} 项", f"{len(found.near)} are within reach")
            )
        if found.questions:
            first = found.questions[0]
            name = self.examined.names.column(first.column, year=self.examined.snapshot.year)
            told = self.pick(f"先补“{name.zh}”", f"tell '{name.en}' first")
            if first.money:
                money = words.about(first.money)
                told += self.pick(
                    f"，最多可多得{words.after_words(money.zh)}", f": up to {money.en} more"
                )
            parts.append(told)
        return self.pick("；".join(parts) + "。", "; ".join(parts) + ".")

    def _now(self) -> str:
        found = self.examined.check_up
        count = self._open()
        if not count:
            return self.pick(
                "按现有数据，暂无现在可享的政策", "By the data at hand there is nothing to have now"
            )
        zh, en = f"现在可享 {count} 项政策", f"{words.policies(count)} to have now"
        pays = found.paid(found.now)
        if not pays:
            return self.pick(zh, en)
        total, chosen = words.about(pays), len(found.now)
        return self.pick(
            f"{zh}，按最优组合办 {chosen} 项，合计{words.after_words(total.zh)}",
            f"{en}; the best set is {chosen} of them, {total.en} in all",
        )

    def _open(self) -> int:
        """Policies it is entitled to and can apply for that day."""
        return sum(one.timing.is_open for one in self.examined.check_up.eligible)

    def _deadline(self) -> list[str]:
        """The window of the chosen that closes first."""
        found = self.examined.check_up
        open_ = [
            r
            for r in found.eligible
            if r.prepared.id in found.best.chosen and r.timing.days_left is not None
        ]
        if not open_:
            return []
        first = min(open_, key=lambda r: (r.timing.days_left or 0, r.prepared.id))
        assert first.timing.window is not None
        day, left = first.timing.window.closes, first.timing.days_left
        title = self.title(first)
        return [
            self.pick(
                f"最近的截止日是 {day}（{title}，还剩 {left} 天）",
                f"the first to close is {title}, on {day} ({left} days left)",
            )
        ]

    def figures(self) -> tuple[Figure, ...]:
        return self._money(), self._near(), self._lacking()

    def _money(self) -> Figure:
        found = self.examined.check_up
        about = self.say(words.about(found.paid(found.now)))
        total, _, unit = about.removeprefix("约 ").removeprefix("about ").partition(" ")
        count, chosen = self._open(), len(found.now)
        note = self.pick("按现有数据暂无", "nothing by the data at hand")
        if count:
            note = self.pick(
                f"符合 {count} 项，最优组合 {chosen} 项",
                f"entitled to {count}, best set of {chosen}",
            )
        provisional = found.paid(one for one in found.now if one.provisional)
        if provisional:
            told = words.about(provisional)
            note += self.pick(f"，其中暂定 {told.zh}", f", {told.en} provisional")
        if found.later:
            count, later = len(found.later), found.paid(found.later)
            note += self.pick(
                f"；另有 {count} 项待开放申报", f"; {count} more once the window opens"
            )
            if later:
                note += self.pick("，", ", ") + self.say(words.about(later))
        return Figure(self.pick("现在可得", "To have now"), total, unit, note)

    def _near(self) -> Figure:
        found = self.examined.check_up
        note = self.pick("按现有条件都已享或不在范围", "none")
        if found.near:
            title = self.title(found.near[0])
            note = self.pick(f"最近的是“{title}”", f"nearest: {title}")
        title, unit = self.pick("还差一步", "Within reach"), self.pick("项", "")
        return Figure(title, str(len(found.near)), unit, note)

    def _lacking(self) -> Figure:
        found = self.examined.check_up
        count = sum(bool(one.lacking) for one in (*found.eligible, *found.unknown))
        note = self.pick("资料齐全", "nothing is lacking")
        if found.questions:
            asked = len(found.questions)
            note = self.pick(f"缺 {asked} 项资料", f"{asked} fact{'s' if asked > 1 else ''}")
            more = max(one.money for one in found.questions)
            if more:
                told = words.about(more)
                note += self.pick(
                    f"，先补一项最多可多得{words.after_words(told.zh)}",
                    f"; one alone brings up to {told.en}",
                )
        title, unit = self.pick("待补资料", "Lack facts"), self.pick("项", "")
        return Figure(title, str(count), unit, note)
