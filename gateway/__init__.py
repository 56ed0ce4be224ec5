"""One front door: limits, routing to the services, the first screen in one call. Owns no data."""
