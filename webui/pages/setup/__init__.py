"""Pages that configure: gateways, devices, the site, bills, the machine.

Touches webui.model; no API module.
"""
