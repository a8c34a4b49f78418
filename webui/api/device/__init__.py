"""Routes of one device: live values, test, commands, bus trace.

Touches webui.model and messages.
"""
