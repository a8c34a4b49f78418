"""A site that is played: devices on gateways, faults, history, control.

Touches all of the simulator.
"""
