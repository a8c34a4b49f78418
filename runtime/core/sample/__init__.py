"""Samples from readings: sampling at the edges, aggregation, redating; EN 50160.

Deterministic: no threads, no I/O, no clock.
"""
