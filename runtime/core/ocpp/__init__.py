"""OCPP: what stations that call in tell of their connectors, the profiles that limit them, and who may charge.

Deterministic: messages of both versions come in as plain values, and leave as plain values.
"""
