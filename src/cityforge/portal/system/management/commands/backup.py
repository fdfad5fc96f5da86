"""Back the portal up into one file: `backup FILE [--without-snapshots]`."""

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cityforge.portal.system import backups


class Command(BaseCommand):
    help = "备份 · back up"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--without-snapshots", action="store_true")

    def handle(self, *args: object, **options: Any) -> None:
        file: Path = options["file"]
        try:
            digests = backups.write(file, with_snapshots=not options["without_snapshots"])
        except backups.Refused as refused:
            raise CommandError(refused.text.say(_language())) from refused
        size = file.stat().st_size / 2**20
        if _language() == "en":
            said = f"{file}: {len(digests):,} files, {size:,.1f} MB. Readable by its owner alone."
        else:
            said = f"{file}：{len(digests):,} 个文件，{size:,.1f} MB。只有本人可读。"
        self.stdout.write(said)


def _language() -> Any:
    return "en" if os.environ.get("CITYFORGE_LANG") == "en" else "zh"
