"""Prometheus metrics: few, with bounded labels, and never a person's data in one."""

from prometheus_client import Counter, Gauge, Histogram

REQUESTS = Histogram(
    "linli_request_seconds",
    "Time from the first byte to the last.",
    ["app", "method", "route", "status"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
OUTBOX_WAITING = Gauge("linli_outbox_waiting", "Events that wait to be published.", ["service"])
EVENTS_PUBLISHED = Counter("linli_events_published_total", "Events published to the bus.", ["service"])
EVENTS_CONSUMED = Counter("linli_events_consumed_total", "Events taken from the bus.", ["consumer", "outcome"])
