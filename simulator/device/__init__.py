"""Simulated devices: their registers, panels, stations.

Encodes by itself; decodes nothing.
"""
