"""Compaction, backups and checks: what the archive needs by night and on demand.

Touches the store, jobs in child processes and views; never the wire.
"""
