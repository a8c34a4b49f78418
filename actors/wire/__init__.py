"""One thread for all network lines and for the actors that only compute: it reads their mailboxes and waits for all.

Touches the poller of drivers and the private side of actors.
"""
