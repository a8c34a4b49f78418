"""The rules, a room a subject.

Deterministic: the standard library without time, threads, sockets.
"""
