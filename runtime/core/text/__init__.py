"""Names and TOML as text: tidying, line numbers, typed tables.

Deterministic: nothing below it but errors.
"""
