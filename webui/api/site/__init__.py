"""Routes of the installation: resources, settings, tariffs, transfer, scan.

Touches webui.model and messages.
"""
