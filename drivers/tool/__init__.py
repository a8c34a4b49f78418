"""Programs beside the server: read, scan, record, the generated pages of docs.

Touches lines, maps and the core; no actor, no store.
"""
