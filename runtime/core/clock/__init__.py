"""Local time: intervals, hours, days; whether the clock can be trusted.

Deterministic: the time comes as an argument.
"""
