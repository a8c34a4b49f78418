"""What pages and API both need: the bridge to views and store, asking actors, view models.

Touches messages, views and the store's read side.
"""
