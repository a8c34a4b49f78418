"""Alerts: which alarms leave the site, by which outlet, to whom; and the outbox that they wait in. Pure rules.

May use what resources are; knows nothing of the alarms themselves, of devices, and of what an outlet does.
"""
