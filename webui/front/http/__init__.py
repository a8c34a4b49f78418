"""Heads and bodies of HTTP/1.1: limits, what is refused, what is passed on.

Deterministic: bytes in, verdicts out.
"""
