"""cityforge evaluate proceeding: from the data check to the final list, act by act."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cityforge.brain.cli import policy_shown, terminal
from cityforge.brain.errors import Text

if TYPE_CHECKING:
    from cityforge.brain.api.evaluations import Proceeding

app = typer.Typer(
    help="评价流程：核对、异议、裁定、重算、公示、审定 · from the data check to the final list",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Run = Annotated[Path, typer.Option(help="运行结果文件夹 · snapshot folder")]
Scheme = Annotated[str | None, typer.Option(help="评价方案标识 · the scheme's id")]
Year = Annotated[int | None, typer.Option(help="评价年度 · year of evaluation")]
By = Annotated[str, typer.Option(help="经办人 · who does it")]
Role = Annotated[str, typer.Option(help="身份 · in which role")]
At = Annotated[str | None, typer.Option(help="何时，补记时写 · when, if written down later")]
RUNS = Path("runs")


@app.callback()
def proceeding() -> None:
    """评价流程 · proceedings"""


@app.command("begin")
def begin(
    by: By,
    role: Role,
    run: Run = RUNS,
    scheme: Scheme = None,
    year: Year = None,
    at: At = None,
    days: Annotated[
        list[str] | None,
        typer.Option(help="某一步的工作日数，如 published=5 · working days of a stage"),
    ] = None,
) -> None:
    """开始一个方案、一个年度的评价流程 · begin the proceedings of a scheme and year"""
    from cityforge.brain.api import evaluations as api
    from cityforge.brain.api import snapshots

    found = api.begin_proceeding(
        snapshots.find_snapshot(run),
        by=by,
        role=role,
        scheme=scheme,
        year=year,
        at=at,
        working_days=api.lengths(days or ()),
    )
    _say(f"流程已开始：{found.folder}", f"begun: {found.folder}")


@app.command("show")
def show(
    run: Run = RUNS,
    scheme: Scheme = None,
    year: Year = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON · as JSON")] = False,
) -> None:
    """流程到了哪一步、异议和各版结果 · where it stands, objections, versions"""
    from cityforge.brain.api import evaluations as api

    found = _open(run, scheme, year)
    held = api.docket(found)
    if as_json:
        policy_shown.as_json(api.docket_payload(held))
        return
    policy_shown.words_and_tables(
        api.docket_words(held), api.docket_tables(api.prepared_of(found), held)
    )


@app.command("step")
def step(
    to: Annotated[str, typer.Argument(help="进入哪一步，如 checked · to which stage")],
    by: By,
    role: Role,
    run: Run = RUNS,
    scheme: Scheme = None,
    year: Year = None,
    at: At = None,
    note: Annotated[str, typer.Option(help="说明 · note")] = "",
) -> None:
    """进入下一步，或退回 · go on to a stage, or back"""
    from cityforge.brain.api import evaluations as api

    found = _open(run, scheme, year)
    api.record(found, api.step(to), by=by, role=role, at=at, note=note)
    title = api.STAGE_TITLES[api.docket(found).stage]
    _say(f"现在：{title.zh}", f"now: {title.en}")


@app.command("object")
def object_(
    code: Annotated[str, typer.Argument(help="统一社会信用代码 · credit code")],
    right: Annotated[str, typer.Option("--set", help="应为，如 tax_paid=350000 · what is right")],
    reason: Annotated[str, typer.Option(help="理由 · reason")],
    by: By,
    role: Role = "enterprise",
    evidence: Annotated[
        list[Path] | None, typer.Option(help="佐证文件 · files shown as evidence")
    ] = None,
    run: Run = RUNS,
    scheme: Scheme = None,
    year: Year = None,
    at: At = None,
) -> None:
    """企业对一项数提出异议，附佐证 · an enterprise objects to a fact, with evidence"""
    from cityforge.brain.api import evaluations as api

    found = _open(run, scheme, year)
    made = api.objection(found, code, right, reason=reason, files=evidence or [])
    [entry] = api.record(found, made, by=by, role=role, at=at)
    _say(f"异议已记：{entry.id}", f"recorded as {entry.id}")


@app.command("rule")
def rule(
    objection: Annotated[str, typer.Argument(help="异议编号，如 e7 · the objection's id")],
    outcome: Annotated[str, typer.Argument(help="upheld 采纳、partly 部分、rejected 不采纳")],
    grounds: Annotated[str, typer.Option(help="依据 · grounds")],
    by: By,
    role: Role,
    value: Annotated[
        str | None, typer.Option(help="认定的数；不写则按异议或原数 · the value that holds")
    ] = None,
    run: Run = RUNS,
    scheme: Scheme = None,
    year: Year = None,
    at: At = None,
) -> None:
    """对异议作出认定 · rule on an objection"""
    from cityforge.brain.api import evaluations as api

    found = _open(run, scheme, year)
    made = api.ruling(found, objection, outcome, grounds=grounds, value=value)
    [entry] = api.record(found, made, by=by, role=role, at=at)
    _say(f"认定已记：{entry.id}", f"recorded as {entry.id}")


@app.command("rerun")
def rerun(
    why: Annotated[str, typer.Option(help="为何重算 · why")],
    by: By,
    role: Role,
    run: Run = RUNS,
    scheme: Scheme = None,
    year: Year = None,
    at: At = None,
) -> None:
    """按已认定的数重算，列出谁随之变动；前一版保留 · compute again, and who moved with it"""
    from cityforge.brain.api import evaluations as api

    found = _open(run, scheme, year)
    with terminal.progress() as tell:
        tell(Text(zh="重新评价", en="Evaluating again"), 0.3)
        made = api.rerun(found, by=by, role=role, why=why, at=at)
    _say(f"第 {made.version} 版结果", f"version {made.version}")
    if made.version > 1:
        policy_shown.words_and_tables([], [api.knock_on_table(api.knock_on(found))])


@app.command("publish")
def publish(
    purpose: Annotated[str, typer.Argument(help="publicity 公示、final 审定")],
    by: By,
    role: Role,
    run: Run = RUNS,
    scheme: Scheme = None,
    year: Year = None,
    at: At = None,
) -> None:
    """公示最新一版，或审定为最终名单 · show the newest version, or settle it"""
    from cityforge.brain.api import evaluations as api

    found = _open(run, scheme, year)
    shown = api.publish(found, purpose, by=by, role=role, at=at)
    until = f"，至 {shown.publication.ends_on}" if shown.publication and shown.ends_on else ""
    _say(
        f"名单 {shown.rows.num_rows:,} 家，第 {shown.version} 版{until}；摘要 {shown.digest}",
        f"{shown.rows.num_rows:,} on the list, version {shown.version}; digest {shown.digest}",
    )


def _open(run: Path, scheme: str | None, year: int | None) -> "Proceeding":
    from cityforge.brain.api import evaluations as api
    from cityforge.brain.api import snapshots

    return api.open_proceeding(snapshots.find_snapshot(run), scheme=scheme, year=year)


def _say(zh: str, en: str) -> None:
    terminal.say(Text(zh=zh, en=en))
