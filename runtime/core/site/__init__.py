"""The installation as one frozen tree: its schema, differences, assignments and zone.

Deterministic: trees in, trees out.
"""
