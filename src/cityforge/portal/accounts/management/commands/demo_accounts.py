"""The organisations of the newest run's city, and one account a role: for demo mode alone."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from cityforge.portal import analytics
from cityforge.portal.accounts import actions, demo, roles
from cityforge.portal.accounts.models import Organisation, User


class Command(BaseCommand):
    help = "演示账号 · accounts of demo mode"

    @transaction.atomic
    def handle(self, *args: object, **options: object) -> None:
        if not settings.DEMO:
            raise CommandError("只用于演示模式 · demo mode only: CITYFORGE_DEMO=1")
        newest = analytics.newest()
        if newest is None or not newest.simulated:
            raise CommandError("演示账号只用于模拟城市 · a simulated city is needed")
        first = self._organisations(newest)
        for name, title in demo.ACCOUNTS:
            role = name.replace("-", "_")
            if User.objects.filter(username=name).exists():
                continue
            user = User.objects.create_user(name, demo.PASSWORD, name=f"演示{title}")
            kind = roles.BELONGS[role][0]
            actions.grant(user, first[kind], role, by=None)
        self.stdout.write("演示账号已就绪 · demo accounts stand")

    def _organisations(self, newest: analytics.Newest) -> dict[str, Organisation]:
        """Each district, park and bureau, and one enterprise; the first of each kind."""
        place = newest.snapshot.city.place
        city = self._one(roles.CITY, place.id, place.title, place.title_en, None)
        found = {roles.CITY: city}
        for district in place.districts:
            made = self._one(roles.DISTRICT, district.id, district.title, district.title_en, city)
            found.setdefault(roles.DISTRICT, made)
        for park in place.parks:
            made = self._one(roles.PARK, park.id, park.title, park.title_en, city)
            found.setdefault(roles.PARK, made)
        for unit in newest.snapshot.city.units.values():
            if unit.kind == "bureau":
                made = self._one(roles.BUREAU, unit.id, unit.title, unit.title_en, city)
                found.setdefault(roles.BUREAU, made)
        row = newest.snapshot.table("enterprises").slice(0, 1).to_pylist()[0]
        found[roles.ENTERPRISE] = self._one(roles.ENTERPRISE, row["uscc"], row["name"], "", city)
        return found

    def _one(
        self, kind: str, code: str, title: str, title_en: str, parent: Organisation | None
    ) -> Organisation:
        made, _ = Organisation.objects.get_or_create(
            kind=kind, code=code, defaults={"title": title, "title_en": title_en, "parent": parent}
        )
        return made
