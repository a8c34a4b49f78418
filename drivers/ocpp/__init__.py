"""The plugin ``ocpp``: charging stations that call in, versions 1.6J and 2.0.1; nobody else imports its libraries.

A session is one connection, on the event loop; a line is what a bus asks, in its own thread. They meet in ``Callers``.
"""
