"""What is done in the background for one's own consents: the code that proves an address."""

from django.utils import timezone
from django_tasks import task

from cityforge.portal.notices import letters, posting
from cityforge.portal.notices.models import Consent
from cityforge.portal.notices.posting import NotSent


@task()
def post_code(pk: int) -> None:
    """Send the code of a consent, at most once; why it could not be sent stands with it."""
    fresh = Consent.objects.filter(pk=pk, posted_at=None, ended_at=None)
    if not fresh.update(posted_at=timezone.now()):
        return
    consent = Consent.objects.get(pk=pk)
    try:
        with posting.connector(consent.channel) as connector:
            connector.send(letters.proof(consent))
    except NotSent as error:
        said = str(error) or type(error).__name__
        Consent.objects.filter(pk=pk).update(trouble=said[:200])
