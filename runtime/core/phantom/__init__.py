"""Energy that was booked and cannot have been used: what an index, its jumps, edits and power prove of the past.

Deterministic; knows intervals of one counter, no store and no map.
"""
