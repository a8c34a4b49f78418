"""Samples from readings: sampling at the edges, aggregation, redating.

Deterministic: no threads, no I/O, no clock.
"""
