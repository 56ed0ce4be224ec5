"""Directory: who is responsible for which building."""
