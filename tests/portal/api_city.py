"""A system that asks the API: an account with a token, and what it sends."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from cityforge.portal.accounts.models import User
from cityforge.portal.api import actions
from cityforge.portal.api.scopes import SCOPES

ROOT = "/api/v1"


class System:
    """An account's program, with a token of some uses (all of them without)."""

    def __init__(self, user: User, uses: Iterable[str] = tuple(SCOPES)) -> None:
        ends = timezone.localdate() + timedelta(days=30)
        self.user = user
        self.token, self.secret = actions.make(user, "test", uses, expires=ends)
        self.client = Client()

    @property
    def header(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}"}

    def get(self, path: str, asked: dict[str, Any] | None = None, **headers: str) -> Any:
        return self.client.get(f"{ROOT}{path}", asked, headers=self.header | headers)

    def post(self, path: str, body: Any = None, **more: Any) -> Any:
        if body is not None:
            more |= {"data": body, "content_type": "application/json"}
        return self.client.post(f"{ROOT}{path}", headers=self.header, **more)

    def every(self, path: str, limit: int, **asked: Any) -> list[Any]:
        """A list stretch by stretch, as `next` leads."""
        items, offset = [], 0
        while True:
            page = self.get(path, {**asked, "limit": limit, "offset": offset}).json()
            items += page["items"]
            if page["next"] is None:
                assert len(items) == page["total"]
                return items
            offset += limit
            assert f"offset={offset}" in page["next"]
