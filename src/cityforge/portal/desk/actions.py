"""What is kept of who took a list out."""

from django.db import transaction

from cityforge.portal.accounts import actions as accounts
from cityforge.portal.accounts import permissions
from cityforge.portal.accounts.models import User
from cityforge.portal.audit import actions as audit


@transaction.atomic
def taken(by: User, figure: str, place: str) -> None:
    """Leave word of the enterprises behind a figure, taken as a file. Raises NotAllowed."""
    permissions.check(by, "desk.view")
    narrowed = {"district": place} if place else {}
    audit.record(
        "desk.taken", **accounts.said_by(by), kind="figure", about=figure, form="csv", **narrowed
    )
