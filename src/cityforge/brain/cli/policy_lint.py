"""cityforge policy lint: policies looked over before they are published."""

import json
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cityforge.brain.cli import terminal
from cityforge.brain.errors import Text

if TYPE_CHECKING:
    from cityforge.brain.api import policies


def lint(
    city: Annotated[Path, typer.Argument(help="城市文件夹 · the city folder")],
    policy: Annotated[
        str | None, typer.Option("--policy", help="只看一项政策 · one policy only, by its id")
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="按哪一天看，缺省今天 · as of which day; today"),
    ] = None,
    factor: Annotated[
        int, typer.Option(min=2, help="相邻两档金额相差几倍以上才提示 · leap of an amount to tell")
    ] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="打印 JSON · print JSON")] = False,
) -> None:
    """发布前检查政策：空转、矛盾、重复、断档、公平竞争 · look policies over before publishing"""
    from cityforge.brain.api import cities, intake, policies

    day = as_of.date() if as_of is not None else date.fromisoformat(intake.now()[:10])
    with terminal.progress() as tell:
        tell(Text(zh="逐项检查", en="Looking policies over"), 0.1)
        read, book = cities.load(city)
        found = policies.lint(read, book, day=day, only=policy, factor=factor)
    if as_json:
        typer.echo(json.dumps(policies.lint_json(found), ensure_ascii=False, indent=2))
        return
    for name, findings in groupby(found.findings, key=lambda finding: finding.policy):
        about = read.policies[name]
        head = Text(zh=f"{about.title}（{name}）", en=f"{about.title_en} ({name})")
        terminal.out.print(head.say(terminal.language()), style="bold", markup=False)
        own = list(findings)
        for group, title in policies.GROUPS.items():
            each = [finding for finding in own if policies.RULES[finding.rule] == group]
            if each:
                terminal.say(Text(zh=f"  {title.zh}", en=f"  {title.en}"))
            for finding in each:
                _show(finding)
    _sum(found, policies.GROUPS)


def _show(finding: "policies.Finding") -> None:
    terminal.show_problems([finding.problem])
    if finding.answer is not None:
        terminal.say(
            Text(zh=f"    ✓ 已答复：{finding.answer}", en=f"    ✓ answered: {finding.answer}")
        )


def _sum(found: "policies.Linted", groups: dict[str, Text]) -> None:
    counts = [(groups[group], count) for group, count in found.counts.items()]
    answered = len(found.findings) - len(found.open)
    terminal.say(
        Text(
            zh=f"{found.policies} 项政策，{len(found.open)} 处提醒："
            + "，".join(f"{group.zh} {count}" for group, count in counts)
            + f"；已答复 {answered} 处（按 {found.day}）",
            en=f"{_counted(found.policies, 'policy', 'policies')}, "
            f"{_counted(len(found.open), 'warning', 'warnings')}: "
            + ", ".join(f"{group.en} {count}" for group, count in counts)
            + f"; {answered} answered (as of {found.day})",
        )
    )


def _counted(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"
