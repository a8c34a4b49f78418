"""The queue of heavy work: one job at a time, in a niced child process that is killed at its deadline.

Touches child processes and views; never the wire or the store.
"""
