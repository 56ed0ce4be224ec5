"""Petitions: what residents report, and what became of it."""
