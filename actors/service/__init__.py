"""Actors of the server as a whole: access, installation, machine, scanner, timers.

Touches the core, the store's objects and drivers.machine; never the wire.
"""
