"""Whether a deployment is sound: exit code 0, or 1 where something is red."""

import os
import sys

from django.core.management.base import BaseCommand
from rich.console import Console
from rich.table import Table

from cityforge.portal.system import checks, tasks

_MARKS = {
    checks.GREEN: ("●", "green"),
    checks.AMBER: ("▲", "yellow"),
    checks.RED: ("■", "red"),
}


class Command(BaseCommand):
    help = "检查部署 · check a deployment"
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def handle(self, *args: object, **options: object) -> None:
        language = "en" if os.environ.get("CITYFORGE_LANG") == "en" else "zh"
        found = list(checks.all_checks())
        if all(one.light != checks.RED for one in found if one.title.en in ("Database", "Tables")):
            found.append(tasks.probe())
        table = Table(box=None, show_header=False, pad_edge=False)
        for one in found:
            mark, style = _MARKS[one.light]
            said = one.said.say(language)
            todo = one.todo.say(language)
            lines = f"{said}\n→ {todo}" if todo else said
            table.add_row(f"[{style}]{mark}[/]", one.title.say(language), lines)
        Console(file=sys.stdout, highlight=False, markup=True).print(table)
        if any(one.light == checks.RED for one in found):
            sys.exit(1)
