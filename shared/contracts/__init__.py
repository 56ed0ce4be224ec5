"""What services promise each other: event payloads and feed rows, one file per publisher, additive only."""
