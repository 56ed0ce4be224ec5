"""Use cases: read with version, ask the domain, write row, history, outbox and idempotency key in one statement."""
