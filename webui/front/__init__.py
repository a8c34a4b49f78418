"""The front: all that reaches from a network comes through here before anything else sees it.

TLS, heads and bodies of requests with their deadlines and limits, names that the server knows itself by. What is left
goes to the page server, each request over a fresh connection of its own.
"""
