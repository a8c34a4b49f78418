"""Pages of charging: who charges with what and why others wait, sessions, and Green'Up configuration.

Touches webui.model; no API module.
"""
