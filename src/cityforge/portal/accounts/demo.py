"""The accounts of demo mode: one a role, shown on the sign-in page, in a made-up city only."""

from cityforge.brain.errors import Text
from cityforge.portal.accounts import roles

PASSWORD = "demo-of-cityforge"
# User name -> role; names say what they are.
ACCOUNTS: tuple[tuple[str, Text], ...] = tuple(
    (role.replace("_", "-"), title) for role, title in roles.ROLES.items()
)
