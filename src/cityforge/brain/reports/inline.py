"""Files set inside a page: as they stand, unable to end their own element, named by their hash."""

import base64
import hashlib

from markupsafe import Markup


def inline(text: str) -> Markup:
    """A file of ours or a vendor's as it stands; it must not be able to end its own element."""
    lowered = text.lower()
    if "</script" in lowered or "</style" in lowered or "<!--" in lowered:
        raise ValueError("an inlined file must not hold </script, </style or <!--")
    return Markup(text)  # our own files and the vendor's, never data


def hash_of(script: Markup) -> str:
    """The policy entry that lets exactly this script run, and no other."""
    digest = base64.b64encode(hashlib.sha256(str(script).encode()).digest()).decode("ascii")
    return f"'sha256-{digest}'"
