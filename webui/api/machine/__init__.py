"""Routes of the machine: clock, network, system information, OpenAPI.

Touches webui.model and messages.
"""
