"""Every read that clients see: one statement each, whose JSON is made by PostgreSQL."""
