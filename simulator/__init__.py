"""The outside world: plants, devices, gateways and faults, in the real protocols.

Touches the core and the device maps; nobody imports it.
"""
