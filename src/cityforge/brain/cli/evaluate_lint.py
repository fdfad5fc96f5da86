"""cityforge evaluate lint, diff: schemes looked over and told apart before they are published."""

from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer

from cityforge.brain.cli import policy_shown, terminal
from cityforge.brain.errors import Text


def lint(
    city: Annotated[Path, typer.Argument(help="城市文件夹 · the city folder")],
    scheme: Annotated[
        str | None, typer.Option("--scheme", help="只看一个方案 · one scheme only, by its id")
    ] = None,
    run: Annotated[
        Path | None, typer.Option(help="运行结果，另看数据 · a snapshot: look at its data, too")
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON · as JSON")] = False,
) -> None:
    """发布前检查方案：权重、分档、缺数、同分、否决、公示 · look schemes over before publishing"""
    from cityforge.brain.api import cities, schemes, snapshots

    found_city, book = cities.load(city)
    names = [scheme] if scheme is not None else sorted(found_city.schemes)
    snapshot = schemes.read_snapshot(snapshots.find_snapshot(run)) if run is not None else None
    looked = []
    for name in names:
        own = schemes.scheme_in(found_city, name)
        seen = schemes.evaluate(snapshot, own) if snapshot is not None else None
        looked.append(schemes.lint(found_city, book, own, seen))
    if as_json:
        policy_shown.as_json([schemes.lint_json(one) for one in looked])
        return
    for one in looked:
        terminal.out.print(one.scheme, style="bold", markup=False)
        by_group = sorted(one.findings, key=lambda finding: schemes.group_of(finding))
        for group, findings in groupby(by_group, key=schemes.group_of):
            title = schemes.GROUPS[group]
            terminal.say(Text(zh=f"  {title.zh}", en=f"  {title.en}"))
            terminal.show_problems([finding.problem for finding in findings])
    count = sum(len(one.findings) for one in looked)
    terminal.say(
        Text(
            zh=f"{len(looked)} 个方案，{count} 处提醒",
            en=f"{len(looked)} scheme(s), {count} thing(s) to look at",
        )
    )


def diff(
    first: Annotated[Path, typer.Argument(help="原城市文件夹 · city folder with the old scheme")],
    second: Annotated[Path, typer.Argument(help="新城市文件夹 · city folder with the new one")],
    scheme: Annotated[str, typer.Argument(help="评价方案标识 · the scheme's id")],
    other: Annotated[
        str | None, typer.Option("--with", help="与另一方案比 · another scheme's id in the second")
    ] = None,
) -> None:
    """两版方案的不同，逐句说明 · what differs between two versions of a scheme, in sentences"""
    from cityforge.brain.api import cities, schemes

    old = schemes.scheme_in(cities.load(first)[0], scheme)
    new = schemes.scheme_in(cities.load(second)[0], other or scheme)
    told = schemes.differences(old, new)
    for line in told:
        terminal.say(Text(zh=f"· {line.zh}", en=f"· {line.en}"))
    if not told:
        terminal.say(Text(zh="两版没有不同", en="nothing differs"))
