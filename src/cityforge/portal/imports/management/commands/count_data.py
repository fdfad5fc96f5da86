"""Have the background count what is held of each dataset, for the freshness of data."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from cityforge.portal.imports import actions
from cityforge.portal.imports.models import Holding


class Command(BaseCommand):
    help = "清点现有数据（由后台完成） · count what is held, in the background"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--where-none", action="store_true", help="从未清点过才做 · only where none was counted"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["where_none"] and Holding.objects.exists():
            return
        actions.count(None)
        if options["verbosity"]:
            self.stdout.write("已排队 · queued")
