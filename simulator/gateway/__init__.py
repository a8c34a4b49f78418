"""Gateways and serial lines that answer in the real protocols.

Touches sockets and pseudo-terminals.
"""
