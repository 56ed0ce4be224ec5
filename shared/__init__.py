"""What all services share: a pure kernel, the contracts between them, and infrastructure."""
