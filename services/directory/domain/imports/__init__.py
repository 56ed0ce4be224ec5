"""Files of areas: what stands in them, and everything that is wrong with it, by line or pointer.

`csv_file` and `geojson` read what a file says, `settle` holds it against the tree. Nothing here stores anything.
"""
