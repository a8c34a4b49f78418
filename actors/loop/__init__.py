"""The actor that owns the process's event loop: it runs in a thread of its own and is started anew like any actor.

Touches threads; knows no service.
"""
