"""Versions of everything that is kept, and the steps from each to the next.

Plain values only; imported by the rest of the store and importing nothing of it.
"""
