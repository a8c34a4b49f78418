"""Charging: an actor for each side of a station, and one that shares the current among them.

They read views and command devices through their gateways; the rules stand in ``runtime/core/charging``.
"""
