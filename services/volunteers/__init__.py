"""Volunteers: openings, service records and the points ledger."""
