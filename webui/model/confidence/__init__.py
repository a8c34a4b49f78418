"""What speaks for a device's energy and what against it, as the page and the API show it.

Touches webui.model and the store's read side.
"""
