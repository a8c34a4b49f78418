"""What is known of the devices on a wire without looking at it: whose answer may still come, and how long each rests.

Deterministic: no threads, no I/O; the time comes as an argument.
"""
