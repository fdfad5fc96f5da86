"""Make the portal of a backup in an empty home and database: `restore FILE`."""

import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cityforge.portal.audit import queries as trail
from cityforge.portal.system import backups


class Command(BaseCommand):
    help = "恢复 · restore"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: object, **options: Any) -> None:
        language: Any = "en" if os.environ.get("CITYFORGE_LANG") == "en" else "zh"
        try:
            manifest = backups.restore(options["file"])
        except backups.Refused as refused:
            raise CommandError(refused.text.say(language)) from refused
        broken = trail.breaks()
        last = trail.trail().values("number", "digest").first()
        if broken or last != manifest["trail"]:
            self.stderr.write(
                "the audit trail is not the one that was backed up"
                if language == "en"
                else "审计链条与备份时不一致"
            )
            sys.exit(1)
        number = f"{last['number']:,}" if last else "0"
        self.stdout.write(
            f"Restored, as of {manifest['made']}; the audit trail is whole, {number} events."
            if language == "en"
            else f"已恢复到 {manifest['made']}；审计链条完整，{number} 条。"
        )
