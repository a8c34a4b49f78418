"""Certificates and TLS contexts.

Touches files and a child process; no request.
"""
