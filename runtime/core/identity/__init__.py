"""What a device is: which models it may be, and whether it is the one that was configured.

Deterministic: answers in, verdicts out.
"""
