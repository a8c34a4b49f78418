"""What people see: pages and the API.

Touches messages, views and the store's read side; no device, no actor class, no LMDB.
"""
