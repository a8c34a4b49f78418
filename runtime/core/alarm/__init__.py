"""Alarms: which conditions of the site are one, and what becomes of it. Pure rules.

May use what is configured, what devices measure, and views. Touches no clock, no store and no actor.
"""
