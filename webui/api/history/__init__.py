"""Routes of what was recorded: consumption, records, corrections, archive.

Touches webui.model and messages.
"""
