"""What evaluations tell the apps above them, which connect in their `AppConfig.ready`."""

from django.dispatch import Signal

# A ruling stands in the journal, or one was withdrawn there: `scheme`, `objection`, `outcome`, `by`
# (the user). Sent inside the act's transaction; a receiver that fails changes nothing of it. What a
# receiver returns is told to who ruled.
ruled = Signal()
WITHDRAWN = "withdrawn"  # beside the outcomes of a ruling
