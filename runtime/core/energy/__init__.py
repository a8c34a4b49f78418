"""Energy from indexes: ledger, meter exchange, corrections, EN 50160.

Deterministic: no threads, no I/O, no clock.
"""
