"""What was done to a thing, as it is shown."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from shared.infra.web.types import Named


class HistoryItem(BaseModel):
    """One thing that was done, in which `role`. `facts` are ids, days, figures and what a name was before."""

    at: datetime
    action: str
    version: int
    role: str
    by: Named | None
    facts: dict[str, Any]


def example(action: str, facts: dict[str, Any], version: int = 2, role: str = "community_admin") -> dict[str, Any]:
    """A history of one line, for the documentation."""
    by = {"id": "01932f09-0002-7d0e-9a53-2f3c1d1c8a11", "name": "阿依古丽"}
    line = {"at": "2026-03-02T01:00:00Z", "action": action, "version": version, "role": role, "by": by, "facts": facts}
    return {"items": [line], "next_cursor": None}


class History(BaseModel):
    """A page of what was done to a thing, newest first."""

    items: list[HistoryItem]
    next_cursor: str | None
