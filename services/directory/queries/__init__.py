"""Every read that callers see: one statement each, which builds the JSON inside PostgreSQL."""
