"""docs/reference/permissions.md, from the portal's table of actions and its addresses."""

import os
import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from generator import markdown
from generator.markdown import code, table

INTRO = """
门户里每个页面、任务都对应一个动作；谁能做，只看这张表：持有所列角色之一、且今天在有效期内的人。表中没有的一律拒绝。
角色在哪个机构，就只看到哪个机构的数据；测试逐个角色访问每一个地址，与本表核对。

Every page and task of the portal is an action; who may do it stands in this table alone: whoever
holds one of the roles by a membership in force today. What is not in it is refused to everybody. A
role sees the data of its organisation; tests visit each address as each role and hold the answers
to this table.
"""
_ROLES = "## 角色与机构 · Roles and organisations"
_MATRIX = "## 动作与角色 · Actions and roles"
_PLACES = "## 地址 · Addresses"
_NOTE = "● 可以 · may；所有人 · everybody：不必登录；登录者 · signed in：任何账号。"


def page() -> str:
    """Roles, the matrix of each app, and the address of each action."""
    _set_up()
    from cityforge.portal.accounts import permissions, roles

    belongs = [
        [roles.ROLES[role].zh, roles.ROLES[role].en, code(role), _kinds(roles, role)]
        for role in roles.ROLES
    ]
    heads = ["角色", "role", "id", "所属机构 · belongs to"]
    parts = [f"{_ROLES}\n\n{table(heads, belongs)}", f"{_MATRIX}\n\n{_NOTE}"]
    titles = [title.zh for title in roles.ROLES.values()]
    by_app = sorted(permissions.ACTIONS, key=lambda name: name.split(".")[0])
    for app, actions in groupby(by_app, key=lambda name: name.split(".")[0]):
        rows = [_row(permissions, roles, action) for action in actions]
        parts.append(f"### {app}\n\n{table(['动作 · action', *titles], rows)}")
    places = [[code(address), code(action), said] for address, action, said in sorted(_routes())]
    parts.append(f"{_PLACES}\n\n{table(['地址 · address', '动作 · action', 'what it is'], places)}")
    return markdown.page("权限 · Permissions", INTRO, *parts)


def _set_up() -> None:
    os.environ.setdefault("CITYFORGE_DEMO", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cityforge.portal.settings")
    import django

    django.setup()


def _kinds(roles: Any, role: str) -> str:
    kinds = [roles.KINDS[kind] for kind in roles.BELONGS[role]]
    return f"{'、'.join(one.zh for one in kinds)} · {', '.join(one.en for one in kinds)}"


def _row(permissions: Any, roles: Any, action: str) -> list[str]:
    wanted = permissions.ACTIONS[action]
    if wanted == permissions.PUBLIC:
        return [code(action), *["所有人" for _ in roles.ROLES]]
    if wanted == permissions.SIGNED_IN:
        return [code(action), *["登录者" for _ in roles.ROLES]]
    return [code(action), *["●" if role in wanted else "" for role in roles.ROLES]]


def _routes() -> Iterator[tuple[str, str, str]]:
    """Address, action, and the first sentence of the view."""
    from django.urls import URLPattern, URLResolver, get_resolver

    def walk(patterns: list[Any], before: str) -> Iterator[tuple[str, str, str]]:
        for one in patterns:
            here = before + str(one.pattern)
            if isinstance(one, URLResolver):
                yield from walk(one.url_patterns, here)
            elif isinstance(one, URLPattern):
                said = re.split(r"(?<=\.)\s", (one.callback.__doc__ or "").strip())[0]
                yield "/" + here, one.callback.action, " ".join(said.split())

    yield from walk(get_resolver().url_patterns, "")
