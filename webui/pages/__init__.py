"""Pages, a room an area; their templates stand in webui/templates.

Touches webui.model; no API module.
"""
