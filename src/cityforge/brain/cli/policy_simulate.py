"""cityforge policy simulate: what a policy costs, who gains and loses, a term at other values."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from cityforge.brain.cli import policy_shown, terminal


def simulate(
    policy: Annotated[
        str | None,
        typer.Argument(help="政策标识或名称；不写则全部合并测算 · id or title; without: all"),
    ] = None,
    run: Annotated[Path, typer.Option(help="运行结果文件夹 · snapshot folder")] = Path("runs"),
    city: Annotated[
        Path | None, typer.Option(help="草案所在的城市文件夹 · city folder with the draft")
    ] = None,
    terms: Annotated[
        list[str] | None,
        typer.Option("--set", help="改参数再算，如 rd_share=2.5% · other value of a term"),
    ] = None,
    sweep: Annotated[
        str | None,
        typer.Option(help="逐值测算，如 rd_share=2%..4%:0.5% 或 rd_share=2%,3% · a term swept"),
    ] = None,
    version: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="按该日有效的版本 · the version of that day"),
    ] = None,
    arrival: Annotated[
        str, typer.Option(help="申报到达假定：even 均匀、first_day 首日 · how claims arrive")
    ] = "even",
    *,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON · as JSON")] = False,
) -> None:
    """发布前的资金测算：要多少钱、给谁、谁增谁减 · what a policy costs, who gains and loses"""
    from cityforge.brain.api import simulations, snapshots

    snapshot = snapshots.find_snapshot(run)
    if policy is None:
        if terms or sweep or version:
            raise typer.BadParameter("--set, --sweep, --version：先写政策标识 · name a policy")
        with terminal.progress() as tell:
            all_ = simulations.simulate_all(snapshot, city=city, tell=tell)
        if as_json:
            policy_shown.as_json(simulations.city_payload(all_))
            return
        policy_shown.words_and_tables(
            simulations.city_words(all_), simulations.city_tables(all_.together)
        )
        return
    asked = simulations.Asked(
        policy,
        terms=dict(_pair(text, "--set") for text in terms or ()),
        version=version.date() if version is not None else None,
        sweep=_pair(sweep, "--sweep") if sweep is not None else None,
        arrival=_arrival(arrival),
        city=city,
    )
    with terminal.progress() as tell:
        found = simulations.simulate(snapshot, asked, tell=tell)
    if as_json:
        policy_shown.as_json(simulations.policy_payload(found))
        return
    policy_shown.words_and_tables(simulations.policy_words(found), simulations.policy_tables(found))


def _pair(text: str, option: str) -> tuple[str, str]:
    name, sign, value = text.replace("＝", "=").partition("=")
    if not sign or not name.strip() or not value.strip():
        raise typer.BadParameter(f"{option}：写成 参数=值 · write term=value")
    return name.strip().removeprefix("p."), value.strip()


def _arrival(text: str) -> Literal["even", "first_day"]:
    if text == "even":
        return "even"
    if text == "first_day":
        return "first_day"
    raise typer.BadParameter("--arrival：even | first_day")
