"""The event loop of the process: one thread, and services that live on it and are restarted alone.

Touches asyncio, threads and views; knows no service by name.
"""
