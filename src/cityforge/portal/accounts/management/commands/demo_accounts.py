"""The organisations of the newest run's city, and one account a role: for demo mode alone."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from cityforge.portal.accounts import actions, demo, roles
from cityforge.portal.accounts.models import Organisation, User
from cityforge.portal.analytics import city, organisations
from cityforge.portal.analytics.policies import example


class Command(BaseCommand):
    help = "演示账号 · accounts of demo mode"

    @transaction.atomic
    def handle(self, *args: object, **options: object) -> None:
        if not settings.DEMO:
            raise CommandError("只用于演示模式 · demo mode only: CITYFORGE_DEMO=1")
        newest = city.newest()
        if newest is None or not newest.simulated:
            raise CommandError("演示账号只用于模拟城市 · a simulated city is needed")
        actions.take_in_organisations(by=None)
        belongs = self._first_of_each_kind()
        for name, title in demo.ACCOUNTS:
            role = name.replace("-", "_")
            if User.objects.filter(username=name).exists():
                continue
            user = User.objects.create_user(name, demo.PASSWORD, name=f"演示{title.zh}")
            actions.grant(user, belongs[roles.BELONGS[role][0]], role, by=None)
        self.stdout.write("演示账号已就绪 · demo accounts stand")

    def _first_of_each_kind(self) -> dict[str, Organisation]:
        """The city, its first district, park and bureau, and an enterprise with facts to tell."""
        found: dict[str, Organisation] = {}
        for kind, code, _ in organisations.organisations():
            if kind not in found:
                found[kind] = Organisation.objects.get(kind=kind, code=code)
        first = example.enterprise() or organisations.first_enterprise()
        if first is not None:
            code, name = first
            made, _ = Organisation.objects.get_or_create(
                kind=roles.ENTERPRISE,
                code=code,
                defaults={"title": name, "parent": found[roles.CITY]},
            )
            found[roles.ENTERPRISE] = made
        return found
