"""One side of a charging station by itself: the lease of its set-point, its charge from plug to unplug.

Deterministic, and below the rules of sharing: it knows no other station.
"""
