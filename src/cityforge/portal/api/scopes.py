"""What a token may be made for: sets of actions of the one table, never more than its owner may."""

from collections.abc import Iterable
from dataclasses import dataclass

from cityforge.brain.errors import Text
from cityforge.portal.accounts import permissions
from cityforge.portal.accounts.permissions import NotAllowed, Person


@dataclass(frozen=True, slots=True)
class Scope:
    """A use that a token may have; `actions` of `accounts.permissions.ACTIONS`."""

    title: Text
    says: Text
    actions: frozenset[str]


_WHO = "api.me"  # a token may always ask whose it is
SCOPES: dict[str, Scope] = {
    "read": Scope(
        Text(zh="读取", en="Read"),
        Text(
            zh="本人能看的页面内容；不含机密数据，不能改动任何东西",
            en="What its owner sees on pages; nothing confidential, and no change to anything",
        ),
        frozenset(
            {
                "desk.home",
                "desk.view",
                "imports.view",
                "imports.freshness",
                "evaluations.view",
                "evaluations.try",
                "evaluations.conduct",
                "evaluations.speak",
                "runs.view",
                "enterprises.view",
                "dossier.view",
                "dossier.mine",
                "policies.check_up",
                "policies.coverage",
                "policies.candidates",
                "policies.simulate",
                "policies.drafts",
                "campaigns.view",
                "campaigns.names",
                "campaigns.coverage",
                "notices.inbox",
                "audit.view",
                "system.view",
            }
        ),
    ),
    "confidential": Scope(
        Text(zh="读取机密数据", en="Read confidential data"),
        Text(
            zh="再加上本人有权看的机密数据，如营业收入、得分依据、数据更正、告知书",
            en="Also the confidential data that its owner may see: revenue, points, corrections, "
            "letters",
        ),
        frozenset({"facts.confidential", "facts.secret", "corrections.view", "evaluations.papers"}),
    ),
    "download": Scope(
        Text(zh="整表下载", en="Download lists"),
        Text(
            zh="把名单整张取成 CSV、Excel、Parquet，取评价结果文件；每次都记入审计",
            en="Take whole lists as CSV, Excel or Parquet, and files of results; each time leaves "
            "word in the trail",
        ),
        frozenset({"enterprises.download", "evaluations.files"}),
    ),
    "deliver": Scope(
        Text(zh="报送数据", en="Deliver data"),
        Text(
            zh="上传本部门的数据文件并提交审核；批准仍由审核员在网页上做",
            en="Upload and submit files of one's bureau; a checker still approves them on the page",
        ),
        frozenset({"imports.view", "imports.deliver"}),
    ),
    "declare": Scope(
        Text(zh="填报事实", en="Declare facts"),
        Text(
            zh="为本企业填报政策体检缺少的数据，或撤回",
            en="Tell facts that the check-up of one's enterprise lacks, or take them back",
        ),
        frozenset({"policies.check_up", "policies.declare"}),
    ),
    "correct": Scope(
        Text(zh="更正数据", en="Put facts right"),
        Text(
            zh="为本企业申请更正数据；主管部门核实更正",
            en="Ask that facts of one's enterprise be put right; rule on those of one's bureau",
        ),
        frozenset({"corrections.view", "corrections.ask", "corrections.rule"}),
    ),
    "run": Scope(
        Text(zh="开始计算", en="Start runs"),
        Text(
            zh="开始或取消一次评价计算；启用结果仍由人在网页上做",
            en="Start or cancel a run of the city; a person still puts it in force on the page",
        ),
        frozenset({"runs.view", "runs.start"}),
    ),
}


def actions(names: Iterable[str]) -> frozenset[str]:
    """What a token with some scopes may do at most; a name that is none adds nothing."""
    found = [SCOPES[name].actions for name in names if name in SCOPES]
    return frozenset({_WHO}).union(*found)


def check(person: Person, action: str) -> None:
    """Raises NotAllowed, and tells whether a role is lacking or only the token's use."""
    if not permissions.within(person, action):
        lacking = [one.title for one in SCOPES.values() if action in one.actions]
        raise NotAllowed(
            Text(
                zh=f"令牌没有这项权限：{'、'.join(one.zh for one in lacking)}",
                en=f"The token lacks the use: {', '.join(one.en for one in lacking)}.",
            )
        )
    permissions.check(person, action)
