"""Device maps: rows, commands, labels, and what is wrong with them.

Deterministic: tables in, maps or faults out.
"""
