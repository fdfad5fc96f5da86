"""The menu of each reader, and the pages shown when something is not there or not allowed."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from cityforge.brain.errors import Text
from cityforge.portal.accounts import permissions
from cityforge.portal.analytics import city
from cityforge.portal.notices import queries as notices


@dataclass(frozen=True, slots=True)
class Item:
    title: Text
    url: str
    current: str  # as aria-current says it: "page", "true" where a page inside is shown, or nothing
    says: Text | None = None


# What stands in the menu: title, address, the permission it needs.
MENU: tuple[tuple[Text, str, str], ...] = (
    (Text(zh="工作台", en="Desk"), "desk:home", "desk.home"),
    (Text(zh="企业库", en="Enterprises"), "enterprises:list", "enterprises.view"),
    (Text(zh="我的档案", en="My enterprise"), "dossier:mine", "dossier.mine"),
    (Text(zh="数据", en="Data"), "imports:home", "imports.view"),
    (Text(zh="数据", en="Data"), "imports:freshness", "imports.freshness"),
    (Text(zh="政策体检", en="Check-up"), "policies:check-up", "policies.check_up"),
    (Text(zh="政策", en="Policies"), "policies:catalogue", "policies.catalogue"),
    (Text(zh="推送", en="Push"), "campaigns:home", "campaigns.view"),
    (Text(zh="企业评价", en="Evaluation"), "evaluations:home", "evaluations.view"),
    (Text(zh="我的评价", en="My evaluation"), "evaluations:mine", "evaluations.speak"),
    (Text(zh="评价计算", en="Runs"), "runs:home", "runs.view"),
    (Text(zh="数据更正", en="Corrections"), "corrections:home", "corrections.view"),
    (Text(zh="审计", en="Audit"), "audit:trail", "audit.view"),
    (Text(zh="账号与机构", en="People"), "accounts:people", "accounts.view"),
    (Text(zh="系统", en="System"), "system:home", "system.view"),
    (Text(zh="短信记录", en="SMS"), "notices:recorded", "notices.recorded"),
)

# What one finds behind a door, said on the first page of who has no desk.
SAYS: dict[str, Text] = {
    "enterprises:list": Text(
        zh="按名称、代码、地址查企业，看一企一档", en="Find an enterprise and open its file"
    ),
    "dossier:mine": Text(
        zh="登记、等次、称号、处罚，每项有来源", en="Identity, grade, titles, each with its source"
    ),
    "imports:home": Text(
        zh="应报的数据集、模板、上传和审核", en="Datasets owed, templates, uploads, approval"
    ),
    "policies:check-up": Text(
        zh="可享哪些政策、还差什么、能得多少", en="What you may have, what lacks, how much"
    ),
    "policies:catalogue": Text(
        zh="全部政策的白话解读和申报日历", en="Every policy in plain words, and the calendar"
    ),
    "campaigns:home": Text(
        zh="把政策推送给对的企业，看谁知道了", en="Push policies to whom they are for; who knows"
    ),
    "evaluations:home": Text(zh="评价结果、试算和流程", en="Results, trials, proceedings"),
    "evaluations:mine": Text(
        zh="本企业的等次、原因，核对和异议", en="Your grade and why; check and object"
    ),
    "imports:freshness": Text(
        zh="各部门的数据到了哪一期、谁逾期",
        en="Which period each bureau has come to, and who is late",
    ),
    "runs:home": Text(
        zh="把全市重新算一遍，看谁动了再启用", en="Compute the city anew, look, adopt"
    ),
    "corrections:home": Text(
        zh="哪个数不对、应为多少：企业附佐证提出，部门核实",
        en="Which figure is wrong, what it should be: asked with evidence, ruled by its bureau",
    ),
    "audit:trail": Text(
        zh="谁在何时做了什么，验证记录未被改动", en="Who did what when; verify the trail"
    ),
    "accounts:people": Text(zh="账号、角色、机构，停用和解锁", en="Accounts, roles, organisations"),
    "system:home": Text(
        zh="设置、任务、存储、城市文件夹的问题", en="Settings, tasks, storage, the city folder"
    ),
}


def context(request: HttpRequest) -> dict[str, object]:
    """What every page knows: the menu, the city, the day of its data."""
    newest = city.newest()
    return {
        "menu": _menu(request),
        "unread": notices.unread(request.user),
        "city": newest.city if newest else None,
        "as_of": newest.as_of if newest else None,
        "simulated": newest.simulated if newest else False,
    }


def _menu(request: HttpRequest) -> list[Item]:
    """The doors that are open to the reader; the one behind which they are is marked."""
    doors = [
        (title, reverse(name), SAYS.get(name))
        for title, name, permission in MENU
        if permissions.allows(request.user, permission)
    ]
    inside = [url for _, url, _ in doors if url != "/" and request.path.startswith(url)]
    here = max(inside, key=len, default=request.path)
    current = "page" if here == request.path else "true"
    return [Item(title, url, current if url == here else "", says) for title, url, says in doors]


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 400, Text(zh="请求有误", en="Bad request"), None)


def denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Why it is refused, where the reason is one for the reader."""
    reason = getattr(exception, "text", None)
    return _page(request, 403, Text(zh="没有权限", en="Not allowed"), reason)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 404, Text(zh="没有这一页", en="No such page"), None)


def failed(request: HttpRequest) -> HttpResponse:
    return _page(request, 500, Text(zh="系统出错", en="Something went wrong"), None)


def _page(request: HttpRequest, status: int, title: Text, reason: Text | None) -> HttpResponse:
    # Something may have failed before anybody told who asks, and in which language.
    if not hasattr(request, "language"):
        request.language = "zh"  # type: ignore[attr-defined]
    if not hasattr(request, "user"):
        request.user = AnonymousUser()
    page = {"heading": title, "reason": reason, "status": status}
    return render(request, "shell/error.html", page, status=status)
