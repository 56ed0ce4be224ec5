"""A person who speaks to the API; every successful answer is validated against the answer its route declares."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from tests.support.contract import check_answer


@dataclass(frozen=True, slots=True)
class Person:
    """Calls the API with their token."""

    name: str
    id: UUID
    token: str
    client: httpx.AsyncClient

    async def call(self, method: str, path: str, **how: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.token}", **how.pop("headers", {})}
        answer = await self.client.request(method, path, headers=headers, **how)
        check_answer(method, path.split("?")[0], answer)
        return answer

    async def get(self, path: str, **how: Any) -> httpx.Response:
        return await self.call("GET", f"/api/v1{path}", **how)

    async def post(self, path: str, body: Any = None, **how: Any) -> httpx.Response:
        content = {} if "files" in how or "content" in how else {"json": {} if body is None else body}
        return await self.call("POST", f"/api/v1{path}", **content, **how)
