"""Consumption as pages and API show it: what is asked for, its figures, and the same in JSON.

Touches the store's read side through the bridge.
"""
