"""How a view names the action it is; one that names none is refused to everybody."""

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


def needs(action: str) -> Callable[[View], View]:
    """Mark a view with its action in the table of permissions (`accounts.permissions`)."""

    def marked(view: View) -> View:
        view.action = action  # type: ignore[attr-defined]
        return view

    return marked
