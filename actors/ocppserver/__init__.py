"""The owner of the OCPP server: its port, its service on the event loop, and what is told of the stations.

Whom a bus asks is found in ``drivers.callers``; nothing of a station's messages is known here.
"""
