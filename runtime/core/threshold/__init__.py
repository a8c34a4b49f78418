"""Thresholds of measures: what is configured, and whether it is passed. Pure rules.

May use quantities, views and what resources are; knows nothing of alarms.
"""
