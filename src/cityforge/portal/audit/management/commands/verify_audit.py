"""Prove that the trail is whole: exit code 0, or 1 with every place where it is not."""

import sys

from django.core.management.base import BaseCommand

from cityforge.portal.audit import queries


class Command(BaseCommand):
    help = "校验审计链条 · verify the chain of the audit trail"

    def handle(self, *args: object, **options: object) -> None:
        found = queries.breaks()
        for one in found:
            self.stderr.write(f"{one.number}: {one.why}")
        if found:
            sys.exit(1)
        last = queries.last()
        end = f"{last.number} {last.digest}" if last else "0"
        self.stdout.write(f"链条完整 · whole: {end}")
