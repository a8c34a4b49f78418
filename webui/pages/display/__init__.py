"""Pages that show: home, consumptions, devices, history.

Touches webui.model; no API module.
"""
