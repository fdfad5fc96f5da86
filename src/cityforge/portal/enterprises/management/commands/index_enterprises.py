"""The list of enterprises made of the newest run, where it is not there yet."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cityforge.portal.enterprises import actions


class Command(BaseCommand):
    help = "建立企业库索引 · make the list of enterprises"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anew", action="store_true", help="重建 · even where it is there")

    def handle(self, *args: object, **options: Any) -> None:
        count = actions.index(anew=options["anew"])
        if count is None:
            self.stdout.write("企业库已是最新 · the list is up to date")
        else:
            self.stdout.write(f"企业库：{count:,} 家 · {count:,} enterprises listed")
