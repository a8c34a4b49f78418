"""Recorded values: rows of a cycle, blocks of four weeks, retention.

Written in the recorder's transaction only.
"""
