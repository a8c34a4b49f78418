"""Registers, requests, unit ids and addresses on the wire.

Deterministic: no sockets here.
"""
