"""Users, sessions, codes and the delays between wrong tries.

Deterministic: no threads, no I/O, no clock.
"""
