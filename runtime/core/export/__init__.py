"""What leaves the box in files: what is asked for, and energy in quarters of an hour.

Deterministic: no threads, no I/O, no clock.
"""
