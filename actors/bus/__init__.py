"""One actor a connection: it runs the poll schedule and is the only one that waits for the wire.

Touches a line of drivers and its own mailbox; decodes nothing.
"""
