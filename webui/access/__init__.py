"""Who calls: the guard of all routes and the client of the access actor.

Touches messages, views and the vault.
"""
