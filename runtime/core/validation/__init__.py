"""What an installation may be: rules on labels, devices, bills and the whole.

Deterministic: a tree in, faults out.
"""
