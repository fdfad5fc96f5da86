"""A policy pushed to a dozen enterprises, by inbox and e-mail; the portal is killed meanwhile."""

from collections import Counter
from pathlib import Path

import policies_city
import pyarrow.parquet as pq
from django.conf import settings
from django.utils import timezone
from portal_works import asked, signed_in, somebody, worker

from cityforge.portal.accounts import roles
from cityforge.portal.accounts.models import Organisation, User
from cityforge.portal.campaigns import states
from cityforge.portal.campaigns.models import Campaign
from cityforge.portal.notices.models import Consent, Dispatch, Notice
from cityforge.portal.notices.posting import Letter

ENTERPRISES = 12
LETTERS = Path(settings.HOME) / "letters.txt"  # what left: no database takes it back
settings.CONNECTORS = settings.CONNECTORS | {"email": "portal_push.Posted"}
settings.CITY = Path(settings.HOME) / "lanhe"  # the one with policies
settings.NOTICES_QUIET_HOURS = (0, 0)


class Posted:
    """Writes the address of each letter at the end of a file."""

    def __enter__(self) -> "Posted":
        return self

    def __exit__(self, *_: object) -> None:
        return

    def send(self, letter: Letter) -> None:
        with LETTERS.open("a") as file:
            file.write(f"{letter.to}\n")


class Push:
    def lay_out(self) -> None:
        runs = policies_city.made(Path(settings.HOME))
        assert runs == Path(settings.SNAPSHOTS)
        city = Organisation.objects.create(kind=roles.CITY, code="lanhe", title="兰河市")
        somebody("analyst", city, roles.ANALYST)
        (file,) = runs.glob("2025*/tables/policy_matches.parquet")
        entitled = [r["uscc"] for r in pq.read_table(file).to_pylist() if _is_entitled(r)]
        for number, code in enumerate(entitled[:ENTERPRISES]):
            own = Organisation.objects.create(kind=roles.ENTERPRISE, code=code, title=code)
            somebody(f"admin{number}", own, roles.ENTERPRISE_ADMIN)
            by = User.objects.get(username=f"admin{number}")
            Consent.objects.create(
                organisation=own, channel="email", address=f"{code}@lanhe.example", asked_by=by,
                agreed_by=by, agreed_at=timezone.now(),
            )  # fmt: skip

        officer = signed_in("analyst")
        chosen = {"policy": "lh_tax", "who": ["eligible"], "channel": ["email"], "asked": 1}
        page = officer.get("/push/new/", chosen).content.decode()
        seen = {name: _hidden(page, name) for name in ("run", "count")}
        asked(officer, "/push/send/", **chosen | seen)

    def do(self) -> None:
        worker()

    def finish(self) -> None:
        worker()
        for _ in range(4):
            one = Campaign.objects.get()
            if one.state == states.SENT:
                break
            asked(signed_in("analyst"), f"/push/{one.pk}/go-on/")
            worker()
        assert Campaign.objects.get().state == states.SENT
        assert Notice.objects.count() == ENTERPRISES
        letters = Dispatch.objects.filter(channel="email").exclude(reason="no_account")
        found = Counter(letters.values_list("state", flat=True))
        assert found["sent"] + found["unsure"] == ENTERPRISES and found["unsure"] <= 1, found

    def look(self) -> None:
        """Nobody was told twice; what says that it arrived did."""
        left = Counter(LETTERS.read_text().split() if LETTERS.exists() else [])
        assert set(left.values()) <= {1}, left
        for one in Dispatch.objects.filter(state="sent"):
            if one.channel == "email":
                assert left[f"{one.code}@lanhe.example"] == 1
            else:
                assert Notice.objects.filter(organisation__code=one.code).count() == 1
        told = Dispatch.objects.filter(state="sent", channel="inbox").count()
        assert Notice.objects.count() == told
        for address in left:
            code = address.partition("@")[0]
            row = Dispatch.objects.get(code=code, channel="email")
            assert row.state in ("sending", "sent", "unsure")


def _is_entitled(row: dict[str, object]) -> bool:
    return (row["policy"], row["answer"]) == ("lh_tax", "eligible")


def _hidden(page: str, name: str) -> str:
    return page.partition(f'name="{name}" value="')[2].partition('"')[0]
