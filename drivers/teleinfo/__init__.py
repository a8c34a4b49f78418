"""The plugin ``teleinfo``: meters that speak by themselves in France, on a serial port or behind a converter.

It stands on ``drivers.api`` and the rules in ``runtime/core/tic``, as a package of somebody else would.
"""
