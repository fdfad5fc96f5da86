"""Who speaks of one check-up in one language."""

from dataclasses import dataclass

from cityforge.brain.errors import Language, Text
from cityforge.brain.policies.check_up.result import Result
from cityforge.brain.reports.examined import Examined
from cityforge.brain.reports.fact_names import Names


@dataclass(frozen=True, slots=True)
class Voice:
    """What the parts of a check-up's page have alike."""

    examined: Examined
    language: Language

    @property
    def names(self) -> Names:
        return self.examined.names

    def say(self, text: Text) -> str:
        return text.say(self.language)

    def pick(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def title(self, result: Result) -> str:
        policy = result.prepared.policy
        return self.pick(policy.title, policy.title_en)
