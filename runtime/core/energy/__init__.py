"""Energy from indexes: ledger, meter exchange, corrections.

Deterministic: no threads, no I/O, no clock.
"""
