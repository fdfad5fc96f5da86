"""The accounts of demo mode: one a role, shown on the sign-in page, in a made-up city only."""

from cityforge.portal.accounts import roles

PASSWORD = "demo-of-cityforge"
# User name -> role; names say what they are.
ACCOUNTS: tuple[tuple[str, str], ...] = tuple(
    (role.replace("_", "-"), title.zh) for role, title in roles.ROLES.items()
)
