"""Calls between services: the token that admits them, and the trail that lets them be followed."""

from shared.infra.auth import service_token
from shared.infra.web.frame import CURRENT


def internal_headers(key: str, service: str) -> dict[str, str]:
    """Headers of a call that `service` makes; the request id and trace are those of the request that led to it."""
    headers = {"authorization": f"Bearer {service_token(key, service)}"}
    trail = CURRENT.get()
    if trail is not None:
        headers |= {"x-request-id": trail.request_id, "traceparent": trail.traceparent}
    return headers
