"""All that stands before the portal answers: database, static files, list of enterprises."""

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "更新数据库、静态文件和企业库 · bring database, static files and the list up to date"

    def handle(self, *args: object, **options: object) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        call_command("index_enterprises")
        if settings.DEMO:
            call_command("demo_accounts")
        call_command("count_data", "--where-none", verbosity=0)
