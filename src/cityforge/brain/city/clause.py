"""Conditions as a city writes them: expressions joined by all, any, none, at least n of."""

from pydantic import Field, model_validator

from cityforge.brain.city.shapes import Id, Shape, Words, fault

FORMS = ("expr", "all", "any", "none", "at_least")


class Clause(Shape):
    """One condition in the words of the document, in exactly one of five forms.

    The words are what an enterprise reads; they may be left out only where a clause does nothing
    but join others.
    """

    id: Id | None = Field(None, description="标识，方案内唯一 / id, unique within a version")
    says: Words | None = Field(None, description="告知企业的条件原意 / what the enterprise reads")
    says_en: Words | None = None
    article: Words | None = Field(None, description="条款号 / article of the document")
    expr: Words | None = Field(None, description="条件表达式 / the condition as an expression")
    all: list["Clause"] | None = Field(None, min_length=1, description="同时满足 / all of")
    any: list["Clause"] | None = Field(None, min_length=1, description="满足其一 / any of")
    none: list["Clause"] | None = Field(None, min_length=1, description="均不存在 / none of")
    at_least: int | None = Field(None, ge=1, description="至少满足几项 / at least so many of `of`")
    of: list["Clause"] | None = Field(None, min_length=1, description="供选择的各项 / the choice")
    effort: int | None = Field(
        None,
        ge=0,
        le=5,
        description="改变它的难度：0 补材料 … 5 不可改变 / how hard to change: 0 a paper … 5 never",
    )

    @model_validator(mode="after")
    def _one_form(self) -> "Clause":
        stated = [form for form in FORMS if getattr(self, form) is not None]
        if len(stated) != 1:
            raise fault(
                f"条件须有且只有 {'、'.join(FORMS)} 之一，现有：{'、'.join(stated) or '无'}",
                f"one of {', '.join(FORMS)}; stated: {', '.join(stated) or 'none'}",
            )
        if (self.at_least is None) != (self.of is None):
            raise fault("at_least 与 of 须同时写明", "at_least and of belong together")
        if self.of is not None and self.at_least is not None and self.at_least > len(self.of):
            raise fault("at_least 大于 of 的项数", "at_least exceeds the number of clauses in of")
        if self.expr is not None and (self.says is None or self.id is None):
            raise fault("带 expr 的条件须有 id 和 says", "a clause with expr needs id and says")
        return self

    @property
    def parts(self) -> list["Clause"]:
        """The clauses directly inside; none inside an expression."""
        return self.all or self.any or self.none or self.of or []
