"""Charging stations share the current of their circuits: areas, steps, waiting list, safe currents.

Deterministic: settings, state and measurements in, decisions out. Currents are in mA, times monotonic ms.
"""
