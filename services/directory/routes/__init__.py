"""HTTP in and out only: parse, call one query, answer."""
