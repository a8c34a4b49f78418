"""The HTTP server: the front, the page server behind it, their restarts.

Touches sockets and threads; no page.
"""
