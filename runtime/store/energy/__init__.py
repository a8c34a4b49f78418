"""Ledgers, bins, corrections and recomputation in LMDB.

Written in the recorder's transaction only.
"""
