"""Every message between actors, a file a subject; each says who tells whom.

Frozen dataclasses of core types; nothing else.
"""
