"""HTTP inside the application: callers, cookies, permissions, errors, static files.

Touches Bottle; nothing of the site.
"""
