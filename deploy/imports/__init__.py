"""Reading other people's files into seeds, and nothing else: no HTTP, no database, no output.

Each source has one `read(...)` that returns rows for the services and a list of problems; whoever calls it
loads the rows and shows the problems. Shared here: `tables` (CSV with line numbers), `report` (what was
wrong, where and what was done about it) and `messages` (full texts to go with cases that come without one).
"""
