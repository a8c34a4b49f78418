"""The process among others: signals, log, memory, boot guard, NTP.

Touches the operating system; nothing of ours.
"""
