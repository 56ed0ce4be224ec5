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


class History(BaseModel):
    """A page of what was done to a thing, newest first."""

    items: list[HistoryItem]
    next_cursor: str | None
