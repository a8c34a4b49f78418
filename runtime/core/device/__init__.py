"""A device at work: its values, identity, commands and permits.

Deterministic: no threads, no I/O, no clock.
"""
