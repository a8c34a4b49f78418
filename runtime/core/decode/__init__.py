"""A device map compiled: read plan, decoder groups, derived values.

Deterministic: registers in, counts of steps out.
"""
