"""Whose energy an interval is: dated assignments to loads and groups, tariffs, never-falling totals.

Deterministic: no threads, no I/O, no clock.
"""
