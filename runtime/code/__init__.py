"""Every code of an error or event, once: what it is, what is said of it, and which status an answer has with it.

Imports nothing of the program; whoever makes an error or event is checked against it.
"""
