"""Use cases: read, let the domain decide, write row, change and event together."""
