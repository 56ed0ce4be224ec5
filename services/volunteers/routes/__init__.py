"""HTTP in and out only: parse, call one action or query, answer. One file per noun."""
