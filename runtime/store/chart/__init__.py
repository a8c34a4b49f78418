"""Consumptions for charts and tables, read from the bins.

Reads only.
"""
