"""Queries of the internal routes."""

from pydantic import BaseModel, ConfigDict, Field

from services.directory.queries.changes import PAGE


class ChangesQuery(BaseModel):
    """Where to go on in the change feed."""

    model_config = ConfigDict(extra="forbid")

    after: str = Field(default="", max_length=50, description="`next` of the page before; empty: from the start.")
    limit: int = Field(default=PAGE, ge=1, le=PAGE, description="Changes a page.")
