"""Infrastructure: the database, the bus, the web frame, storage, logs. Imports none of the services."""
