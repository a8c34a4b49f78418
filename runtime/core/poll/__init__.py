"""When to read what: schedule, time-outs, freshness, statistics and trace of a bus.

Deterministic: no threads, no I/O; the time comes as an argument.
"""
