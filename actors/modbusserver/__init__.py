"""The Modbus TCP server: an actor that publishes register images, and a service on the event loop that answers.

Touches sockets, asyncio, the event loop and the read side of the store; decodes nothing of any device.
"""
