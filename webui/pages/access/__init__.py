"""Pages of logins, users and security.

Touches webui.model; no API module.
"""
