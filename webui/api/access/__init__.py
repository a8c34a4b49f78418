"""Routes of sessions, users, tokens, rights, certificates and the first set-up.

Touches webui.access and webui.model.
"""
