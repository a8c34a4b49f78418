"""The listening socket of the OCPP server."""

from __future__ import annotations

import socket

from runtime.errors import LinkDown

BACKLOG = 128


def listen(host: str, port: int) -> socket.socket:
    """Bound and listening; ``::`` takes IPv4 as well. Raises LinkDown ocpp_port_unfit with the machine's reason."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if host == "::":
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    try:
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        listener.close()
        raise LinkDown("ocpp_port_unfit", f"OCPP server: {host} port {port}: {error}") from None
    return listener
