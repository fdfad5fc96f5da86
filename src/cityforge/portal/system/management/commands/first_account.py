"""The first security admin of a new portal; everybody else is made by them, in the browser."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from cityforge.portal.accounts import actions, codes, roles
from cityforge.portal.accounts.models import Membership, Organisation
from cityforge.portal.accounts.permissions import NotAllowed


class Command(BaseCommand):
    help = "建第一位安全管理员 · make the first security admin"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("name")

    @transaction.atomic
    def handle(self, *args: object, **options: Any) -> None:
        if Membership.objects.filter(role=roles.SECURITY_ADMIN, user__is_active=True).exists():
            raise CommandError("已有安全管理员 · there is a security admin already")
        actions.take_in_organisations(by=None)
        city = Organisation.objects.filter(kind=roles.CITY).first()
        if city is None:
            raise CommandError(
                "还没有城市：设置 CITYFORGE_CITY，或先运行一次 · "
                "no city yet: set CITYFORGE_CITY, or make a run first"
            )
        password = codes.once()
        try:
            user = actions.make_user(options["username"], options["name"], password, by=None)
            actions.grant(user, city, roles.SECURITY_ADMIN, by=None)
        except NotAllowed as refused:
            raise CommandError(str(refused.text.zh)) from refused
        self.stdout.write(f"{user.username}  {password}")
        self.stdout.write(
            "一次性密码，首次登录须修改 · to be used once: it is changed at the first sign-in"
        )
