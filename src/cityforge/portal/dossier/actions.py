"""What is kept of who took a file out."""

from django.db import transaction

from cityforge.portal.accounts import actions as accounts
from cityforge.portal.accounts import permissions
from cityforge.portal.accounts.models import User
from cityforge.portal.audit import actions as audit


@transaction.atomic
def taken(by: User, uscc: str) -> None:
    """Leave word of a PDF that was taken. Raises NotAllowed."""
    permissions.check(by, "dossier.view")
    audit.record("dossier.taken", **accounts.said_by(by), kind="enterprise", about=uscc, form="pdf")
